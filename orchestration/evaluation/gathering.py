"""The customers of one origin in one narrow table, `known`, of a connection to a panel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.evaluation.origins import CLASSED_ON
from orchestration.evaluation.sums import BUCKETS
from orchestration.policy.values import UNCLASSIFIED, UNKNOWN

# Whoever had no class a month ago.
NONE = ""
BUCKET = f"cast('0x' || substr(md5(facts.customer_id), 1, 8) as bigint) % {BUCKETS}"


def name_codes(con: duckdb.DuckDBPyConnection, schemes: Sequence[str]) -> None:
    """The type `code` of all classes of a panel: two bytes in place of a text, many times over."""
    listed = " union ".join(f"select {quote_name(each)} as code from classes" for each in schemes)
    con.execute(
        "create temp table codes as select code"
        f" from ({listed} union select {quote_text(NONE)}) where code is not null order by code"
    )
    con.execute("create type code as enum (select code from codes)")


def gather(
    con: duckdb.DuckDBPyConnection,
    origin: date,
    earlier: Sequence[date],
    schemes: Sequence[str],
    horizons: Sequence[int],
    numbers: Sequence[str],
) -> None:
    """Make `known`: a row per customer, with the classes, and what followed.

    Its columns: `bucket`; `place` by last year's spend, the greatest first; `amount_<days>` in
    units of 0.0001 and `active_<days>` per horizon; each scheme's class, and those of one and two
    origins before, see `held`, `before` and `first`; each number, see `number`.
    """
    facts = {row[0] for row in con.execute("describe facts").fetchall()}
    of_facts = [each for each in numbers if each in facts]
    of_classes = [each for each in numbers if each not in facts]
    one_before, two_before = (*reversed(earlier), None, None)[:2]
    for day in (origin, one_before, two_before):
        _take_classes(con, day, schemes, of_classes)
    for day in earlier[:-2]:
        con.execute(f"drop table if exists {_classes_of(day)}")
    after = "".join(
        f", cast(o{each}.net_amount * 10000 as bigint) as amount_{each},"
        f" o{each}.is_active as active_{each}"
        for each in horizons
    )
    followed = "".join(
        f" join outcomes as o{each} on o{each}.customer_id = facts.customer_id"
        f" and o{each}.origin = facts.origin and o{each}.horizon_days = {each}"
        for each in horizons
    )
    had = "".join(
        f", coalesce(before.{column}, {quote_text(NONE)}::code) as {before(each)}"
        f", first.{column} as {first(each)}"
        for each, column in zip(schemes, map(held, schemes), strict=True)
    )
    kept = "".join(f", facts.{quote_name(each)} as {number(each)}" for each in of_facts)
    con.execute(
        f"create or replace temp table known as select {BUCKET} as bucket,"
        " row_number() over (order by facts.net_amount_365d desc nulls last,"
        f" md5(facts.customer_id)) as place{after}, now.* exclude (customer_id){had}{kept}"
        f" from facts join {_classes_of(origin)} as now on now.customer_id = facts.customer_id"
        f" left join {_classes_of(one_before)} as before"
        " on before.customer_id = facts.customer_id"
        f" left join {_classes_of(two_before)} as first on first.customer_id = facts.customer_id"
        f"{followed} where facts.origin = ?",
        [origin],
    )


def _take_classes(
    con: duckdb.DuckDBPyConnection,
    origin: date | None,
    schemes: Sequence[str],
    numbers: Sequence[str],
) -> None:
    """As codes before they are joined: joining texts takes many times as long."""
    codes = "".join(f", {_placed(each)}::code as {held(each)}" for each in schemes)
    kept = "".join(f", {quote_name(each)} as {number(each)}" for each in numbers)
    con.execute(
        f"create temp table if not exists {_classes_of(origin)} as"
        f" select customer_id{codes}{kept} from classes where {CLASSED_ON} = ?",
        [origin],
    )


def _classes_of(origin: date | None) -> str:
    """The table of an origin, which the next two need, too; without one it has no row."""
    return quote_name(f"classes of {origin}")


def number(column: str) -> str:
    """Where a column that is kept stands."""
    return quote_name(f"{column} number")


def held(scheme: str) -> str:
    """Where the class stands, whatever the scheme is called: `place` may be one, too."""
    return quote_name(f"{scheme} held")


def before(scheme: str) -> str:
    """Where the class of the origin before stands."""
    return quote_name(f"{scheme} before")


def first(scheme: str) -> str:
    """Where the class of two origins before stands."""
    return quote_name(f"{scheme} first")


def _placed(scheme: str) -> str:
    """SQL of a class, NULL where it has no place in an order."""
    none = ", ".join(map(quote_text, (UNCLASSIFIED, UNKNOWN)))
    return f"case when {quote_name(scheme)} not in ({none}) then {quote_name(scheme)} end"
