"""Counts of few customers stay out of a release, and so does what would give them away.

Which columns count customers is tagged in dbt (`config.meta` of a column): `counts_customers` on a
count, with `within` and `total` where the counts of a table add up, or with `within` and `up_to`
where the greater ones hold the smaller; `suppressed_with: <count>` on what is hidden with it. A
count from 1 to one below the smallest group becomes NULL.

Where counts add up, the next greater ones are hidden too, until there are two at least and they
hold a smallest group together: a single hidden count would be what is missing to the total. Where
the greater ones hold the smaller, their differences are groups. If one of these is small, all these
counts are hidden: some of them, with the sizes of classes beside, might leave just that one over.
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
        within: the columns in which rows agree whose counts belong together.
        total: the column with the sum of it over the rows of one `within`; None: they overlap.
        up_to: the column with the whole that it counts a part of, in steps over one `within`.
    """

    column: str
    hides: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    total: str | None = None
    up_to: str | None = None

    def together(self, *more: str) -> str:
        """SQL: the rows whose counts belong together, and are alike in `more`."""
        return f"partition by {', '.join([*map(quote_name, self.within), *more])}"


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
    added = [*flags.values(), *(_step(count) for count in counts if count.up_to)]
    return (
        f"select * exclude ({', '.join(added)}) replace ({', '.join(hidden)})"
        f" from (select *, {computed} from ({_with_steps(rows, counts)}) as counted)"
    )


def _with_steps(rows: str, counts: Sequence[Count]) -> str:
    """SQL of the rows with how many each count is from the next greater one, or from the whole."""
    steps = ""
    for count in counts:
        if count.up_to:
            column = quote_name(count.column)
            greater = f"order by {column} range between 1 following and unbounded following"
            following = f"min({column}) over ({count.together()} {greater})"
            whole = quote_name(count.up_to)
            steps += f", coalesce({following}, {whole}) - {column} as {_step(count)}"
    return f"select *{steps} from ({rows}) as stepped"


def _step(count: Count) -> str:
    return quote_name(f"_step_from_{count.column}")


def _is_hidden(count: Count, key: Sequence[str], least: int) -> str:
    """SQL: whether a row's count is hidden. The hidden ones of a total are the smallest in it."""
    column = quote_name(count.column)
    is_few = f"{column} between 1 and {least - 1}"
    if count.up_to:
        a_few_apart = f"{_step(count)} between 1 and {least - 1}"
        return f"bool_or({is_few} or {a_few_apart}) over ({count.together()})"
    if count.total is None:
        return is_few
    together = count.together(f"{column} > 0")
    order = ", ".join([column, *map(quote_name, key)])
    smaller = f"over ({together} order by {order} rows between unbounded preceding and 1 preceding)"
    adds_up = f"sum({column}) over ({count.together()}) = {quote_name(count.total)}"
    return (
        f"{is_few} or ({column} > 0 and {adds_up} and bool_or({is_few}) over ({together})"
        # The smallest, with nothing before it, and those with too few hidden before them.
        f" and coalesce(sum({column}) {smaller}, 0) < {least})"
    )
