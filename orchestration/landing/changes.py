"""What of an answer is new: rows that are as they landed do not land again, deleted ones do once.

A source that is asked answers with an overlap, or with everything it has. A row is known when it
equals the last landed version of its key, and refused when a person rejected a load that had it. A
deletion lands as the last landed version of the row, marked as deleted: so it is the later version
of the two, whatever the row's own `updated_at`, and a row that comes back is later again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.landing.receipts import Load
from orchestration.sources.engine import Resources, confined
from orchestration.sources.reading import Reading
from orchestration.sources.remote import RemoteRows
from orchestration.sources.rows import PARQUET
from orchestration.sources.sql import identifier, literal


def keep_changes(
    reading: Reading,
    answer: Path,
    target: Path,
    earlier: Sequence[Load],
    refused: Sequence[Load],
    resources: Resources,
) -> int:
    """Write into `target` what of `answer` is new beside `earlier` loads; return how many rows.

    Args:
        earlier: committed loads of the same entry and mapping, by sequence.
        refused: loads of the same entry and mapping that a person rejected.
    """
    rows, table = reading.rows, reading.found.table
    assert isinstance(rows, RemoteRows)
    key = [name for name in table.key if name in reading.plan.columns]
    sources = [reading.plan.sources[name] for name in key if name in reading.plan.sources]
    present, deleted = rows.present(sources), rows.deleted(sources)
    paths = [answer, target, *(load.path for load in (*earlier, *refused))]
    columns: list[str] = []

    def prepare(engine: duckdb.DuckDBPyConnection) -> None:
        engine.execute(f"create view answer as from {_read([answer])}")
        described = engine.execute("describe answer").fetchall()
        columns.extend(name for name, *_ in described if name != "_row")
        _view_landed(engine, "landed", earlier, columns)
        _view_landed(engine, "refused", refused, columns)
        if present is not None:
            _view_keys(engine, "present", reading, key, present)
        if deleted is not None:
            _view_keys(engine, "deleted", reading, key, deleted)

    with confined(resources, paths, prepare) as engine:
        parts = [_changed(columns, key)]
        if present is not None:
            is_there = _exists("present", "landed", key)
            parts.append(_marked(columns, key, f"not {is_there}", deleted=True))
            if "is_deleted" in reading.plan.constants:
                parts.append(_marked(columns, key, is_there, deleted=False))
        if deleted is not None:
            is_gone = _exists("deleted", "landed", key)
            parts.append(_marked(columns, key, is_gone, deleted=True))
        union = " union all ".join(f"({part})" for part in parts)
        numbered = (
            f"select row_number() over () as _row, {_listed(columns)}"
            f" from (select * from ({union}) order by all)"
        )
        copy = f"copy ({numbered}) to {literal(str(target))} ({PARQUET})"
        (count,) = engine.execute(copy).fetchone() or (0,)
    return int(count)


def _changed(columns: Sequence[str], key: Sequence[str]) -> str:
    """SQL of the rows that differ from the last landed version of their key."""
    return f"""
        with versions as (
            select * from landed where {_exists("answer", "landed", key)}
            qualify version = max(version) over (partition by {_listed(key)})
        )
        select {_listed(columns)} from answer
        where not {_exists("versions", "answer", columns)}
        and not {_exists("refused", "answer", columns)}
    """


def _marked(columns: Sequence[str], key: Sequence[str], which: str, *, deleted: bool) -> str:
    """SQL of the last landed version of these keys, where it is not so marked, with the new mark.

    A row that is back is in the answer as a rule; one with an old cursor is known by its key alone.
    """
    mark, before = ("'true'", "is distinct from 'true'") if deleted else ("'false'", "= 'true'")
    marked = ", ".join(
        f"{mark} as is_deleted" if name == "is_deleted" else identifier(name) for name in columns
    )
    return f"""
        with last_versions as (
            select {_listed(key)}, max(version) as version from landed
            where {which} and not {_exists("answer", "landed", key)}
            group by {_listed(key)}
        )
        select {marked} from landed
        where {_exists("last_versions", "landed", [*key, "version"])}
        and landed.is_deleted {before}
        qualify row_number() over (partition by {_listed(key)} order by _row) = 1
    """


def _view_landed(
    engine: duckdb.DuckDBPyConnection, name: str, loads: Sequence[Load], columns: Sequence[str]
) -> None:
    """A view over landed rows: the columns of the answer, `_row`, and `version`, later is more."""
    if not loads:
        nothing = ", ".join(f"cast(null as varchar) as {identifier(name)}" for name in columns)
        numbers = "cast(null as bigint) as version, cast(null as bigint) as _row"
        engine.execute(f"create view {name} as select {nothing}, {numbers} where false")
        return
    files = _read([load.path for load in loads])
    there = {column for column, *_ in engine.execute(f"describe from {files}").fetchall()}
    chosen = ", ".join(
        identifier(column) if column in there else f"cast(null as varchar) as {identifier(column)}"
        for column in columns
    )
    engine.execute(
        f"create view {name} as select {chosen}, file_index as version, _row from {files}"
    )


def _view_keys(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    reading: Reading,
    key: Sequence[str],
    batches: Iterator[pa.RecordBatch],
) -> None:
    """A table of keys as the source has them, mapped as the rows are."""
    plan = reading.plan
    sources = [plan.sources[column] for column in key if column in plan.sources]
    positions = [reading.rows.columns.index(column) for column in sources]
    schema = pa.schema([(f"c{position}", pa.string()) for position in positions])
    renamed = (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in batches)
    engine.register("given", pa.RecordBatchReader.from_batches(schema, renamed))
    mapped = ", ".join(f"{plan.expressions[column]} as {identifier(column)}" for column in key)
    engine.execute(
        f"create temp table {name} as select distinct {mapped}"
        " from (select *, cast(null as varchar) as _malformed from given)"
    )
    engine.unregister("given")


def _exists(relation: str, beside: str, columns: Sequence[str]) -> str:
    """SQL: a row of `relation` has the same values in these columns as the row of `beside`."""
    same = " and ".join(
        f"{relation}.{identifier(name)} is not distinct from {beside}.{identifier(name)}"
        for name in columns
    )
    return f"exists (select 1 from {relation} where {same})"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(identifier, columns))


def _read(paths: Sequence[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
