"""Committing a day to history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach_read_only, working_connection, write_ordered_parquet
from orchestration.durable import commit_folder, make_folder, sweep_folder
from orchestration.history.commits import (
    FILES,
    RECEIPT,
    Commit,
    HistoryError,
    all_commits,
    committed_days,
    read_commit,
)
from orchestration.history.drop import finish_drop

INCOMING = ".incoming"

# Which rows of the warehouse are kept as which file, by the day in this column.
KEPT = {
    "classes": ("classification.classes_to_keep", "as_of_date"),
    "cuts": ("classification.cuts_in_force", "computed_on"),
    "changes": ("classification.class_changes", "as_of_date"),
    "scheme_versions": ("classification.scheme_versions", "as_of_date"),
}


def commit_day(
    warehouse: Path,
    history: Path,
    *,
    as_of: date,
    run_id: str,
    policy_hash: str,
    config: Mapping[str, str] | None = None,
) -> Commit:
    """Keep what the warehouse decided for `as_of`; there for good, or not at all.

    The same rows give the same bytes, on any number of threads. `config` holds DuckDB settings
    such as {"threads": "2"}. Raises HistoryError when the warehouse was built for another day, when
    a later day is committed already, or when this run has committed the day before.
    """
    finish_drop(history)
    sweep_folder(history / INCOMING)
    final = history / as_of.isoformat() / run_id
    _refuse_what_is_decided(history, as_of, final)
    building = history / INCOMING / run_id
    make_folder(building)
    receipt = {
        "as_of": as_of.isoformat(),
        "run_id": run_id,
        "policy_hash": policy_hash,
        "rows": _copy_out(warehouse, building, as_of, config),
        "sequence": max((commit.sequence for commit in all_commits(history)), default=0) + 1,
        "committed_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    (building / RECEIPT).write_text(json.dumps(receipt, indent=2) + "\n", "utf-8")
    commit_folder(building, final)
    return read_commit(final)


def _refuse_what_is_decided(history: Path, as_of: date, final: Path) -> None:
    if final.exists():
        raise HistoryError(
            f"Run {final.name} has committed {as_of} already, in {final}. Start another run: each "
            "keeps what it decided under its own id."
        )
    later = [commit.as_of for commit in committed_days(history) if commit.as_of > as_of]
    if later:
        raise HistoryError(
            f"{as_of} cannot be decided now: {len(later)} later days, up to {later[-1]}, are "
            "committed, and each was decided on what stood before it. "
            f"`tiers backfill --from {as_of}` decides them all again."
        )


def _copy_out(
    warehouse: Path, building: Path, as_of: date, config: Mapping[str, str] | None
) -> dict[str, int]:
    with working_connection(building.parent, config) as con:
        attach_read_only(con, warehouse, "warehouse")
        try:
            _check_day(con, as_of)
            return {name: _copy_rows(con, name, as_of, building) for name in FILES}
        except duckdb.CatalogException as error:
            raise HistoryError(
                f"{warehouse} is not built: {str(error).splitlines()[0]} Run dbt first."
            ) from error


def _check_day(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    row = con.execute("select max(as_of_date) from warehouse.landing.run_parameters").fetchone()
    built_for = row[0] if row else None
    if built_for != as_of:
        raise HistoryError(
            f"The warehouse was built for {built_for}, so it cannot be kept as {as_of}. "
            f"Build it for {as_of} first."
        )


def _copy_rows(con: duckdb.DuckDBPyConnection, name: str, as_of: date, building: Path) -> int:
    relation, day = KEPT[name]
    rows = f"select * from warehouse.{relation} where {day} = date '{as_of}'"
    return write_ordered_parquet(con, rows, "all nulls first", building / f"{name}.parquet")
