"""An answer of a source that is asked: from which position on, and what of it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from orchestration.erasing.leaving_out import LeavingOut
from orchestration.landing.changes import Known, keep_changes, overlooks
from orchestration.landing.cursors import Cursor, cursor_of, reaches
from orchestration.landing.keys import key_sources, spool_keys
from orchestration.landing.receipts import DATA, Load
from orchestration.sources.engine import Resources
from orchestration.sources.reading import Reading, Written, open_all
from orchestration.sources.remote import Question, RemoteRows

OVERLOOKED = "had rows behind the position that were not known, so everything was read again"


@dataclass(frozen=True)
class Answer:
    """What one question brought.

    Attributes:
        new: what will land, beside what landed already.
        read: how many rows the source answered with.
        erased: how many of these were left out, since they are an erased person's.
        cursor: for the receipt; see `Load`.
        notes: what a person should know of it.
    """

    new: Written
    read: int
    erased: int = 0
    cursor: Cursor | None = None
    notes: tuple[str, ...] = ()


def write_answer(
    reading: Reading,
    target: Path,
    earlier: Sequence[Load],
    refused: Sequence[Load],
    resources: Resources,
    leaving_out: LeavingOut,
) -> Answer:
    """Write what is new of an answer into the Parquet file `target`; see `keep_changes`."""
    if earlier or refused:
        return _compared(reading, target, Known(earlier, refused), resources, leaving_out)
    told = reading.write(target, resources)
    erased = leaving_out.rows(target, (), resources)
    new = replace(told, rows=told.rows - erased)
    return Answer(new, told.rows, erased, cursor_of(reading, target), _remote(reading).notes)


def _compared(
    reading: Reading, target: Path, known: Known, resources: Resources, leaving_out: LeavingOut
) -> Answer:
    # The keys before the rows: what comes in meanwhile is no reason to read everything again.
    known = replace(known, present=_keys(reading, "present", resources))
    answer = resources.scratch / DATA
    told, erased = _told(reading, answer, known, resources, leaving_out)
    leaving_out.keys(known.present, resources)
    read, notes = told.rows, _remote(reading).notes
    if _remote(reading).since is not None and overlooks(reading, answer, known, resources):
        reading = _everything(reading, known.earlier)
        answer.unlink()
        told, erased = _told(reading, answer, known, resources, leaving_out)
        read, notes = read + told.rows, (*notes, OVERLOOKED)
    known = replace(known, deleted=_keys(reading, "deleted", resources))
    with reading.told():
        kept = keep_changes(reading, answer, target, _in_reach(known, reading), resources)
    new = Written(kept, 0, told.families)
    return Answer(new, read, erased, cursor_of(reading, target), notes)


def _told(
    reading: Reading, answer: Path, known: Known, resources: Resources, leaving_out: LeavingOut
) -> tuple[Written, int]:
    """Write what the source tells, without who is erased, before it is compared with anything."""
    told = reading.write(answer, resources)
    return told, leaving_out.rows(answer, [load.path for load in known.earlier], resources)


def _keys(
    reading: Reading, which: Literal["present", "deleted"], resources: Resources
) -> Path | None:
    rows, sources = _remote(reading), key_sources(reading)
    batches = rows.present(sources) if which == "present" else rows.deleted(sources)
    if batches is None:
        return None
    return spool_keys(reading, batches, resources.scratch / which, resources)


def _everything(reading: Reading, earlier: Sequence[Load]) -> Reading:
    """The same question without a position."""
    assert isinstance(reading.found, Question)
    seen = {name for load in earlier for name in load.columns}
    (whole,) = open_all([replace(reading.found, since=None)], seen)
    return whole


def _remote(reading: Reading) -> RemoteRows:
    assert isinstance(reading.rows, RemoteRows)
    return reading.rows


def _in_reach(known: Known, reading: Reading) -> Known:
    """Without the loads that lie behind the position as a whole: no row of them comes again.

    Where keys are compared, any row may be the last version of one that is gone.
    """
    since = _remote(reading).since
    if since is None or known.present or known.deleted:
        return known
    near = [load for load in known.earlier if not load.cursor or reaches(load.cursor, since)]
    return replace(known, earlier=near)
