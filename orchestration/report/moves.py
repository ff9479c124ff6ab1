"""Who went from which class to which since the run before, as counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.publishing.suppression import Count, without_small_groups

# A person reads so many kinds of move, those of most customers.
MOST_MOVES = 40
COUNTED = """
select
    scheme, from_class, to_class, customers,
    cast(sum(customers) over (partition by scheme) as bigint) as moved,
    false as is_suppressed
from (
    select scheme, from_class, to_class, count(*) as customers
    from class_changes
    where as_of_date = (select as_of_date from release_info)
    group by scheme, from_class, to_class
)
"""
# The counts of a scheme add up to what moved in it.
COUNTS = (Count("customers", within=("scheme",), total="moved"), Count("moved"))


@dataclass(frozen=True)
class Move:
    """Customers that went from one class to another; None: they are few. A class None is none."""

    scheme: str
    from_class: str | None
    to_class: str | None
    customers: int | None


@dataclass(frozen=True)
class Moves:
    """All moves of the day.

    Attributes:
        is_first_day: nothing was decided before, so that there is nothing to compare with.
        customers: how many moved in any scheme; None: few.
        kinds: the moves of most customers, hidden ones last.
        left_out: how many kinds there are besides.
    """

    is_first_day: bool
    customers: int | None
    kinds: Sequence[Move]
    left_out: int


def read_moves(con: duckdb.DuckDBPyConnection, least: int) -> Moves:
    """The moves of the release's day; counts of fewer than `least` customers are hidden."""
    rows = without_small_groups(COUNTED, COUNTS, ("scheme", "from_class", "to_class"), least)
    kinds = [
        Move(*row)
        for row in con.execute(
            f"select scheme, from_class, to_class, customers from ({rows})"
            " order by customers desc nulls last, scheme, from_class nulls first, to_class"
        ).fetchall()
    ]
    return Moves(
        _is_first_day(con), _movers(con, least), kinds[:MOST_MOVES], len(kinds[MOST_MOVES:])
    )


def _movers(con: duckdb.DuckDBPyConnection, least: int) -> int | None:
    (found,) = con.execute(
        "select count(distinct customer_id) from class_changes"
        " where as_of_date = (select as_of_date from release_info)"
    ).fetchone() or (0,)
    return None if 0 < found < least else found


def _is_first_day(con: duckdb.DuckDBPyConnection) -> bool:
    (earlier,) = con.execute(
        "select count(*) from class_history"
        " where as_of_date < (select as_of_date from release_info)"
    ).fetchone() or (0,)
    return not earlier
