"""Customer facts by polars: one lazy query, run by its streaming engine."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa

from bench.peers.columns import AGES, COLUMNS, PRIOR
from bench.peers.polars_expressions import double, ratio, total, within
from bench.peers.polars_staging import customers, orders, refunds

DAY_OF_YEAR = "%m%d"


def customer_facts(landing: Path, as_of: date) -> pa.Table:
    """One row per customer, ordered by id; decimals as whole numbers of their last digit."""
    events = orders(landing)
    known = customers(landing)
    of_orders = _of_orders(events, as_of)
    of_refunds = _of_refunds(refunds(landing), events, as_of)
    is_there = pl.col("created_at").dt.date().fill_null(as_of) <= as_of
    described = known.filter(is_there).select("customer_id")
    refunded = known.join(of_refunds, on="customer_id", how="semi").select("customer_id")
    everybody = pl.concat([of_orders.select("customer_id"), described, refunded]).unique()
    joined = everybody
    for part in (
        known,
        of_orders,
        of_refunds,
        _of_days(events, as_of),
        _referrals(known, of_orders, as_of),
    ):
        joined = joined.join(part, on="customer_id", how="left")
    facts = _derived(joined, as_of).select("customer_id", *COLUMNS).sort("customer_id")
    return facts.collect(engine="streaming").to_arrow()


def _of_orders(events: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Sums and counts of the orders of each customer."""
    age, amount = pl.col("age"), pl.col("amount")
    is_purchase = pl.col("is_counted") & (amount > 0)
    is_credit = pl.col("is_counted") & (amount < 0)
    year = is_purchase & (age < 365)
    sums = [
        part
        for suffix, (first, last) in AGES.items()
        for part in (
            (is_purchase & within(age, first, last)).sum().alias(f"order_count{suffix}"),
            total(amount, is_purchase & within(age, first, last)).alias(f"gross_amount{suffix}"),
            total(-amount, is_credit & within(age, first, last)).alias(f"credit{suffix}"),
        )
    ]
    placed = events.filter(pl.col("order_date") <= as_of).with_columns(
        age=(pl.lit(as_of) - pl.col("order_date")).dt.total_days()
    )
    return placed.group_by("customer_id").agg(
        *sums,
        first_order_date=pl.col("order_date").filter(is_purchase).min(),
        last_order_date=pl.col("order_date").filter(is_purchase).max(),
        gross_prior=total(amount, is_purchase & within(age, *PRIOR)),
        credit_prior=total(-amount, is_credit & within(age, *PRIOR)),
        cost_amount_365d=total(pl.col("cost_amount"), year),
        uncosted=total(amount, year & pl.col("cost_amount").is_null()),
        discount=total(pl.col("discount_amount"), year),
        promoted=(year & pl.col("has_promotion")).sum(),
    )


def _of_refunds(refunds: pl.LazyFrame, events: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Sums of the refunds of each customer, by the order where they name nobody."""
    by_order = refunds.filter(pl.col("customer_id").is_null()).drop("customer_id")
    named = refunds.filter(pl.col("customer_id").is_not_null())
    found = by_order.join(events.select("order_id", "customer_id"), on="order_id")
    age = pl.col("age")
    attributed = (
        pl.concat([named, found], how="diagonal")
        .filter(pl.col("refund_date") <= as_of)
        .with_columns(age=(pl.lit(as_of) - pl.col("refund_date")).dt.total_days())
    )
    windows = {f"refund{suffix}": ages for suffix, ages in AGES.items()} | {"refund_prior": PRIOR}
    return attributed.group_by("customer_id").agg(
        *(
            total(pl.col("amount"), within(age, first, last)).alias(name)
            for name, (first, last) in windows.items()
        )
    )


def _of_days(events: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """What the days on which a customer bought tell, and the gaps between them."""
    gap, day = pl.col("gap"), pl.col("order_date")
    bought = pl.col("is_counted") & (pl.col("amount") > 0) & (day <= as_of)
    days = events.filter(bought).select("customer_id", "order_date").unique()
    is_same = pl.col("customer_id") == pl.col("customer_id").shift(1)
    gaps = days.sort("customer_id", "order_date").with_columns(
        gap=pl.when(is_same).then((day - day.shift(1)).dt.total_days())
    )
    found = gaps.group_by("customer_id").agg(
        order_day_count=pl.len(),
        order_day_count_365d=((pl.lit(as_of) - day).dt.total_days() < 365).sum(),
        return_date=day.filter(gap > 365).max(),
        gap_sum=gap.sum(),
        gap_count=gap.count(),
        median=gap.median(),
        on_cycle=(gap <= 2 * gap.median()).sum(),
    )
    return found.with_columns(
        mean_gap_days=ratio(pl.col("gap_sum"), pl.col("gap_count")),
        median_gap_days=(pl.col("median") * 10**8).cast(pl.Int64),
        on_cycle_share=ratio(pl.col("on_cycle").replace(0, None), pl.col("gap_count")),
    )


def _referrals(known: pl.LazyFrame, of_orders: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """How many customers each has referred within the year."""
    dated = known.join(
        of_orders.select("customer_id", "first_order_date"), on="customer_id", how="left"
    )
    since = pl.coalesce(pl.col("created_at").dt.date(), "first_order_date")
    within = (pl.lit(as_of) - since).dt.total_days().is_between(0, 364)
    referred = dated.filter((pl.col("referrer_id") != pl.col("customer_id")) & within)
    return referred.group_by(pl.col("referrer_id").alias("customer_id")).agg(
        referral_count_365d=pl.len()
    )


def _derived(joined: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Every fact, from what was counted and summed."""
    silent = [*(f"order_count{suffix}" for suffix in AGES), "order_day_count", "uncosted"]
    silent += [
        f"{name}{suffix}" for name in ("gross_amount", "credit", "refund") for suffix in AGES
    ]
    silent += ["order_day_count_365d", "cost_amount_365d", "discount", "referral_count_365d"]
    silent += ["gross_prior", "credit_prior", "refund_prior"]
    refunded = [
        (pl.col(f"credit{suffix}") + pl.col(f"refund{suffix}")).alias(f"refund_amount{suffix}")
        for suffix in AGES
    ]
    net = [
        (pl.col(f"gross_amount{suffix}") - pl.col(f"refund_amount{suffix}")).alias(
            f"net_amount{suffix}"
        )
        for suffix in AGES
    ]
    prior = pl.col("gross_prior") - pl.col("credit_prior") - pl.col("refund_prior")
    summed = joined.with_columns(pl.col(silent).fill_null(0)).with_columns(
        *refunded, net_amount_prior_180d=prior
    )
    return summed.with_columns(*net).with_columns(*_shares(), *_ages(as_of))


def _shares() -> Sequence[pl.Expr]:
    gross, year, prior = (
        pl.col(name) for name in ("gross_amount_365d", "order_count_365d", "net_amount_prior_180d")
    )
    margin = pl.col("net_amount_365d") - pl.col("cost_amount_365d")
    is_costed = pl.col("uncosted") * 5 <= gross
    averages = {
        "average_order_amount": (double(pl.col("gross_amount")), pl.col("order_count")),
        "average_order_amount_365d": (double(gross), year),
        "trend_ratio_180d": (
            double(pl.col("net_amount_180d") - prior),
            double(prior.clip(lower_bound=0)),
        ),
    }
    shares = {
        "discount_share_365d": (double(pl.col("discount")), double(gross + pl.col("discount"))),
        "promo_order_share_365d": (pl.col("promoted"), year),
    }
    return [
        pl.when(is_costed).then(margin).alias("margin_amount_365d"),
        *(ratio(*parts).alias(name) for name, parts in averages.items()),
        *(pl.when(year >= 3).then(ratio(*parts)).alias(name) for name, parts in shares.items()),
    ]


def _ages(as_of: date) -> Sequence[pl.Expr]:
    birth = pl.col("birth_date")
    not_yet = birth.dt.strftime(DAY_OF_YEAR) > as_of.strftime(DAY_OF_YEAR)
    days = {"recency_days": "last_order_date", "tenure_days": "first_order_date"}
    return [
        (as_of.year - birth.dt.year() - not_yet.cast(pl.Int64)).alias("age_years"),
        *((pl.lit(as_of) - pl.col(day)).dt.total_days().alias(name) for name, day in days.items()),
    ]
