"""What two homes have in common when nothing was lost, whatever was done to one of them."""

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.history import committed_days
from orchestration.history.commits import FILES
from orchestration.landing import committed_loads
from orchestration.settings import Settings

Rows = list[tuple[object, ...]]


def content(settings: Settings) -> dict[str, str]:
    """The content hash of each table that readers see."""
    manifest = (settings.releases / "current" / "manifest.json").read_text("utf-8")
    hashes: dict[str, str] = json.loads(manifest)["content"]
    return hashes


def landed(settings: Settings) -> dict[str, Rows]:
    """The rows of all loads that count, by table; not in which load they came."""
    loads = [one for one in committed_loads(settings.landing) if not one.superseded_by]
    tables = sorted({load.table for load in loads})
    return {
        table: _rows("*", [load.path for load in loads if load.table == table]) for table in tables
    }


def decided(settings: Settings) -> dict[str, Rows]:
    """What each day in history decided: the rows of each kind of file."""
    commits = committed_days(settings.history)
    return {
        name: _rows("file_index, *", [one.path / f"{name}.parquet" for one in commits])
        for name in FILES
    }


def _rows(columns: str, paths: Iterable[Path]) -> Rows:
    with duckdb.connect() as engine:
        query = f"select {columns} from read_parquet(?, union_by_name = true) order by all"
        return engine.execute(query, [[str(path) for path in paths]]).fetchall()
