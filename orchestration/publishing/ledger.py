"""The release ledger: one line for each time a release was published or `current` was moved."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

from orchestration.durable import fsync_folder, write_durably

LEDGER = "ledger.jsonl"

Event = Literal["published", "rolled_back", "repaired"]


@dataclass(frozen=True)
class LedgerLine:
    """One event.

    Attributes:
        at: when it was written down, UTC, ISO 8601.
        event: published, rolled_back, or repaired (a kill kept the line from being written).
        release: the release it is about.
        as_of, run_id: of that release.
        current: what `current` pointed to from then on; None before the first swap.
    """

    at: str
    event: Event
    release: str
    as_of: str
    run_id: str
    current: str | None

    @property
    def time(self) -> datetime:
        """`at` as a point in time."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Ledger:
    """The readable lines in order, the numbers of unreadable ones, and whether the last is torn."""

    lines: Sequence[LedgerLine]
    unreadable: Sequence[int]
    torn_bytes: int


def utc_now() -> datetime:
    """The time of day of receipts: UTC, whole microseconds."""
    return datetime.now(UTC)


def read_ledger(releases: Path) -> Ledger:
    """Read the ledger. A last line without an end is torn; others that are no lines are noted."""
    path = releases / LEDGER
    content = path.read_bytes() if path.exists() else b""
    whole, _, torn = content.rpartition(b"\n")
    lines: list[LedgerLine] = []
    unreadable: list[int] = []
    for number, text in enumerate(whole.split(b"\n") if whole else [], start=1):
        try:
            line = LedgerLine(**json.loads(text))
            line.time.astimezone(UTC)
            lines.append(line)
        except (ValueError, TypeError):
            unreadable.append(number)
    return Ledger(lines, unreadable, len(torn))


def append_line(releases: Path, line: LedgerLine) -> None:
    """Add one line at the end, through to the disk. The ledger has to end in a whole line."""
    path = releases / LEDGER
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write(json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        fsync_folder(releases)


def cut_torn_line(releases: Path) -> int:
    """Take away a last line that a kill tore; returns its bytes, 0 when there was none."""
    torn = read_ledger(releases).torn_bytes
    if torn:
        content = (releases / LEDGER).read_bytes()
        write_durably(releases / LEDGER, content[: len(content) - torn])
    return torn


def served_until(lines: Sequence[LedgerLine], release_id: str) -> datetime | None:
    """When `current` last moved away from this release; None when it never did."""
    left: datetime | None = None
    for before, after in pairwise(lines):
        if before.current == release_id and after.current != release_id:
            left = after.time
    return left
