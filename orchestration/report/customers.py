"""What is counted from the rows of customers: money by tenth, RFM scores, cohorts.

The rows are public, but a page goes further than a database does: counts of few customers are
hidden here as they are in the published counts, with what would tell them by subtraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from orchestration.duckdb_files import quote_name
from orchestration.publishing.suppression import Count, without_small_groups

RFM = "rfm"
COHORTS = 12
# A cohort is told where it is so many times the smallest group: what it hides is then small.
LEAST_GROUPS = 10
TENTHS = """
with buyers as (
    select
        net_amount_365d as net,
        row_number() over (order by net_amount_365d desc) as place,
        count(*) over () as buyers
    from customer_facts
    where net_amount_365d > 0
)

-- Equal amounts may be cut apart here: the sums stay the same.
select cast((place - 1) * 10 // buyers as integer) + 1 as tenth, count(*), sum(net)
from buyers
group by tenth
order by tenth
"""
SCORED = """
select
    {scheme} as class, {r} as r, {f} as f, count(*) as customers,
    cast(sum(count(*)) over (partition by {scheme}) as bigint) as in_class,
    false as is_suppressed
from customer_classes
where {scheme} is not null
group by {scheme}, {r}, {f}
"""
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
class Tenth:
    """A tenth of the buyers of 365 days, the first holding the greatest."""

    tenth: int
    customers: int
    net_amount: Decimal
    net_share: Decimal
    net_share_so_far: Decimal


@dataclass(frozen=True)
class Cell:
    """How many customers have two scores (None: hidden), and its shade from 0, nobody, to 4."""

    customers: int | None
    shade: int


@dataclass(frozen=True)
class Scores:
    """Customers by score, the best recency first.

    Attributes:
        columns: the scores of frequency.
        rows: each score of recency, with a cell for each of the columns.
        without: how many customers have a class without having scores; None: hidden.
    """

    columns: Sequence[int] = ()
    rows: Sequence[tuple[int, Sequence[Cell]]] = ()
    without: int | None = 0


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


def read_tenths(con: duckdb.DuckDBPyConnection, least: int) -> list[Tenth]:
    """Buyers by net amount of 365 days, in tenths; none where a tenth is fewer than `least`."""
    rows = con.execute(TENTHS).fetchall()
    if len(rows) < 10 or min(row[1] for row in rows) < least:
        return []
    total, so_far, tenths = sum(row[2] for row in rows), Decimal(0), []
    for tenth, customers, net in rows:
        so_far += net
        tenths.append(Tenth(tenth, customers, net, net / total, so_far / total))
    return tenths


def read_rfm(con: duckdb.DuckDBPyConnection, least: int) -> Scores:
    """Customers by their recency and frequency scores; none without a scheme `rfm` of such scores.

    A count is hidden as the counts of its class demand: those are published, and would tell it.
    """
    names = {name for name, *_ in con.execute("describe customer_classes").fetchall()}
    columns = {"scheme": RFM, "r": f"{RFM}_r", "f": f"{RFM}_f"}
    if not names.issuperset(columns.values()):
        return Scores()
    counted = SCORED.format(**{name: quote_name(column) for name, column in columns.items()})
    count = Count("customers", total="in_class", within="class")
    shown = without_small_groups(counted, [count], ["r", "f"], least)
    rows = con.execute(f"select r, f, customers from ({shown}) order by all").fetchall()
    return _scores(rows)


def _scores(rows: Sequence[tuple[int | None, int | None, int | None]]) -> Scores:
    parts: dict[tuple[int, int], list[int | None]] = {}
    without: list[int | None] = []
    for r, f, customers in rows:
        (without if r is None or f is None else parts.setdefault((r, f), [])).append(customers)
    cells = {place: _sum(counts) for place, counts in parts.items()}
    most = max((count for count in cells.values() if count), default=1)
    columns = sorted({f for _, f in cells})
    return Scores(
        columns=columns,
        rows=[
            (r, [_cell(cells.get((r, f), 0), most) for f in columns])
            for r in sorted({r for r, _ in cells}, reverse=True)
        ],
        without=_sum(without),
    )


def _sum(counts: Sequence[int | None]) -> int | None:
    """What is hidden in a part is hidden in the whole."""
    told = [count for count in counts if count is not None]
    return sum(told) if len(told) == len(counts) else None


def _cell(customers: int | None, most: int) -> Cell:
    return Cell(customers, -(-4 * (customers or 0) // most))


def read_cohorts(con: duckdb.DuckDBPyConnection, day: date, least: int) -> list[Cohort]:
    """The latest months of first purchase, the oldest first; those of few customers are left out.

    Only what the facts of `day` tell: when a customer first bought, and when last.
    """
    count = Count("customers", total="buyers", within="is_buyer")
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
