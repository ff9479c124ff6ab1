"""What the models read, as tables and views of a Spark session."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.canonical import canonical_tables
from orchestration.duckdb_sql import quote_text
from orchestration.history import committed_days
from orchestration.inputs.decided import (
    EVALUATION_COLUMNS,
    HISTORY_COLUMNS,
    evaluation_files,
)
from orchestration.inputs.landed import supplied
from orchestration.landing import Load, committed_loads
from orchestration.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Columns = Mapping[str, str]
SPARK_TYPES = {"VARCHAR": "STRING", "INTEGER": "INT", "TIMESTAMP": "TIMESTAMP_NTZ"}
GLOB = re.compile(r"[*?\[\]{},\\]")
OF_THE_FILES = ("_row", "_malformed")


def hand_over(settings: Settings, session: SparkSession) -> None:
    """Make every input that stands in the warehouse file known to the session.

    Raw loads and history are read where they lie, by the executors. The others are small, and are
    written as Parquet beside the tables.
    """
    with duckdb.connect(settings.warehouse, read_only=True) as warehouse:
        for schema, table in _small_tables(warehouse):
            file = settings.spark / "inputs" / schema / f"{table}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            warehouse.execute(f"copy {schema}.{table} to {quote_text(file)} (format parquet)")
            session.sql(f"create table {schema}.{table} using parquet location '{file}'")
        for table in canonical_tables():
            loads = committed_loads(settings.landing, table)
            _show_landed(session, table, _columns(warehouse, "landing", table), loads)
        day = _day(warehouse)
        commits = [one for one in committed_days(settings.history) if one.as_of < day]
        decided = {
            name: [commit.path / f"{name}.parquet" for commit in commits]
            for name in HISTORY_COLUMNS
        }
        found_out = {
            name: evaluation_files(settings.history, name, until=day) for name in EVALUATION_COLUMNS
        }
        for name, files in (decided | found_out).items():
            columns = _columns(warehouse, "history", name)
            _show_files(session, f"history.{name}", columns, files)


def _day(warehouse: duckdb.DuckDBPyConnection) -> date:
    row = warehouse.execute("select as_of_date from landing.run_parameters").fetchone()
    assert row is not None
    assert isinstance(row[0], date)
    return row[0]


def _small_tables(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return warehouse.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where schema_name in ('landing', 'history', 'policy')"
        " and table_name not like 'files_of_%' and table_name not in ('built', 'built_loads')"
    ).fetchall()


def _columns(warehouse: duckdb.DuckDBPyConnection, schema: str, relation: str) -> Columns:
    described = warehouse.execute(f"describe {schema}.{relation}").fetchall()
    return {name: SPARK_TYPES.get(kind, kind) for name, kind, *_ in described}


def _show_files(
    session: SparkSession, relation: str, columns: Columns, files: Iterable[Path]
) -> None:
    """A table over exactly these files; a column that a file lacks is NULL."""
    listed = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
    # One pattern with an alternative for each file.
    paths = ",".join(GLOB.sub(r"\\\g<0>", str(file).lstrip("/")) for file in files)
    where = f" using parquet options (path '/{{{paths}}}')" if paths else ""
    session.sql(f"create table {relation} ({listed}){where}")


def _show_landed(
    session: SparkSession, table: str, columns: Columns, loads: Sequence[Load]
) -> None:
    """The landed rows of a table, each with what is known of its load: see `inputs.landed`."""
    own = {
        name: kind
        for name, kind in columns.items()
        if not name.startswith("_") or name in OF_THE_FILES
    }
    _show_files(session, f"landing.files_of_{table}", own, [load.path for load in loads])
    named = ", ".join(f"{supplied(f'files.`{name}`', name, loads)} as `{name}`" for name in own)
    # The folder of a load begins with its number.
    sequence = "cast(split_part(split_part(files._metadata.file_path, '/', -2), '-', 1) as bigint)"
    session.sql(
        f"create view landing.{table} as select loads.load_id as _load_id,"
        " loads.sequence as _sequence, loads.is_superseded as _superseded,"
        f" loads.entry as _entry, loads.shares_keys as _shared_keys, {named}"
        f" from landing.files_of_{table} as files"
        f" join landing.loads as loads on {sequence} = loads.sequence"
    )
