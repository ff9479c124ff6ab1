"""An answer of a source that is asked: from which position on, and what of it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.landing.changes import keep_changes
from orchestration.landing.receipts import DATA, Load
from orchestration.sources.engine import Resources
from orchestration.sources.entries import RemoteEntry
from orchestration.sources.reading import Reading, Written
from orchestration.sources.remote import (
    CursorKind,
    Position,
    Question,
    RemoteRows,
    moment,
    shown_at,
    written,
)
from orchestration.sources.sql import literal

# How far behind the last cursor an entry reads again that does not say so itself: a transaction
# gets its number or its moment before it is committed.
OVERLAP, OVERLAPPING_NUMBERS = timedelta(hours=1), 1_000
# SQL of a cursor's text as a value that sorts, by what the cursor is.
SORTABLE = {
    "instant": "timezone('UTC', try_cast(_cursor as timestamptz))",
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
    rows = reading.rows
    assert isinstance(rows, RemoteRows)
    if not earlier and not refused:
        new = reading.write(target, resources)
        return Answer(new, new.rows, _cursor(reading, rows, target), rows.notes)
    answer = resources.scratch / DATA
    told = reading.write(answer, resources)
    with reading.told():
        kept = keep_changes(reading, answer, target, earlier, refused, resources)
    new = Written(kept, 0, told.families)
    return Answer(new, told.rows, _cursor(reading, rows, target), rows.notes)


def _cursor(reading: Reading, rows: RemoteRows, landed: Path) -> dict[str, str | None] | None:
    if rows.cursor is None:
        return None
    least, greatest = _range(rows.cursor_kind, landed)
    reached = greatest
    if isinstance(greatest, datetime):
        # A row may be dated in the future; what comes after it is not to be overlooked.
        now = shown_at(rows.clock(), rows.cursor_kind, reading.found.source.timezone)
        reached = min(greatest, now)
    since = reading.found.since if isinstance(reading.found, Question) else None
    positions = {"since": since, "least": least, "greatest": greatest, "reached": reached}
    texts = {name: None if at is None else written(at) for name, at in positions.items()}
    return {"column": rows.cursor, **texts}


def _range(kind: CursorKind, landed: Path) -> tuple[Position | None, Position | None]:
    """The least and the greatest cursor of landed rows; what is no moment or infinite is none."""
    value = SORTABLE[kind]
    finite = "" if kind == "number" else f" where isfinite({value})"
    file = literal(str(landed))
    with duckdb.connect() as engine:
        query = f"select min({value}), max({value}) from read_parquet({file}){finite}"
        ends = engine.execute(query).fetchone() or (None, None)
    if kind == "instant":
        ends = tuple(end and end.replace(tzinfo=UTC) for end in ends)
    return ends[0], ends[1]
