"""The landed rows by pandas: typed, the unfit left out, one version of each key.

Amounts are read as doubles and rounded to whole numbers of their last digit, which is exact below
2^53 of them: 900,000,000,000 as money, more than any amount here that can be right.
"""

from pathlib import Path

import numpy as np
import pandas as pd

NOBODY = ("cancelled", "test")
KINDS = ("consumer", "business", "channel", "internal")
TEXTS = ("industry", "country", "region", "gender", "income_band", "source_channel", "referrer_id")
CONTENT = [
    *("customer_id", "ordered_at", "amount", "status", "currency", "discount_amount"),
    *("cost_amount", "promo_code", "is_deleted"),
]
EXACT_BELOW = 2.0**53
ORDER = ["order_id", *CONTENT, "updated_at"]


def orders(landing: Path) -> pd.DataFrame:
    """One row per order, in base currency: ten-thousandths."""
    landed = pd.concat(
        _read(folder, ORDER).assign(entry=folder.name.split("-")[1])
        for folder in sorted((landing / "orders").glob("*/"))
    )
    sound = _sound_orders(landed)
    repeated = sound["order_id"].duplicated(keep=False)
    chosen = _chosen_orders(sound[repeated])
    staged = pd.concat([sound[~repeated], chosen]).drop(columns=["entry"])
    staged = staged[~staged["is_deleted"]]
    staged["order_date"] = staged["ordered_at"].dt.normalize()
    rated = staged.merge(
        _rates(landing),
        how="left",
        left_on=["currency", "order_date"],
        right_on=["currency", "rate_date"],
    )
    for name in ("amount", "discount_amount", "cost_amount"):
        rated[name] = _in_base(rated, name)
    rated["is_counted"] = ~rated["status"].isin(NOBODY)
    rated["has_promotion"] = _filled(rated["promo_code"]).notna()
    columns = ["order_id", "customer_id", "order_date", "is_counted", "amount", "has_promotion"]
    return rated.loc[rated["amount"].notna(), [*columns, "discount_amount", "cost_amount"]]


def refunds(landing: Path) -> pd.DataFrame:
    """One row per refund that nothing contradicts."""
    landed = _load(landing, "refunds")
    keys = ["refund_id", "order_id", "customer_id"]
    typed = pd.DataFrame({name: _filled(landed[name]) for name in keys})
    typed["refund_date"] = _moment(landed["refunded_at"])
    typed["amount"] = _units(landed["amount"], 4)
    is_somebodys = typed["order_id"].notna() | typed["customer_id"].notna()
    is_sound = typed[["refund_id", "refund_date"]].notna().all(axis=1) & (typed["amount"] >= 0)
    distinct = typed[is_somebodys & is_sound].drop_duplicates()
    alone = distinct[~distinct["refund_id"].duplicated(keep=False)]
    return alone.assign(refund_date=alone["refund_date"].dt.normalize())


def customers(landing: Path) -> pd.DataFrame:
    """One row per customer that is described."""
    landed = _load(landing, "customers")
    typed = pd.DataFrame({name: _filled(landed[name]) for name in ("customer_id", *TEXTS)})
    typed["party_kind"] = _filled(landed["party_kind"]).str.lower()
    is_sound = typed["customer_id"].notna() & typed["party_kind"].fillna(KINDS[0]).isin(KINDS)
    read = {
        "birth_date": pd.to_datetime(landed["birth_date"], format="%Y-%m-%d", errors="coerce"),
        "household_size": _units(landed["household_size"], 0),
        "credit_score": _units(landed["credit_score"], 8),
        "contract_amount": _units(landed["contract_amount"], 4),
        "is_opted_out": _flag(landed["is_opted_out"]),
        "created_at": _moment(landed["created_at"]),
        "updated_at": _moment(landed["updated_at"]),
        "is_deleted": _flag(landed["is_deleted"]),
    }
    for name, cells in read.items():
        typed[name] = cells
        is_sound &= cells.notna() | _filled(landed[name]).isna()
    # A household of two and a half people is none.
    is_sound &= ~landed["household_size"].str.contains(".", regex=False, na=False)
    distinct = typed[is_sound].drop_duplicates()
    torn = distinct.duplicated(["customer_id", "updated_at"], keep=False)
    newest = distinct[~torn].sort_values("updated_at", ascending=False, kind="stable")
    chosen = newest.drop_duplicates("customer_id")
    return chosen[~chosen["is_deleted"].fillna(False).astype(bool)]


def _load(landing: Path, table: str) -> pd.DataFrame:
    return pd.concat(_read(folder) for folder in sorted((landing / table).glob("*/")))


def _read(folder: Path, columns: list[str] | None = None) -> pd.DataFrame:
    (file,) = folder.glob("*.parquet")
    return pd.read_parquet(file, columns=columns)


def _sound_orders(landed: pd.DataFrame) -> pd.DataFrame:
    """Rows of which every cell can be read."""
    typed = pd.DataFrame({"order_id": landed["order_id"], "entry": landed["entry"]})
    typed["customer_id"] = _filled(landed["customer_id"])
    typed["status"] = _filled(landed["status"]).str.lower().fillna("completed")
    currency = _filled(landed["currency"]).str.upper()
    typed["currency"] = currency.where(currency != "CNY")
    typed["promo_code"] = landed["promo_code"]
    read = {
        "ordered_at": _moment(landed["ordered_at"]),
        "updated_at": _moment(landed["updated_at"]),
        "is_deleted": _flag(landed["is_deleted"]),
        **{name: _units(landed[name], 4) for name in ("amount", "discount_amount", "cost_amount")},
    }
    is_sound = _filled(landed["order_id"]).notna() & typed["customer_id"].notna()
    for name, cells in read.items():
        typed[name] = cells
        is_required = name in ("ordered_at", "amount")
        is_sound &= cells.notna() | (False if is_required else _filled(landed[name]).isna())
    typed["is_deleted"] = typed["is_deleted"].fillna(False).astype(bool)
    return typed[is_sound]


def _chosen_orders(versions: pd.DataFrame) -> pd.DataFrame:
    """The newest version of each order, unless it is contradicted or another entry has its key."""
    entries = versions.groupby("order_id")["entry"].transform("nunique")
    distinct = versions[entries == 1].drop_duplicates(ORDER)
    torn = distinct.duplicated(["order_id", "updated_at"], keep=False)
    newest = distinct[~torn].sort_values("updated_at", ascending=False, kind="stable")
    return newest.drop_duplicates("order_id")


def _rates(landing: Path) -> pd.DataFrame:
    landed = _load(landing, "exchange_rates")
    typed = pd.DataFrame({"currency": _filled(landed["currency"]).str.upper()})
    typed["rate_date"] = pd.to_datetime(landed["rate_date"], format="%Y-%m-%d", errors="coerce")
    typed["rate"] = _units(landed["rate_to_base"], 8)
    return typed[typed["currency"].notna() & typed["rate_date"].notna() & (typed["rate"] > 0)]


def _in_base(rated: pd.DataFrame, name: str) -> pd.Series:
    """Ten-thousandths at the rate of the day, rounded half away from zero; NA if too large."""
    amount, rate = rated[name], rated["rate"]
    fits = (amount.astype("Float64") * rate.astype("Float64")).abs() < 9e18
    product = amount.where(fits) * rate.where(fits)
    magnitude = (product.abs() + 5 * 10**7) // 10**8
    rounded = magnitude.where(product >= 0, -magnitude)
    return amount.where(rated["currency"].isna(), rounded)


def _filled(cells: pd.Series) -> pd.Series:
    trimmed = cells.str.strip(" ")
    return trimmed.where(trimmed != "")


def _moment(cells: pd.Series) -> pd.Series:
    """A time of the company's clock; where an offset stands, it is that of this clock."""
    text = cells.str.removesuffix("+08:00")
    return pd.to_datetime(text, format="%Y-%m-%d %H:%M:%S", errors="coerce")


def _flag(cells: pd.Series) -> pd.Series:
    return cells.map({"true": True, "false": False}).astype("boolean")


def _units(cells: pd.Series, scale: int) -> pd.Series:
    """Whole numbers of the last digit."""
    read = pd.to_numeric(cells, errors="coerce").astype("float64") * 10**scale
    fits = read.abs() < EXACT_BELOW
    return pd.Series(np.where(fits, read, np.nan).round(), cells.index).astype("Int64")
