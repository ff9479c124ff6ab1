"""An answer of a source that is asked: from which position on, and what of it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.landing.changes import Known, keep_changes, overlooks
from orchestration.landing.keys import key_sources, spool_keys
from orchestration.landing.receipts import DATA, Load
from orchestration.sources.engine import Resources
from orchestration.sources.entries import RemoteEntry
from orchestration.sources.reading import Reading, Written, open_all
from orchestration.sources.remote import (
    INSTANTS,
    Position,
    Question,
    RemoteRows,
    moment,
    shown_at,
    written,
)
from orchestration.sources.sql import EPOCHS, from_epoch, literal

# How far behind the last cursor an entry reads again that does not say so itself: a transaction
# gets its number or its moment before it is committed.
OVERLAP, OVERLAPPING_NUMBERS = timedelta(hours=1), 1_000
OVERLOOKED = "had rows behind the position that were not known, so everything was read again"
# SQL of a cursor's text as a value that sorts, by what the cursor is.
SORTABLE = {
    "instant": "timezone('UTC', try_cast(_cursor as timestamptz))",
    **{epoch: from_epoch("_cursor", epoch) for epoch in EPOCHS},
    "naive": "try_cast(_cursor as timestamp)",
    "number": "try_cast(_cursor as bigint)",
}


@dataclass(frozen=True)
class Answer:
    """What one question brought.

    Attributes:
        new: what will land, beside what landed already.
        read: how many rows the source answered with.
        cursor: for the receipt; see `Load`.
        notes: what a person should know of it.
    """

    new: Written
    read: int
    cursor: dict[str, str | None] | None = None
    notes: tuple[str, ...] = ()


def position_after(entry: RemoteEntry, loads: Sequence[Load]) -> Position | None:
    """Where the next pull begins: what the receipts of an entry reached, less its overlap.

    None, for everything, when the entry has no cursor, or another than before.
    """
    told = [load.cursor for load in loads if load.cursor and load.cursor["column"] == entry.cursor]
    reached = [moment(cursor["reached"]) for cursor in told if cursor["reached"]]
    numbers = [each for each in reached if isinstance(each, int)]
    instants = [each for each in reached if isinstance(each, datetime) and each.tzinfo]
    naive = [each for each in reached if isinstance(each, datetime) and not each.tzinfo]
    if not reached or entry.cursor is None:
        return None
    if isinstance(reached[-1], int):
        overlap = entry.overlap if isinstance(entry.overlap, int) else OVERLAPPING_NUMBERS
        return max(numbers) - overlap
    moments = instants if reached[-1].tzinfo else naive
    return max(moments) - (entry.overlap if isinstance(entry.overlap, timedelta) else OVERLAP)


def write_answer(
    reading: Reading,
    target: Path,
    earlier: Sequence[Load],
    refused: Sequence[Load],
    resources: Resources,
) -> Answer:
    """Write what is new of an answer into the Parquet file `target`; see `keep_changes`."""
    if not earlier and not refused:
        new = reading.write(target, resources)
        return Answer(new, new.rows, _cursor(reading, target), _remote(reading).notes)
    return _compared(reading, target, Known(earlier, refused), resources)


def _compared(reading: Reading, target: Path, known: Known, resources: Resources) -> Answer:
    # The keys before the rows: what comes in meanwhile is no reason to read everything again.
    known = replace(known, present=_keys(reading, "present", resources))
    answer = resources.scratch / DATA
    told = reading.write(answer, resources)
    read, notes = told.rows, _remote(reading).notes
    if _since(reading) is not None and overlooks(reading, answer, known, resources):
        reading = _everything(reading, known.earlier)
        answer.unlink()
        told = reading.write(answer, resources)
        read, notes = read + told.rows, (*notes, OVERLOOKED)
    known = replace(known, deleted=_keys(reading, "deleted", resources))
    with reading.told():
        kept = keep_changes(reading, answer, target, known, resources)
    new = Written(kept, 0, told.families)
    return Answer(new, read, _cursor(reading, target), notes)


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


def _since(reading: Reading) -> Position | None:
    return reading.found.since if isinstance(reading.found, Question) else None


def _cursor(reading: Reading, landed: Path) -> dict[str, str | None] | None:
    """For the receipt: the least and the greatest cursor, and the greatest that has come to pass.

    A row may be dated in the future; what comes after it is not to be overlooked. What is no moment
    that DuckDB knows, or infinite, is none.
    """
    rows = _remote(reading)
    if rows.cursor is None:
        return None
    value, past, offset = SORTABLE[rows.cursor_kind], "", ""
    if rows.cursor_kind != "number":
        clock = rows.clock().astimezone(UTC)
        now = shown_at(clock, rows.cursor_kind, reading.found.source.timezone)
        past = f" filter ({value} <= {literal(now.replace(tzinfo=None).isoformat())}::timestamp)"
        offset = " || '+00:00'" if rows.cursor_kind in INSTANTS else ""
    ends = (f"min({value})", f"max({value})", f"max({value}){past}")
    texts = ", ".join(f"cast({end} as varchar){offset}" for end in ends)
    finite = "" if rows.cursor_kind == "number" else f" where isfinite({value})"
    with duckdb.connect() as engine:
        query = f"select {texts} from read_parquet({literal(str(landed))}){finite}"
        found = engine.execute(query).fetchone() or ()
    since = _since(reading)
    positions = dict(zip(("least", "greatest", "reached"), found, strict=True))
    return {"column": rows.cursor, "since": None if since is None else written(since), **positions}
