"""Days that are backfilled in the UI: as `tiers backfill` does, they replace what was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.days import DayError
from orchestration.history import Commit, committed_days, drop_from

# Dagster's name of the tag that every run of a backfill bears.
BACKFILL = "dagster/backfill"


def set_aside_later_days(
    run: dg.DagsterRun,
    instance: dg.DagsterInstance,
    history: Path,
    day: date,
    report: Callable[[str], None],
) -> None:
    """Make way for the first run of a backfill: take its day and all later ones out of history.

    Does nothing for a run of no backfill, nor when one of the later days was decided by a run of
    the same backfill: such a run is repeated, or comes too late. Raises DayError when the backfill
    leaves out a later day that history knows: nobody would decide it again.
    """
    later = [commit for commit in committed_days(history) if commit.as_of > day]
    backfill = run.tags.get(BACKFILL)
    if not later or backfill is None or _is_of(backfill, later, instance):
        return
    found = instance.get_backfill(backfill)
    chosen = set((found and found.partition_names) or ())
    if left_out := [commit.as_of for commit in later if commit.as_of.isoformat() not in chosen]:
        raise DayError(
            f"History knows {', '.join(map(str, left_out))}, decided on the days before, and this "
            "backfill leaves them out. Start it from the page of the job `daily` (Materialize…), "
            f"with {day} and every day after it up to {max(left_out)}."
        )
    dropped = drop_from(history, day)
    report(f"history: {len(dropped)} days from {day} set aside")


def _is_of(backfill: str, commits: list[Commit], instance: dg.DagsterInstance) -> bool:
    runs = (instance.get_run_by_id(commit.run_id) for commit in commits)
    return any(run and run.tags.get(BACKFILL) == backfill for run in runs)
