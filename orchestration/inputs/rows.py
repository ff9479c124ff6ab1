"""Small tables, and views over Parquet files, in a warehouse."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa


def write_rows(
    warehouse: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Make a table anew from rows; `columns` is SQL, such as `scheme varchar, position bigint`."""
    warehouse.execute(f"create or replace table {table} ({columns})")
    if rows:
        arrays = [pa.array(column) for column in zip(*rows, strict=True)]
        names = [str(position) for position in range(len(arrays))]
        warehouse.register("written", pa.table(arrays, names=names))
        warehouse.execute(f"insert into {table} select * from written")
        warehouse.unregister("written")


def first_unreadable(
    warehouse: duckdb.DuckDBPyConnection, paths: Iterable[Path]
) -> tuple[Path, duckdb.Error] | None:
    """The first file that is gone or no Parquet, with the engine's words; None: all can be read."""
    # What fails would end the transaction of the warehouse; a cursor has its own.
    with warehouse.cursor() as cursor:
        for path in paths:
            try:
                cursor.execute("from parquet_file_metadata(?)", [str(path)]).fetchall()
            except duckdb.Error as error:
                return path, error
    return None
