"""The warehouse as the last run left it, to be read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import quote_name
from orchestration.engines import COMPUTED_ELSEWHERE
from orchestration.run_lock import RunLocked

# Schema and name.
Relation = tuple[str, str]


class NothingBuilt(RuntimeError):
    """There is no warehouse to look into yet."""


def open_built(path: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only. Raises NothingBuilt, or RunLocked while a run writes it."""
    if not path.exists():
        raise NothingBuilt(f"There is no {path} yet. `tiers run` builds it.")
    try:
        return duckdb.connect(path, read_only=True)
    except duckdb.IOException as error:
        raise RunLocked(f"{path} is being written. Look again when the run is done.") from error


def count_rows(warehouse: Path, relations: Iterable[Relation]) -> dict[Relation, int]:
    """Rows of each (schema, table) of the warehouse; to count those of a view is to run it.

    The files that another engine wrote know how many rows they have.
    """
    with duckdb.connect(warehouse, read_only=True) as con:
        tables = set(
            con.execute(
                "select schema_name, table_name from duckdb_tables() union all"
                " select schema_name, view_name from duckdb_views() where comment = ?",
                [COMPUTED_ELSEWHERE],
            ).fetchall()
        )
        return {
            (schema, table): _count(con, f"{quote_name(schema)}.{quote_name(table)}")
            for schema, table in relations
            if (schema, table) in tables
        }


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = con.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
