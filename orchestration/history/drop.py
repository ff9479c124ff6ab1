"""Taking days out of history, so that a backfill can decide them again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.durable import fsync_folder, make_folder, write_durably
from orchestration.history.commits import (
    DROP,
    Commit,
    committed_days,
    day_folders,
    drop_in_progress,
)

DROPPED = ".dropped"


def drop_from(history: Path, as_of: date) -> list[Commit]:
    """Take `as_of` and every later day out of history.

    Returns the commits that no longer count, with the folders under `.dropped/` where they are kept
    for a person to look at. All days go at once: a kill leaves all of them, or none.
    """
    finish_drop(history)
    dropped = [commit for commit in committed_days(history) if commit.as_of >= as_of]
    if not dropped:
        return []
    folder = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-from-{as_of}"
    # From this file on no reader counts these days; moving the folders only tidies up.
    intent = {"since": as_of.isoformat(), "folder": folder}
    write_durably(history / DROP, json.dumps(intent).encode())
    finish_drop(history)
    return [
        replace(commit, path=history / DROPPED / folder / commit.as_of.isoformat() / commit.run_id)
        for commit in dropped
    ]


def finish_drop(history: Path) -> None:
    """Move the days of a drop out of sight; also what a killed drop has left to do."""
    for leftover in history.glob(f".{DROP}.*"):
        leftover.unlink()
    drop = drop_in_progress(history)
    if drop is None:
        return
    kept_in = history / DROPPED / drop.folder
    make_folder(kept_in)
    for day, folder in day_folders(history):
        if day >= drop.since:
            folder.rename(kept_in / folder.name)
    fsync_folder(kept_in)
    fsync_folder(history)
    (history / DROP).unlink()
    fsync_folder(history)
