"""Customers by their RFM scores.

The rows are public, but a page goes further than a database does: counts of few customers are
hidden here as they are in the published counts, with what would tell them by subtraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.duckdb_sql import quote_name
from orchestration.publishing.suppression import Count, without_small_groups

RFM = "rfm"
# A policy may score in a hundred parts; nobody reads such a map.
MOST_SCORES = 10
SCORED = """
select
    {scheme} as class, {r} as r, {f} as f, count(*) as customers,
    cast(sum(count(*)) over (partition by {scheme}) as bigint) as in_class,
    false as is_suppressed
from customer_classes
where {scheme} is not null
group by {scheme}, {r}, {f}
"""


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


def read_rfm(con: duckdb.DuckDBPyConnection, least: int) -> Scores:
    """Customers by their recency and frequency scores; none without a scheme `rfm` of few scores.

    A count is hidden as the counts of its class demand: those are published, and would tell it.
    """
    names = {name for name, *_ in con.execute("describe customer_classes").fetchall()}
    columns = {"scheme": RFM, "r": f"{RFM}_r", "f": f"{RFM}_f"}
    if not names.issuperset(columns.values()):
        return Scores()
    counted = SCORED.format(**{name: quote_name(column) for name, column in columns.items()})
    count = Count("customers", within=("class",), total="in_class")
    shown = without_small_groups(counted, [count], ["r", "f"], least)
    scores = _scores(con.execute(f"select r, f, customers from ({shown}) order by all").fetchall())
    return scores if max(len(scores.columns), len(scores.rows)) <= MOST_SCORES else Scores()


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
