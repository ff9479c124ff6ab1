"""Taking customers out of what days decided. The other customers' classes stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.duckdb_files import quote_text, write_ordered_parquet
from orchestration.durable import fsync_file, fsync_folder, write_durably
from orchestration.history.commits import RECEIPT
from orchestration.history.keep import INCOMING

__all__ = ["INCOMING", "NAMING", "complete_receipt", "kept_commits", "rewrite"]

# The files of a commit that name customers.
NAMING = ("classes", "changes")


def kept_commits(history: Path) -> Iterator[Path]:
    """The folder of every commit, also of those that a backfill set aside."""
    for receipt in sorted(history.rglob(RECEIPT)):
        yield receipt.parent


def rewrite(con: duckdb.DuckDBPyConnection, commit: Path, name: str, condition: str) -> None:
    """Keep the rows of one file of a commit for which an SQL condition is true."""
    file = commit / f"{name}.parquet"
    building = commit / f".{name}.building"
    rows = f"select * from read_parquet({quote_text(file)}) where {condition}"
    write_ordered_parquet(con, rows, "all nulls first", building)
    fsync_file(building)
    building.replace(file)
    fsync_folder(commit)


def complete_receipt(con: duckdb.DuckDBPyConnection, commit: Path) -> None:
    """Let a commit's receipt tell how many rows its files have, and how many were erased."""
    for leftover in commit.glob(".*.building"):
        leftover.unlink()
    receipt = json.loads((commit / RECEIPT).read_text("utf-8"))
    rows, erased = dict(receipt["rows"]), dict(receipt.get("erased", {}))
    for name in NAMING:
        counted = f"select count(*) from read_parquet({quote_text(commit / f'{name}.parquet')})"
        (left,) = con.execute(counted).fetchone() or (0,)
        if left != rows[name]:
            erased[name] = erased.get(name, 0) + rows[name] - left
            rows[name] = left
    changed = receipt | {"rows": rows, "erased": erased}
    if rows != receipt["rows"]:
        write_durably(commit / RECEIPT, (json.dumps(changed, indent=2) + "\n").encode())
