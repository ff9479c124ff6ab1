"""Counts of few customers stay out of a release, and so does what would give them away.

Which columns count customers is tagged in dbt (`config.meta` of a column): `counts_customers` on a
count, with `total` and `within` where the counts of a table add up; `suppressed_with: <count>` on
what is hidden with it. A count from 1 to one below the smallest group becomes NULL. Where counts
add up, the next greater ones are hidden too, until there are two at least and they hold a smallest
group together: a single hidden count would be what is missing to the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.duckdb_sql import quote_name

SUPPRESSED = "is_suppressed"


@dataclass(frozen=True)
class Count:
    """A column that counts customers.

    Attributes:
        hides: the columns that are NULL where it is.
        total: the column with the sum of it over the rows of one `within`; None: they overlap.
        within: the column whose rows the total is of.
    """

    column: str
    hides: tuple[str, ...] = ()
    total: str | None = None
    within: str | None = None


def without_small_groups(rows: str, counts: Sequence[Count], key: Sequence[str], least: int) -> str:
    """SQL of these rows with counts of fewer than `least` customers hidden, and a mark of it."""
    if not counts or least < 2:
        return rows
    flags = {count.column: quote_name(f"_{count.column}_is_few") for count in counts}
    computed = ", ".join(
        f"coalesce({_is_hidden(count, key, least)}, false) as {flags[count.column]}"
        for count in counts
    )
    hidden = [
        f"case when not {flags[count.column]} then {quote_name(column)} end as {quote_name(column)}"
        for count in counts
        for column in (count.column, *count.hides)
    ]
    hidden.append(f"{' or '.join(flags.values())} as {SUPPRESSED}")
    return (
        f"select * exclude ({', '.join(flags.values())}) replace ({', '.join(hidden)})"
        f" from (select *, {computed} from ({rows}) as counted)"
    )


def _is_hidden(count: Count, key: Sequence[str], least: int) -> str:
    """SQL: whether a row's count is hidden. The hidden ones of a total are the smallest in it."""
    column = quote_name(count.column)
    is_few = f"{column} between 1 and {least - 1}"
    if count.total is None or count.within is None:
        return is_few
    together = f"partition by {quote_name(count.within)}, {column} > 0"
    order = ", ".join([column, *map(quote_name, key)])
    smaller = f"over ({together} order by {order} rows between unbounded preceding and 1 preceding)"
    adds_up = (
        f"sum({column}) over (partition by {quote_name(count.within)}) = {quote_name(count.total)}"
    )
    return (
        f"{is_few} or ({column} > 0 and {adds_up} and bool_or({is_few}) over ({together})"
        # The smallest, with nothing before it, and those with too few hidden before them.
        f" and coalesce(sum({column}) {smaller}, 0) < {least})"
    )
