"""What was found out about the policy and the customers of a day, beside what the day decided.

An evaluation is of a day, and the runs of that day and later ones show it. It is measured on what
landed, and on nothing that was decided, so a backfill leaves it where it is.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.durable import commit_folder, make_folder
from orchestration.history.commits import HistoryError, day_folders
from orchestration.history.keep import INCOMING

FOLDER = "evaluations"
RECEIPT = "evaluation.json"


@dataclass(frozen=True)
class Evaluation:
    """One evaluation, or a part of one.

    Attributes:
        as_of: the day that it is of.
        id: sorts by the time of the commit.
        rows: row count per file, by the name of the file without `.parquet`.
        committed_at: UTC.
        path: the folder with the Parquet files.
    """

    as_of: date
    id: str
    rows: Mapping[str, int]
    committed_at: datetime
    path: Path


def keep_evaluation(history: Path, as_of: date, files: Mapping[str, Path]) -> Evaluation:
    """Keep Parquet files, by name; there for good, or not at all. The caller holds the run lock.

    A file that names customers does so in a column `customer_id`, by which erasing finds them. Of a
    name that was kept before, the newest one counts; see `newest_evaluation`.
    """
    now = datetime.now(UTC)
    evaluation_id = f"{now:%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(3)}"
    building = history / INCOMING / evaluation_id
    make_folder(building)
    for name, file in files.items():
        shutil.copyfile(file, building / f"{name}.parquet")
    receipt = {
        "as_of": as_of.isoformat(),
        "id": evaluation_id,
        "rows": {name: pq.read_metadata(file).num_rows for name, file in files.items()},
        "committed_at": now.isoformat(timespec="seconds"),
    }
    (building / RECEIPT).write_text(json.dumps(receipt, indent=2) + "\n", "utf-8")
    final = history / FOLDER / as_of.isoformat() / evaluation_id
    commit_folder(building, final)
    return _read(final)


def evaluations(history: Path, *, until: date) -> list[Evaluation]:
    """The evaluations of `until` and the days before it, by day and then by time.

    Raises HistoryError for one that is not whole: to leave it out would change what is published.
    """
    return [
        _read(path)
        for day, folder in day_folders(history / FOLDER)
        if day <= until
        for path in sorted(folder.iterdir())
        if path.is_dir()
    ]


def newest_evaluation(history: Path, name: str, *, until: date) -> Evaluation | None:
    """The last one of `until` or before that has a file of this name. Raises HistoryError."""
    having = [each for each in evaluations(history, until=until) if name in each.rows]
    return having[-1] if having else None


def damaged_evaluation(path: Path, error: Exception) -> HistoryError:
    """Says what to do about an evaluation that cannot be read."""
    return HistoryError(
        f"The evaluation {path} is damaged: {error}. Restore it from a backup, or remove the "
        "folder and make another one: `tiers evaluate`."
    )


def _read(path: Path) -> Evaluation:
    try:
        receipt: dict[str, Any] = json.loads((path / RECEIPT).read_text("utf-8"))
        evaluation = Evaluation(
            as_of=date.fromisoformat(receipt["as_of"]),
            id=str(receipt["id"]),
            rows={name: int(rows) for name, rows in receipt["rows"].items()},
            committed_at=datetime.fromisoformat(receipt["committed_at"]),
            path=path,
        )
        absent = [name for name in evaluation.rows if not (path / f"{name}.parquet").is_file()]
        if absent:
            raise ValueError(f"it lacks {', '.join(absent)}")
        if (evaluation.as_of.isoformat(), evaluation.id) != (path.parent.name, path.name):
            raise ValueError(f"it is the evaluation {evaluation.id} of {evaluation.as_of}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_evaluation(path, error) from error
    return evaluation
