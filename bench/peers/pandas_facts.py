"""Customer facts by pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.peers.columns import AGES, COLUMNS, PRIOR
from bench.peers.pandas_staging import customers, orders, refunds

MONTH_AND_DAY = "%m%d"


def customer_facts(landing: Path, as_of: date) -> pa.Table:
    """One row per customer, ordered by id; decimals as whole numbers of their last digit."""
    day = pd.Timestamp(as_of)
    events = orders(landing)
    known = customers(landing).set_index("customer_id")
    of_orders = _of_orders(events[events["order_date"] <= day], day)
    of_refunds = _of_refunds(refunds(landing), events, day)
    is_there = known["created_at"].isna() | (known["created_at"].dt.normalize() <= day)
    described = known.index[is_there | known.index.isin(of_refunds.index)]
    everybody = of_orders.index.union(described)
    facts = pd.concat(
        [
            part.reindex(everybody)
            for part in (
                known,
                of_orders,
                of_refunds,
                _of_days(events, day),
                _referrals(known, of_orders, day),
            )
        ],
        axis="columns",
    )
    _derive(facts, day)
    facts.index.name = "customer_id"
    return pa.Table.from_pandas(facts[list(COLUMNS)].sort_index().reset_index())


def _of_orders(placed: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Sums and counts of the orders of each customer."""
    amount, age = placed["amount"], (day - placed["order_date"]).dt.days
    is_purchase, is_credit = (
        placed["is_counted"] & (amount > 0),
        placed["is_counted"] & (amount < 0),
    )
    year = is_purchase & (age < 365)
    parts = {}
    for suffix, (first, last) in AGES.items():
        within = age.between(first, last or np.inf)
        parts[f"order_count{suffix}"] = (is_purchase & within).astype("int64")
        parts[f"gross_amount{suffix}"] = _only(amount, is_purchase & within)
        parts[f"credit{suffix}"] = _only(-amount, is_credit & within)
    parts["gross_prior"] = _only(amount, is_purchase & age.between(*PRIOR))
    parts["credit_prior"] = _only(-amount, is_credit & age.between(*PRIOR))
    parts["cost_amount_365d"] = _only(placed["cost_amount"], year)
    parts["uncosted"] = _only(amount, year & placed["cost_amount"].isna())
    parts["discount"] = _only(placed["discount_amount"], year)
    parts["promoted"] = (year & placed["has_promotion"]).astype("int64")
    found = pd.DataFrame(parts).groupby(placed["customer_id"]).sum()
    dates = placed[is_purchase].groupby("customer_id")["order_date"].agg(["min", "max"])
    return found.join(dates.set_axis(["first_order_date", "last_order_date"], axis="columns"))


def _of_refunds(refunds: pd.DataFrame, events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Sums of the refunds of each customer, by the order where they name nobody."""
    is_named = refunds["customer_id"].notna()
    found = refunds[~is_named].drop(columns="customer_id")
    found = found.merge(events[["order_id", "customer_id"]], on="order_id")
    attributed = pd.concat([refunds[is_named], found])
    attributed = attributed[attributed["refund_date"] <= day]
    age = (day - attributed["refund_date"]).dt.days
    windows = {f"refund{suffix}": ages for suffix, ages in AGES.items()} | {"refund_prior": PRIOR}
    parts = {
        name: _only(attributed["amount"], age.between(first, last or np.inf))
        for name, (first, last) in windows.items()
    }
    return pd.DataFrame(parts).groupby(attributed["customer_id"]).sum()


def _of_days(events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What the days on which a customer bought tell, and the gaps between them."""
    bought = events["is_counted"] & (events["amount"] > 0) & (events["order_date"] <= day)
    days = events.loc[bought, ["customer_id", "order_date"]].drop_duplicates()
    days = days.sort_values(["customer_id", "order_date"])
    is_same = days["customer_id"] == days["customer_id"].shift()
    days["gap"] = days["order_date"].diff().dt.days.where(is_same)
    days["within_year"] = (day - days["order_date"]).dt.days < 365
    days["returned"] = days["order_date"].where(days["gap"] > 365)
    by_customer = days.groupby("customer_id")
    days["is_on_cycle"] = days["gap"] <= 2 * by_customer["gap"].transform("median")
    found = days.groupby("customer_id").agg(
        order_day_count=("order_date", "size"),
        order_day_count_365d=("within_year", "sum"),
        return_date=("returned", "max"),
        gap_sum=("gap", "sum"),
        gap_count=("gap", "count"),
        median=("gap", "median"),
        on_cycle=("is_on_cycle", "sum"),
    )
    found["mean_gap_days"] = _ratio(found["gap_sum"], found["gap_count"])
    found["median_gap_days"] = (found["median"] * 10**8).astype("Int64")
    on_cycle = found["on_cycle"].where(found["on_cycle"] > 0)
    found["on_cycle_share"] = _ratio(on_cycle, found["gap_count"])
    return found


def _referrals(known: pd.DataFrame, of_orders: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """How many customers each has referred within the year."""
    first = of_orders["first_order_date"].reindex(known.index)
    since = known["created_at"].dt.normalize().fillna(first)
    is_within = (day - since).dt.days.between(0, 364)
    referrer = known["referrer_id"][is_within & (known["referrer_id"] != known.index)]
    counts: pd.Series[int] = referrer.groupby(referrer).size()
    return counts.to_frame("referral_count_365d")


def _derive(facts: pd.DataFrame, day: pd.Timestamp) -> None:
    """Every fact, from what was counted and summed."""
    silent = ["order_day_count", "order_day_count_365d", "uncosted", "discount", "promoted"]
    silent += ["cost_amount_365d", "gross_prior", "credit_prior", "refund_prior"]
    silent += ["referral_count_365d"]
    summed = ("order_count", "gross_amount", "credit", "refund")
    silent += [f"{name}{suffix}" for name in summed for suffix in AGES]
    facts[silent] = facts[silent].fillna(0).astype("int64")
    for suffix in AGES:
        refund = facts[f"credit{suffix}"] + facts[f"refund{suffix}"]
        facts[f"refund_amount{suffix}"] = refund
        facts[f"net_amount{suffix}"] = facts[f"gross_amount{suffix}"] - refund
    prior = facts["gross_prior"] - facts["credit_prior"] - facts["refund_prior"]
    facts["net_amount_prior_180d"] = prior
    _derive_shares(facts)
    for name, event in {"recency_days": "last", "tenure_days": "first"}.items():
        facts[name] = (day - facts[f"{event}_order_date"]).dt.days.astype("Int64")
    birth = facts["birth_date"]
    not_yet = birth.dt.strftime(MONTH_AND_DAY) > day.strftime(MONTH_AND_DAY)
    facts["age_years"] = (day.year - birth.dt.year - not_yet.fillna(False)).astype("Int64")


def _derive_shares(facts: pd.DataFrame) -> None:
    gross, year = facts["gross_amount_365d"], facts["order_count_365d"]
    discount, prior = facts["discount"], facts["net_amount_prior_180d"]
    margin = facts["net_amount_365d"] - facts["cost_amount_365d"]
    facts["margin_amount_365d"] = margin.astype("Int64").where(facts["uncosted"] * 5 <= gross)
    facts["average_order_amount"] = _ratio(facts["gross_amount"] / 1e4, facts["order_count"])
    facts["average_order_amount_365d"] = _ratio(gross / 1e4, year)
    growth = (facts["net_amount_180d"] - prior) / 1e4
    facts["trend_ratio_180d"] = _ratio(growth, prior.clip(lower=0) / 1e4)
    shares = _ratio(discount / 1e4, (gross + discount) / 1e4)
    facts["discount_share_365d"] = shares.where(year >= 3)
    facts["promo_order_share_365d"] = _ratio(facts["promoted"], year).where(year >= 3)


def _only(amount: pd.Series, where: pd.Series) -> pd.Series:
    """Zero elsewhere."""
    return amount.where(where, 0).fillna(0).astype("int64")


def _ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """The quotient in hundred-millionths, by way of twelve digits, as the models round it."""
    quotient = numerator.astype("float64") / denominator.astype("float64").where(denominator != 0)
    size = quotient.abs()
    whole = (size // 1).astype("Int64")
    twelve = (((size % 1) * 10**12 + 0.5) // 1).astype("Int64")
    units = whole * 10**8 + (twelve + 5_000) // 10_000
    return units.where(quotient >= 0, -units)
