"""The schema landing of the warehouse: one view over the committed loads of each table."""

from collections.abc import Iterable, Sequence

import duckdb

from orchestration.canonical import CanonicalTable
from orchestration.duckdb_sql import quote_text, rows_of_parquet
from orchestration.inputs.rows import first_unreadable, write_rows
from orchestration.landing import Load, damaged_load
from orchestration.sources.source_file import SourceFile

# What a landing view tells of each row beside the canonical columns.
ROW_COLUMNS = {
    "_load_id": "varchar",
    "_sequence": "bigint",
    "_superseded": "boolean",
    "_row": "bigint",
    "_entry": "varchar",
    "_shared_keys": "boolean",
    "_malformed": "varchar",
}


def write_loads(
    warehouse: duckdb.DuckDBPyConnection, loads: Sequence[Load], source: SourceFile
) -> None:
    """`landing.loads`: one row per committed load; `landing.supplied`: one per supplied column."""
    # An entry that the source file names no more has no say.
    alone = {
        (table, entry.name)
        for table, entries in source.tables.items()
        for entry in entries
        if not entry.shared_keys
    }
    write_rows(
        warehouse,
        "landing.loads",
        "load_id varchar, mapping_sha256 varchar, sequence bigint, table_name varchar,"
        " entry varchar, row_count bigint, erased_count bigint, compacted_count bigint,"
        " is_superseded boolean, shares_keys boolean, rewritten_count bigint",
        [
            (
                load.load_id,
                # An id comes again when the load was removed and its bytes land once more.
                load.mapping_sha256,
                load.sequence,
                load.table,
                load.entry,
                load.rows,
                load.erased_rows,
                load.compacted_rows,
                load.superseded_by is not None,
                (load.table, load.entry) not in alone,
                len(load.rewritten),
            )
            for load in loads
        ],
    )
    supplied = {
        (load.table, column)
        for load in loads
        if load.superseded_by is None
        for column in load.columns
    }
    write_rows(
        warehouse, "landing.supplied", "table_name varchar, column_name varchar", sorted(supplied)
    )


def write_landing_view(
    warehouse: duckdb.DuckDBPyConnection, name: str, table: CanonicalTable, loads: Sequence[Load]
) -> None:
    """One view over loads of a table, each canonical column as text.

    Raises LandingError for a load whose rows cannot be read.
    """
    if unreadable := first_unreadable(warehouse, (load.path for load in loads)):
        raise damaged_load(*unreadable)
    present = {column for load in loads for column in load.columns}
    columns = ", ".join(
        (supplied(f'files."{name}"', name, loads) if name in present else "cast(null as varchar)")
        + f' as "{name}"'
        for name in table.columns
    )
    if not loads:
        empty = ", ".join(f"cast(null as {kind}) as {row}" for row, kind in ROW_COLUMNS.items())
        warehouse.execute(
            f"create or replace view landing.{name} as select {empty}, {columns} where false"
        )
        return
    write_rows(
        warehouse,
        f"landing.files_of_{name}",
        "file_index bigint, load_id varchar",
        [(position, load.load_id) for position, load in enumerate(loads)],
    )
    warehouse.execute(
        f"create or replace view landing.{name} as select loads.load_id as _load_id,"
        " loads.sequence as _sequence, loads.is_superseded as _superseded, files._row,"
        f" loads.entry as _entry, loads.shares_keys as _shared_keys, files._malformed, {columns}"
        f" from {rows_of_parquet(load.path for load in loads)}"
        " as files"
        f" join landing.files_of_{name} as positions"
        " on files.file_index = positions.file_index"
        " join landing.loads as loads on positions.load_id = loads.load_id"
    )


def supplied(value: str, column: str, loads: Iterable[Load]) -> str:
    """SQL of a canonical column of files, NULL in loads (`loads`) that do not supply it.

    Before the column was canonical they may have kept another one of its name.
    """
    others = [quote_text(load.load_id) for load in loads if column in load.extra_columns]
    if not others:
        return value
    return f"case when loads.load_id not in ({', '.join(others)}) then {value} end"
