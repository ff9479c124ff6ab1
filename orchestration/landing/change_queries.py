"""The SQL by which `changes` compares an answer with what landed.

Over views with the columns of the answer: `answer`, `landed` and `refused`, and of keys alone,
`present` and `deleted`.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.duckdb_sql import quote_name, quote_text


def changed(columns: Sequence[str], key: Sequence[str], *, whole: bool) -> str:
    """SQL of all rows of each key of which one differs from its last landed version.

    All of them, since what lands is the last version then: of a key with several rows the others
    would be new again the next time. And, where the answer is whole, what is left of several: a
    key whose rows contradicted each other is quarantined until what is right lands alone.
    """
    left = f" or {exists('lessened', 'answer', key)}" if whole else ""
    return f"""
        with versions as (
            select * from landed where {exists("answer", "landed", key)}
            qualify _version = max(_version) over (partition by {listed(key)})
        ),
        several as (
            select {listed(key)} from versions group by {listed(key)} having count(*) > 1
        ),
        lessened as (
            select {listed(key)} from versions
            where {exists("several", "versions", key)}
            and not {exists("answer", "versions", columns)}
        ),
        standing as (
            select * from versions where not _is_mark
        ),
        new_rows as (
            select {listed(key)} from answer
            where not {exists("standing", "answer", columns)}
            and not {exists("refused", "answer", columns)}
        )
        select {listed(columns)} from answer
        where ({exists("new_rows", "answer", key)}{left})
        and not {exists("refused", "answer", columns)}
    """


def alive(key: Sequence[str], *, flags: bool) -> str:
    """SQL of the keys that stand. Where the source `flags` deleted rows these are there, too."""
    stands = "true" if flags else "arg_max(is_deleted, _version) is distinct from 'true'"
    return f"select {listed(key)} from landed group by {listed(key)} having {stands}"


def deletions(columns: Sequence[str], key: Sequence[str], zone: str, is_gone: str) -> str:
    """SQL of the greatest landed version of each key that is gone, marked; once for each deletion.

    The greatest as staging orders them, since a deletion that copies a lesser one deletes nothing.
    """
    marked = ", ".join(
        "'true' as is_deleted" if name == "is_deleted" else quote_name(name) for name in columns
    )
    return f"""
        with gone as (
            select {listed(key)} from landed
            where {is_gone} and not {exists("answer", "landed", key)}
            group by {listed(key)}
            having max(_version) = max(_version) filter (where is_deleted is distinct from 'true')
        ),
        moments as (
            select *, {_moments(columns, zone)}
            from landed where {exists("gone", "landed", key)}
        ),
        compared as (
            select *, count(_clock) over (partition by {listed(key)})
            = count(_instant) over (partition by {listed(key)}) as _by_instant
            from moments
        )
        select {marked} from compared
        qualify row_number() over (
            partition by {listed(key)}
            order by if(_by_instant, _instant, _clock) desc nulls last, _version desc, _row desc
        ) = 1
    """


def _moments(columns: Sequence[str], zone: str) -> str:
    """SQL of when a row was updated: the `_instant`, if it names one, and what a `_clock` showed.

    Both NULL when staging cannot read it. See dbt_project/macros/typed.sql.
    """
    text = "updated_at" if "updated_at" in columns else "cast(null as varchar)"
    readable = f"if({text} similar to '[1-9][0-9]{{3}}-.*', {text}, null)"
    instant = (
        f"if(substr({text}, 12) similar to '.*[Z+-].*', try_cast({readable} as timestamptz), null)"
    )
    clock = f"coalesce(timezone({quote_text(zone)}, {instant}), try_cast({readable} as timestamp))"
    return f"timezone('UTC', {instant}) as _instant, {clock} as _clock"


def exists(relation: str, beside: str, columns: Sequence[str]) -> str:
    """SQL: a row of `relation` has the same values in these columns as the row of `beside`."""
    same = " and ".join(
        f"{relation}.{quote_name(name)} is not distinct from {beside}.{quote_name(name)}"
        for name in columns
    )
    return f"exists (select 1 from {relation} where {same})"


def listed(columns: Sequence[str]) -> str:
    """SQL: the columns, by their names."""
    return ", ".join(map(quote_name, columns))
