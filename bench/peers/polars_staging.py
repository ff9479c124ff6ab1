"""The landed rows by polars: typed, the unfit left out, one version of each key."""

from pathlib import Path

import polars as pl

NOBODY = ("cancelled", "test")
KINDS = ("consumer", "business", "channel", "internal")
TEXTS = ("industry", "country", "region", "gender", "income_band", "source_channel", "referrer_id")
LARGEST = 10**18 - 1
CONTENT = (
    *("customer_id", "ordered_at", "amount", "status", "currency", "discount_amount"),
    *("cost_amount", "promo_code", "is_deleted"),
)


def orders(landing: Path) -> pl.LazyFrame:
    """One row per order, in base currency: ten-thousandths."""
    landed = _landed(landing, "orders")
    repeated = landed.group_by("order_id").len().filter(pl.col("len") > 1)
    sound = _sound_orders(landed)
    once = sound.join(repeated, on="order_id", how="anti")
    chosen = _chosen_orders(sound.join(repeated, on="order_id", how="semi"))
    columns = ["order_id", "updated_at", *CONTENT]
    staged = pl.concat([once.select(columns), chosen.select(columns)])
    rated = staged.filter(~pl.col("is_deleted")).join(
        _rates(landing),
        left_on=["currency", pl.col("ordered_at").dt.date()],
        right_on=["currency", "rate_date"],
        how="left",
    )
    return rated.select(
        "order_id",
        "customer_id",
        pl.col("ordered_at").dt.date().alias("order_date"),
        (~pl.col("status").is_in(NOBODY)).alias("is_counted"),
        *(_in_base(name) for name in ("amount", "discount_amount", "cost_amount")),
        _filled("promo_code").is_not_null().alias("has_promotion"),
    ).filter(pl.col("amount").is_not_null())


def refunds(landing: Path) -> pl.LazyFrame:
    """One row per refund that nothing contradicts."""
    typed = _landed(landing, "refunds").select(
        *(_filled(name) for name in ("refund_id", "order_id", "customer_id")),
        _moment("refunded_at"),
        _units("amount", 4),
    )
    content = ["order_id", "customer_id", "refunded_at", "amount"]
    sound = typed.filter(
        pl.any_horizontal(pl.col("order_id", "customer_id").is_not_null())
        & pl.all_horizontal(pl.col("refund_id", "refunded_at").is_not_null())
        & (pl.col("amount") >= 0)
    )
    distinct = sound.unique(["refund_id", *content])
    alone = distinct.filter(pl.len().over("refund_id") == 1)
    return alone.select(
        "order_id",
        "customer_id",
        pl.col("refunded_at").dt.date().alias("refund_date"),
        pl.col("amount").cast(pl.Int64),
    )


def customers(landing: Path) -> pl.LazyFrame:
    """One row per customer that is described."""
    landed = _landed(landing, "customers")
    typed = landed.filter(_is_sound_customer()).select(
        _filled("customer_id"),
        _filled("party_kind").str.to_lowercase(),
        *(_filled(name) for name in TEXTS),
        _day("birth_date"),
        pl.col("household_size").cast(pl.Int64, strict=False),
        _units("credit_score", 8).cast(pl.Int64),
        _units("contract_amount", 4).cast(pl.Int64),
        _flag("is_opted_out"),
        _moment("created_at"),
        _moment("updated_at"),
        _flag("is_deleted"),
    )
    repeated = typed.group_by("customer_id").len().filter(pl.col("len") > 1)
    versions = typed.join(repeated, on="customer_id", how="semi").unique()
    newest = (
        versions.filter(pl.len().over("customer_id", "updated_at") == 1)
        .sort("updated_at", descending=True)
        .unique("customer_id", keep="first", maintain_order=True)
    )
    once = typed.join(repeated, on="customer_id", how="anti")
    return pl.concat([once, newest]).filter(~pl.col("is_deleted").fill_null(False))


def _landed(landing: Path, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(landing / table / "*" / "*.parquet", include_file_paths="file")


def _sound_orders(landed: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of which every cell can be read."""
    texts = ("discount_amount", "cost_amount", "updated_at", "is_deleted")
    came = landed.with_columns(_filled(name).alias(f"came_{name}") for name in texts)
    typed = came.with_columns(
        _filled("customer_id"),
        *(_moment(name) for name in ("ordered_at", "updated_at")),
        *(_units(name, 4) for name in ("amount", "discount_amount", "cost_amount")),
        _filled("status").str.to_lowercase().fill_null("completed"),
        _filled("currency").str.to_uppercase().replace("CNY", None),
        _flag("is_deleted"),
        _filled("order_id").alias("key"),
    )
    required = pl.all_horizontal(pl.col("key", "customer_id", "ordered_at", "amount").is_not_null())
    read = [pl.col(name).is_not_null() | pl.col(f"came_{name}").is_null() for name in texts]
    return typed.filter(required & pl.all_horizontal(read)).with_columns(
        pl.col("is_deleted").fill_null(False)
    )


def _chosen_orders(versions: pl.LazyFrame) -> pl.LazyFrame:
    """The newest version of each order, unless it is contradicted or another entry has its key."""
    entry = pl.col("file").str.split("/").list.get(-2).str.extract(r"^\d+-(.*)-\w+$")
    from_one = versions.filter(entry.n_unique().over("order_id") == 1)
    distinct = from_one.unique(["order_id", "updated_at", *CONTENT])
    return (
        distinct.filter(pl.len().over("order_id", "updated_at") == 1)
        .sort("updated_at", descending=True, nulls_last=True)
        .unique("order_id", keep="first", maintain_order=True)
    )


def _rates(landing: Path) -> pl.LazyFrame:
    typed = _landed(landing, "exchange_rates").select(
        _filled("currency").str.to_uppercase(), _day("rate_date"), rate=_units("rate_to_base", 8)
    )
    return typed.filter(pl.col("currency").is_not_null() & (pl.col("rate") > 0))


def _in_base(name: str) -> pl.Expr:
    """Ten-thousandths at the rate of the day, rounded half away from zero; NULL if too large."""
    amount = pl.col(name)
    product = amount * pl.col("rate")
    rounded = product.sign() * ((product.abs() + 5 * 10**7) // 10**8)
    found = pl.when(pl.col("currency").is_null()).then(amount).otherwise(rounded)
    return pl.when(found.abs() <= LARGEST).then(found).cast(pl.Int64).alias(name)


def _is_sound_customer() -> pl.Expr:
    """Every cell is empty or can be read."""
    typed = {
        "birth_date": _day("birth_date"),
        "household_size": pl.col("household_size").cast(pl.Int64, strict=False),
        "credit_score": _units("credit_score", 8),
        "contract_amount": _units("contract_amount", 4),
        "is_opted_out": _flag("is_opted_out"),
        "created_at": _moment("created_at"),
        "updated_at": _moment("updated_at"),
        "is_deleted": _flag("is_deleted"),
    }
    kind = _filled("party_kind").str.to_lowercase().fill_null(KINDS[0])
    read = [cell.is_not_null() | _filled(name).is_null() for name, cell in typed.items()]
    return _filled("customer_id").is_not_null() & kind.is_in(KINDS) & pl.all_horizontal(read)


def _filled(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars(" ").replace("", None)


def _moment(name: str) -> pl.Expr:
    """A time of the company's clock; where an offset stands, it is that of this clock."""
    text = pl.col(name).str.strip_suffix("+08:00")
    return text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us").alias(name)


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.to_date("%Y-%m-%d", strict=False)


def _flag(name: str) -> pl.Expr:
    return pl.col(name).replace_strict({"true": True, "false": False}, default=None)


def _units(name: str, scale: int) -> pl.Expr:
    """Whole numbers of the last digit."""
    digits = 18 if scale == 4 else 28
    return pl.col(name).cast(pl.Decimal(digits, scale), strict=False).to_physical()
