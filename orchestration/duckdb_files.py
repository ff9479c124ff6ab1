"""DuckDB as a writer of files: what history and releases have in common."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.engine_errors import values_kept_back

# DuckDB's own row group: a reader's threads each take whole groups. The bytes depend on it.
ROW_GROUP_ROWS = 122_880


@contextmanager
def working_connection(
    spill_in: Path, config: Mapping[str, str] | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, to attach files to. What does not fit in memory spills to `spill_in`.

    `config` holds DuckDB settings such as {"threads": "2", "memory_limit": "4GB"}. Errors of the
    engine quote no values.
    """
    # Beside the result, where the space is; by itself DuckDB would spill into the folder that the
    # process happens to stand in.
    with (
        values_kept_back(),
        tempfile.TemporaryDirectory(dir=spill_in, prefix="spill-") as spill,
        duckdb.connect(
            ":memory:",
            config={**(config or {}), "temp_directory": spill, "preserve_insertion_order": True},
        ) as con,
    ):
        # The run says what it is doing; DuckDB's own bar would write over it.
        con.execute("set enable_progress_bar = false")
        yield con


def attach_read_only(con: duckdb.DuckDBPyConnection, database: Path, name: str) -> None:
    """Attach a DuckDB file under `name`, without the right to change it."""
    con.execute(f"attach {quote_text(database)} as {quote_name(name)} (read_only)")


def write_ordered_parquet(con: duckdb.DuckDBPyConnection, rows: str, order: str, file: Path) -> int:
    """Write the rows of a query, ordered, as Parquet; returns how many there are.

    Equal rows give equal bytes, on any number of threads and in whatever order they were computed,
    as long as `order` leaves no two rows equal that differ. Not yet on the disk: fsync is the
    committer's.
    """
    return write_parquet(con, f"select * from ({rows}) order by {order}", file)


def write_parquet(con: duckdb.DuckDBPyConnection, rows: str, file: Path) -> int:
    """Write the rows of a query as Parquet, in the order that the query gives; returns how many.

    Of a `working_connection`, a table that was written in order is read in order: to sort its wide
    rows once more would take longer than to write them.
    """
    copied = con.execute(
        f"copy ({rows}) to {quote_text(file)} "
        f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
    ).fetchone()
    return int(copied[0]) if copied else 0
