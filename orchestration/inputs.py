"""Write what dbt reads into the warehouse: the landing, the history, the policy and the day.

Everything here is a view over the two places of truth, or small. It makes the warehouse disposable:
delete the file, run again, same result. After it a `dbt build` by hand computes the same day.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.canonical import CanonicalTable, canonical_tables
from orchestration.history import (
    CalibrationOrder,
    Commit,
    committed_days,
    ordered_calibrations,
)
from orchestration.landing import Load, committed_loads
from orchestration.policy import Policy
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile
from orchestration.sources.sql import literal

HISTORY_COLUMNS = {
    "classes": {"customer_id": "varchar", "as_of_date": "date"},
    "cuts": {
        "scheme": "varchar",
        "dimension": "varchar",
        "band": "varchar",
        "bound": "decimal(28, 8)",
        "population": "bigint",
        "reached": "bigint",
        "period": "date",
        "computed_on": "date",
        "reason": "varchar",
        "conditions_hash": "varchar",
    },
    "changes": {
        "customer_id": "varchar",
        "as_of_date": "date",
        "scheme": "varchar",
        "from_class": "varchar",
        "to_class": "varchar",
        "cause": "varchar",
        "is_expected": "boolean",
    },
    "scheme_versions": {"scheme": "varchar", "as_of_date": "date", "conditions_hash": "varchar"},
}

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


def register_inputs(
    settings: Settings, source: SourceFile, policy: Policy, *, as_of: date, run_id: str
) -> None:
    """Write the schemas landing, history and policy of the warehouse for one run of one day.

    History is shown as it was before `as_of`, so that a repeated day decides the same again.
    """
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(settings.warehouse) as warehouse:
        warehouse.execute("begin")
        for schema in ("landing", "history", "policy"):
            warehouse.execute(f"create schema if not exists {schema}")
        _write_loads(warehouse, committed_loads(settings.landing), source)
        for table in canonical_tables().values():
            _write_landing_view(warehouse, table, committed_loads(settings.landing, table.name))
        commits = [commit for commit in committed_days(settings.history) if commit.as_of < as_of]
        for name, columns in HISTORY_COLUMNS.items():
            extra = policy.history_columns() if name == "classes" else {}
            _write_history_view(warehouse, name, columns | extra, commits)
        _write_orders(warehouse, ordered_calibrations(settings.history, until=as_of))
        _write_catalogue(warehouse, policy)
        warehouse.execute(
            "create or replace table landing.run_parameters as select ?::date as as_of_date,"
            " ?::varchar as timezone, ?::varchar as base_currency, ?::varchar as run_id,"
            " ?::varchar as policy_hash, ?::timestamp as started_at,"
            " ?::decimal(9, 8) as max_quarantined_share",
            [
                as_of,
                source.timezone,
                source.base_currency,
                run_id,
                policy.hash,
                datetime.now(UTC).replace(tzinfo=None),
                settings.max_quarantined_share,
            ],
        )
        warehouse.execute("commit")


def _write_loads(
    warehouse: duckdb.DuckDBPyConnection, loads: Sequence[Load], source: SourceFile
) -> None:
    """`landing.loads`: one row per committed load; `landing.supplied`: one per supplied column."""
    sharing = {
        (table, entry.name)
        for table, entries in source.tables.items()
        for entry in entries
        if entry.shared_keys
    }
    _write_rows(
        warehouse,
        "landing.loads",
        "load_id varchar, sequence bigint, table_name varchar, entry varchar, row_count bigint,"
        " is_superseded boolean, shares_keys boolean",
        [
            (
                load.load_id,
                load.sequence,
                load.table,
                load.entry,
                load.rows,
                load.superseded_by is not None,
                (load.table, load.entry) in sharing,
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
    _write_rows(
        warehouse, "landing.supplied", "table_name varchar, column_name varchar", sorted(supplied)
    )


def _write_landing_view(
    warehouse: duckdb.DuckDBPyConnection, table: CanonicalTable, loads: Sequence[Load]
) -> None:
    """One view over every committed load of a table, each canonical column as text."""
    present = {"_row", "_malformed"} | {column for load in loads for column in load.columns}
    columns = ", ".join(
        f'files."{name}"' if name in present else f'cast(null as varchar) as "{name}"'
        for name in table.columns
    )
    if not loads:
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in ROW_COLUMNS.items())
        warehouse.execute(
            f"create or replace view landing.{table.name} as select {empty}, {columns} where false"
        )
        return
    _write_rows(
        warehouse,
        f"landing.files_of_{table.name}",
        "file_index bigint, load_id varchar",
        [(position, load.load_id) for position, load in enumerate(loads)],
    )
    warehouse.execute(
        f"create or replace view landing.{table.name} as select loads.load_id as _load_id,"
        " loads.sequence as _sequence, loads.is_superseded as _superseded, files._row,"
        f" loads.entry as _entry, loads.shares_keys as _shared_keys, files._malformed, {columns}"
        f" from {_read_parquet(load.path for load in loads)}"
        " as files"
        f" join landing.files_of_{table.name} as positions"
        " on files.file_index = positions.file_index"
        " join landing.loads as loads on positions.load_id = loads.load_id"
    )


def _write_history_view(
    warehouse: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    commits: Sequence[Commit],
) -> None:
    """One view over the files of the committed days; a column that no day has yet is NULL."""
    present: set[str] = set()
    reader = ""
    if commits:
        reader = f"from {_read_parquet(commit.path / f'{name}.parquet' for commit in commits)}"
        present = {row[0] for row in warehouse.execute(f"describe select * {reader}").fetchall()}
    chosen = ", ".join(
        f"cast({f'{chr(34)}{column}{chr(34)}' if column in present else 'null'} as {kind})"
        f' as "{column}"'
        for column, kind in columns.items()
    )
    warehouse.execute(
        f"create or replace view history.{name} as select {chosen} {reader or 'where false'}"
    )


def _write_orders(warehouse: duckdb.DuckDBPyConnection, orders: Sequence[CalibrationOrder]) -> None:
    """`history.calibrations`: a row per order and scheme; NULL is every scheme."""
    each = [(order, scheme) for order in orders for scheme in order.schemes or (None,)]
    _write_rows(
        warehouse,
        "history.calibrations",
        "sequence bigint, as_of_date date, scheme varchar, reason varchar",
        [
            (sequence, order.as_of, scheme, order.reason)
            for sequence, (order, scheme) in enumerate(each, start=1)
        ],
    )


def _write_catalogue(warehouse: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    columns = {
        "theme": "varchar",
        "scheme": "varchar",
        "kind": "varchar",
        "enabled": "boolean",
        "sensitive": "boolean",
        "scheme_en": "varchar",
        "scheme_zh": "varchar",
        "scheme_description": "varchar",
        "population": "varchar",
        "position": "bigint",
        "class_code": "varchar",
        "parent_code": "varchar",
        "column_name": "varchar",
        "column_value": "varchar",
        "class_en": "varchar",
        "class_zh": "varchar",
        "aliases": "varchar",
        "group_en": "varchar",
        "group_zh": "varchar",
        "condition": "varchar",
        "share_min": "decimal(9, 6)",
        "share_max": "decimal(9, 6)",
    }
    _write_rows(
        warehouse,
        "policy.catalogue",
        ", ".join(f"{name} {kind}" for name, kind in columns.items()),
        [tuple(row.get(name) for name in columns) for row in policy.catalogue()],
    )


def _write_rows(
    warehouse: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Sequence[tuple[Any, ...]],
) -> None:
    warehouse.execute(f"create or replace table {table} ({columns})")
    if rows:
        arrays = [pa.array(column) for column in zip(*rows, strict=True)]
        names = [str(position) for position in range(len(arrays))]
        warehouse.register("written", pa.table(arrays, names=names))
        warehouse.execute(f"insert into {table} select * from written")
        warehouse.unregister("written")


def _read_parquet(paths: Iterable[Path]) -> str:
    """SQL of the rows of files, by the columns they have: names of folders tell nothing."""
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
