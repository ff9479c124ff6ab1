"""The warehouse as the last run left it, to be read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.run_lock import RunLocked


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
