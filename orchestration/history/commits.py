"""Reading history: which days are committed, and by which run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

FILES = ("classes", "cuts", "changes", "scheme_versions")
RECEIPT = "commit.json"
# While this file is there, the days that it names no longer count: see `drop.py`.
DROP = ".drop.json"


class HistoryError(RuntimeError):
    """History cannot take or give a day; says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Commit:
    """One day as a run decided it.

    Attributes:
        as_of: the day.
        run_id: the run.
        policy_hash: of the policy files in force.
        rows: row count per file (classes, cuts, changes, scheme_versions).
        sequence: the order of commits over all days; the greatest of a day counts.
        committed_at: UTC.
        path: the folder with the Parquet files.
    """

    as_of: date
    run_id: str
    policy_hash: str
    rows: Mapping[str, int]
    sequence: int
    committed_at: datetime
    path: Path


@dataclass(frozen=True)
class Drop:
    """A drop that was begun: `since` and later days no longer count and belong into `folder`."""

    since: date
    folder: str


def committed_days(history: Path) -> list[Commit]:
    """The commit that counts of every committed day, ordered by day.

    Raises HistoryError for a commit that is not whole: a day that is missing unseen would change
    every later decision.
    """
    counting: dict[date, Commit] = {}
    for commit in all_commits(history):
        known = counting.get(commit.as_of)
        if known is None or commit.sequence > known.sequence:
            counting[commit.as_of] = commit
    return [counting[day] for day in sorted(counting)]


def all_commits(history: Path) -> Iterator[Commit]:
    """Every commit, also those that a later one of their day replaced."""
    drop = drop_in_progress(history)
    for day, folder in day_folders(history):
        if drop is None or day < drop.since:
            for path in sorted(folder.iterdir()):
                if path.is_dir():
                    yield read_commit(path)


def day_folders(history: Path) -> list[tuple[date, Path]]:
    """The folders of days, ordered; `.incoming`, `.dropped` and foreign names are none."""
    days = []
    for folder in history.iterdir() if history.is_dir() else []:
        try:
            days.append((date.fromisoformat(folder.name), folder))
        except ValueError:
            continue
    return sorted(days)


def drop_in_progress(history: Path) -> Drop | None:
    """The drop that was begun and not finished, if any."""
    if not (history / DROP).exists():
        return None
    drop = json.loads((history / DROP).read_text("utf-8"))
    return Drop(date.fromisoformat(drop["since"]), str(drop["folder"]))


def read_commit(path: Path) -> Commit:
    """Read a commit's receipt. Raises HistoryError when it, or a file it counts, is not whole."""
    try:
        receipt: dict[str, Any] = json.loads((path / RECEIPT).read_text("utf-8"))
        commit = Commit(
            as_of=date.fromisoformat(receipt["as_of"]),
            run_id=str(receipt["run_id"]),
            policy_hash=str(receipt["policy_hash"]),
            rows={name: int(receipt["rows"][name]) for name in FILES},
            sequence=int(receipt["sequence"]),
            committed_at=datetime.fromisoformat(receipt["committed_at"]),
            path=path,
        )
        absent = [name for name in FILES if not (path / f"{name}.parquet").is_file()]
        if absent:
            raise ValueError(f"it lacks {', '.join(absent)}")
        if (commit.as_of.isoformat(), commit.run_id) != (path.parent.name, path.name):
            raise ValueError(f"it is the commit of {commit.as_of} by run {commit.run_id}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged_commit(path, error) from error
    return commit


def damaged_commit(path: Path, error: Exception) -> HistoryError:
    """Says what to do about a commit that cannot be read."""
    day, history = path.parent.name, path.parent.parent
    # Named, because a backfill of a day that nothing is known of goes on until yesterday.
    last, _ = day_folders(history)[-1]
    return HistoryError(
        f"The commit {path} is damaged: {error}. Restore it from a backup. Without one, remove "
        "the folder and decide its day and all later ones again: "
        f"`tiers backfill --from {day} --to {last}`."
    )
