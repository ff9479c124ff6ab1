"""What of an answer is new: rows that are as they landed do not land again, deleted ones do once.

A source that is asked answers with an overlap, or with everything it has. A row is known when it
is in the last landed version of its key, and refused when a person rejected a load that had it. A
deletion lands as the greatest landed version of the row, marked as deleted: so it is the later
version of the two, whatever the row's own `updated_at`, and a row that comes back is later again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import quote_name, quote_text, rows_of_parquet
from orchestration.landing.keys import key_of
from orchestration.landing.receipts import Load
from orchestration.sources.engine import Resources, confined
from orchestration.sources.reading import Reading
from orchestration.sources.remote import RemoteRows
from orchestration.sources.rows import PARQUET


@dataclass(frozen=True)
class Known:
    """What an answer is held against.

    Attributes:
        earlier: committed loads of the same entry and mapping, by sequence.
        refused: loads of the same entry and mapping that a person rejected.
        present: keys that the source has; None when it was not asked. See `spool_keys`.
        deleted: keys that the source says it deleted; None when it cannot say.
    """

    earlier: Sequence[Load]
    refused: Sequence[Load]
    present: Path | None = None
    deleted: Path | None = None


def overlooks(reading: Reading, answer: Path, known: Known, resources: Resources) -> bool:
    """Whether the source has a key that `answer` lacks, and that is not known or is deleted.

    Its row came in, or came back, with a cursor behind the position from which was read.
    """
    if known.present is None:
        return False
    with _beside(reading, answer, known, resources) as engine:
        key = key_of(reading)
        # A row that is flagged as deleted is still there.
        flags = "is_deleted" in reading.plan.sources
        counts = "true" if flags else "arg_max(is_deleted, version) is distinct from 'true'"
        query = f"""
            with alive as (
                select {_listed(key)} from landed group by {_listed(key)} having {counts}
            )
            select count(*) from present
            where not {_exists("answer", "present", key)}
            and not {_exists("alive", "present", key)}
            and not {_exists("refused", "present", key)}
        """
        (count,) = engine.execute(query).fetchone() or (0,)
    return bool(count)


def keep_changes(
    reading: Reading, answer: Path, target: Path, known: Known, resources: Resources
) -> int:
    """Write into `target` what of `answer` is new beside what is known; return how many rows."""
    key = key_of(reading)
    with _beside(reading, answer, known, resources, target) as engine:
        columns = _columns(engine)
        whole = isinstance(reading.rows, RemoteRows) and reading.rows.since is None
        parts = [_changed(columns, key, whole=whole)]
        if known.present is not None:
            parts.append(_deletions(columns, key, f"not {_exists('present', 'landed', key)}"))
        if known.deleted is not None:
            parts.append(_deletions(columns, key, _exists("deleted", "landed", key)))
        union = " union all ".join(f"({part})" for part in parts)
        numbered = (
            f"select row_number() over () as _row, {_listed(columns)}"
            f" from (select * from ({union}) order by all)"
        )
        copy = f"copy ({numbered}) to {quote_text(target)} ({PARQUET})"
        (count,) = engine.execute(copy).fetchone() or (0,)
    return int(count)


def _beside(
    reading: Reading, answer: Path, known: Known, resources: Resources, *targets: Path
) -> duckdb.DuckDBPyConnection:
    """An engine with the views `answer`, `landed`, `refused`, and those of the keys there are."""
    keys = {"present": known.present, "deleted": known.deleted}
    files = {"answer": answer} | {name: file for name, file in keys.items() if file}

    def prepare(engine: duckdb.DuckDBPyConnection) -> None:
        for name, file in files.items():
            engine.execute(f"create view {name} as from {rows_of_parquet([file])}")
        columns = _columns(engine)
        _view_landed(engine, "landed", known.earlier, columns)
        _view_landed(engine, "refused", known.refused, columns)

    loads = [load.path for load in (*known.earlier, *known.refused)]
    return confined(resources, [*files.values(), *targets, *loads], prepare)


def _columns(engine: duckdb.DuckDBPyConnection) -> list[str]:
    described = engine.execute("describe answer").fetchall()
    return [name for name, *_ in described if name != "_row"]


def _changed(columns: Sequence[str], key: Sequence[str], *, whole: bool) -> str:
    """SQL of all rows of each key of which one differs from its last landed version.

    All of them, since what lands is the last version then: of a key with several rows the others
    would be new again the next time. And, where the answer is whole, what is left of several: a
    key whose rows contradicted each other is quarantined until what is right lands alone.
    """
    left = f" or {_exists('lessened', 'answer', key)}" if whole else ""
    return f"""
        with versions as (
            select * from landed where {_exists("answer", "landed", key)}
            qualify version = max(version) over (partition by {_listed(key)})
        ),
        several as (
            select {_listed(key)} from versions group by {_listed(key)} having count(*) > 1
        ),
        lessened as (
            select {_listed(key)} from versions
            where {_exists("several", "versions", key)}
            and not {_exists("answer", "versions", columns)}
        ),
        new_rows as (
            select {_listed(key)} from answer
            where not {_exists("versions", "answer", columns)}
            and not {_exists("refused", "answer", columns)}
        )
        select {_listed(columns)} from answer
        where ({_exists("new_rows", "answer", key)}{left})
        and not {_exists("refused", "answer", columns)}
    """


def _deletions(columns: Sequence[str], key: Sequence[str], is_gone: str) -> str:
    """SQL of the greatest landed version of each key that is gone, marked; once for each deletion.

    The greatest as staging orders them, since a deletion that copies a lesser one deletes nothing.
    """
    marked = ", ".join(
        "'true' as is_deleted" if name == "is_deleted" else quote_name(name) for name in columns
    )
    moment = "try_cast(updated_at as timestamptz) desc nulls last, "
    greatest = f"{moment if 'updated_at' in columns else ''}version desc, _row desc"
    return f"""
        with gone as (
            select {_listed(key)} from landed
            where {is_gone} and not {_exists("answer", "landed", key)}
            group by {_listed(key)}
            having max(version) = max(version) filter (where is_deleted is distinct from 'true')
        )
        select {marked} from landed
        where {_exists("gone", "landed", key)}
        qualify row_number() over (partition by {_listed(key)} order by {greatest}) = 1
    """


def _view_landed(
    engine: duckdb.DuckDBPyConnection, name: str, loads: Sequence[Load], columns: Sequence[str]
) -> None:
    """A view over landed rows: the columns of the answer, `_row`, and `version`, later is more."""
    if not loads:
        nothing = ", ".join(f"cast(null as varchar) as {quote_name(name)}" for name in columns)
        numbers = "cast(null as bigint) as version, cast(null as bigint) as _row"
        engine.execute(f"create view {name} as select {nothing}, {numbers} where false")
        return
    files = rows_of_parquet([load.path for load in loads])
    there = {column for column, *_ in engine.execute(f"describe from {files}").fetchall()}
    chosen = ", ".join(
        quote_name(column) if column in there else f"cast(null as varchar) as {quote_name(column)}"
        for column in columns
    )
    engine.execute(
        f"create view {name} as select {chosen}, file_index as version, _row from {files}"
    )


def _exists(relation: str, beside: str, columns: Sequence[str]) -> str:
    """SQL: a row of `relation` has the same values in these columns as the row of `beside`."""
    same = " and ".join(
        f"{relation}.{quote_name(name)} is not distinct from {beside}.{quote_name(name)}"
        for name in columns
    )
    return f"exists (select 1 from {relation} where {same})"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(quote_name, columns))
