"""Taking customers out of what days decided. The other customers' classes stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.duckdb_files import write_ordered_parquet
from orchestration.duckdb_sql import quote_text
from orchestration.durable import fsync_file, fsync_folder, write_durably
from orchestration.history.commits import RECEIPT as COMMIT
from orchestration.history.evaluations import RECEIPT as EVALUATION
from orchestration.history.keep import INCOMING

__all__ = ["INCOMING", "complete_receipt", "kept_files", "rewrite"]

CUSTOMER = "customer_id"
# The files of a commit that name customers.
NAMING = ("classes", "changes")


def kept_files(history: Path) -> Iterator[Path]:
    """Every file that names customers, also of commits that a backfill set aside."""
    for receipt in sorted(history.rglob(COMMIT)):
        yield from (receipt.with_name(f"{name}.parquet") for name in NAMING)
    for receipt in sorted(history.rglob(EVALUATION)):
        for file in sorted(receipt.parent.glob("*.parquet")):
            if CUSTOMER in pq.read_schema(file).names:
                yield file


def rewrite(con: duckdb.DuckDBPyConnection, file: Path, condition: str) -> None:
    """Keep the rows of a file for which an SQL condition is true."""
    building = file.with_name(f".{file.stem}.building")
    rows = f"select * from read_parquet({quote_text(file)}) where {condition}"
    write_ordered_parquet(con, rows, "all nulls first", building)
    fsync_file(building)
    building.replace(file)
    fsync_folder(file.parent)


def complete_receipt(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let a receipt tell how many rows the files beside it have, and how many were erased."""
    for leftover in folder.glob(".*.building"):
        leftover.unlink()
    path = folder / (COMMIT if (folder / COMMIT).exists() else EVALUATION)
    receipt = json.loads(path.read_text("utf-8"))
    rows, erased = dict(receipt["rows"]), dict(receipt.get("erased", {}))
    for name in rows:
        counted = f"select count(*) from read_parquet({quote_text(folder / f'{name}.parquet')})"
        (left,) = con.execute(counted).fetchone() or (0,)
        if left != rows[name]:
            erased[name] = erased.get(name, 0) + rows[name] - left
            rows[name] = left
    changed = receipt | {"rows": rows, "erased": erased}
    if rows != receipt["rows"]:
        write_durably(path, (json.dumps(changed, indent=2) + "\n").encode())
