"""Who keeps buying, by the month of the first purchase; small groups are hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from orchestration.publishing.suppression import Count, without_small_groups

COHORTS = 12
# A cohort is told where it is so many times the smallest group: what it hides is then small.
LEAST_GROUPS = 10
FIRST_BOUGHT = """
select
    cast(date_trunc('month', first_order_date) as date) as cohort, count(*) as customers,
    cast(sum(count(*)) over () as bigint) as buyers, true as is_buyer,
    false as is_suppressed
from customer_facts
where first_order_date is not null
group by cohort
"""
LAST_BOUGHT = """
select
    date_diff('month', first_order_date, last_order_date) as months, count(*) as customers
from customer_facts
where date_trunc('month', first_order_date) = ?
group by months
"""


@dataclass(frozen=True)
class Kept:
    """A share of a cohort; None: hidden. Where it is not exact, few customers are between."""

    share: Decimal | None
    is_exact: bool = True


@dataclass(frozen=True)
class Cohort:
    """Who first bought in a month.

    Attributes:
        kept: by months later, who of them bought then or after.
    """

    month: date
    customers: int
    kept: Sequence[Kept]


def read_cohorts(con: duckdb.DuckDBPyConnection, day: date, least: int) -> list[Cohort]:
    """The latest months of first purchase, the oldest first; those of few customers are left out.

    Only what the facts of `day` tell: when a customer first bought, and when last.
    """
    count = Count("customers", within=("is_buyer",), total="buyers")
    shown = without_small_groups(FIRST_BOUGHT, [count], ["cohort"], least)
    months = con.execute(
        f"select cohort, customers from ({shown}) where customers >= ?"
        " order by cohort desc limit ?",
        [max(1, least * LEAST_GROUPS), COHORTS],
    ).fetchall()
    cohorts = []
    for first, customers in reversed(months):
        lost = dict(con.execute(LAST_BOUGHT, [first]).fetchall())
        until = (day.year - first.year) * 12 + day.month - first.month
        left = [
            customers - sum(lost.get(at, 0) for at in range(later)) for later in range(until + 1)
        ]
        cohorts.append(Cohort(first, customers, kept(left, least)))
    return cohorts


def kept(left: Sequence[int], least: int) -> list[Kept]:
    """The shares of falling counts, the first being all, so that no two tell a small group.

    Counts that are told differ by none or by `least`: a difference is a group, too.
    """
    told, shares = left[0], []
    for count in left:
        is_few = 0 < count < least
        is_exact = not is_few and (told == count or told - count >= least)
        told = count if is_exact else told
        shares.append(Kept(None if is_few else Decimal(told) / left[0], is_exact))
    return shares
