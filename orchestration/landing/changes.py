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
from orchestration.landing.change_queries import alive, changed, deletions, exists, listed
from orchestration.landing.keys import key_of
from orchestration.landing.receipts import Load
from orchestration.sources.engine import Resources, confined
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.reading import Reading
from orchestration.sources.remote import Question, RemoteRows
from orchestration.sources.rows import PARQUET

# So many may go at once whatever their share.
FEW = 10


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
        query = f"""
            with alive as ({alive(key, flags="is_deleted" in reading.plan.sources)})
            select count(*) from present
            where not {exists("answer", "present", key)}
            and not {exists("alive", "present", key)}
            and not {exists("refused", "present", key)}
        """
        (count,) = engine.execute(query).fetchone() or (0,)
    return bool(count)


def keep_changes(
    reading: Reading, answer: Path, target: Path, known: Known, resources: Resources
) -> int:
    """Write into `target` what of `answer` is new beside what is known; return how many rows.

    Raises SourceError when more rows are gone at once than the entry allows.
    """
    key = key_of(reading)
    with _beside(reading, answer, known, resources, target) as engine:
        columns = _columns(engine)
        whole = isinstance(reading.rows, RemoteRows) and reading.rows.since is None
        parts = [changed(columns, key, whole=whole)]
        assert isinstance(reading.found, Question)
        zone = reading.found.source.timezone
        if known.present is not None:
            _refuse_a_table_being_filled(engine, reading)
            gone = f"not {exists('present', 'landed', key)}"
            parts.append(deletions(columns, key, zone, gone))
        if known.deleted is not None:
            gone = exists("deleted", "landed", key)
            parts.append(deletions(columns, key, zone, gone))
        union = " union all ".join(f"({part})" for part in parts)
        numbered = (
            f"select row_number() over () as _row, {listed(columns)}"
            f" from (select * from ({union}) order by all)"
        )
        copy = f"copy ({numbered}) to {quote_text(target)} ({PARQUET})"
        (count,) = engine.execute(copy).fetchone() or (0,)
    return int(count)


def _refuse_a_table_being_filled(engine: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """What was emptied to be written anew would be deleted here, and published so."""
    assert isinstance(reading.found, Question)
    assert isinstance(reading.found.entry, DatabaseEntry)
    key, allowed = key_of(reading), reading.found.entry.most_deleted
    counted = f"""
        with alive as ({alive(key, flags="is_deleted" in reading.plan.sources)})
        select
            count(*),
            count(*) filter (
                where not {exists("present", "alive", key)} and not {exists("answer", "alive", key)}
            )
        from alive
    """
    known, gone = engine.execute(counted).fetchone() or (0, 0)
    if gone > max(FEW, allowed * known):
        raise reading.found.source.error(
            f"{gone:,} of {known:,} keys are gone at once, more than {allowed:.0%}",
            reading.found.table.name,
            reading.found.entry,
            "deletes",
            expected="If the table was just being filled, run again. If its rows are meant to be "
            "deleted, allow it: most_deleted: 100%",
        )


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


def _view_landed(
    engine: duckdb.DuckDBPyConnection, name: str, loads: Sequence[Load], columns: Sequence[str]
) -> None:
    """A view over landed rows: the columns of the answer and `_row`; `_version`, later is more; and

    `_is_mark`, whether it is the mark of a deletion and the columns of the answer cannot tell.
    """
    if not loads:
        nothing = ", ".join(f"cast(null as varchar) as {quote_name(name)}" for name in columns)
        others = "false as _is_mark, cast(null as bigint) as _version, cast(null as bigint) as _row"
        engine.execute(f"create view {name} as select {nothing}, {others} where false")
        return
    files = rows_of_parquet([load.path for load in loads])
    there = {column for column, *_ in engine.execute(f"describe from {files}").fetchall()}
    chosen = ", ".join(
        quote_name(column) if column in there else f"cast(null as varchar) as {quote_name(column)}"
        for column in columns
    )
    # The entry may look for deleted rows no more.
    is_hidden = "is_deleted" in there and "is_deleted" not in columns
    is_mark = "is_deleted is not distinct from 'true'" if is_hidden else "false"
    engine.execute(
        f"create view {name} as select {chosen}, {is_mark} as _is_mark, file_index as _version,"
        f" _row from {files}"
    )
