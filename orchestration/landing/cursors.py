"""Cursors in receipts: how far an answer reached, and so from where the next question goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import quote_text
from orchestration.landing.receipts import Load
from orchestration.sources.entries import RemoteEntry
from orchestration.sources.reading import Reading
from orchestration.sources.remote import INSTANTS, Position, RemoteRows, moment, shown_at, written
from orchestration.sources.sql import EPOCHS, from_epoch

Cursor = Mapping[str, str | None]

# How far behind the last cursor an entry reads again that does not say so itself: a transaction
# gets its number or its moment before it is committed.
OVERLAP, OVERLAPPING_NUMBERS = timedelta(hours=1), 1_000
# Moments that count; beyond them Python has none, or none to take an overlap from.
COUNTING = "timestamp '1000-01-01' and timestamp '9999-12-31'"
# SQL of a cursor's text as a value that sorts, by what the cursor is.
SORTABLE = {
    "instant": "timezone('UTC', try_cast(_cursor as timestamptz))",
    **{epoch: from_epoch("_cursor", epoch) for epoch in EPOCHS},
    "naive": "try_cast(_cursor as timestamp)",
    "number": "try_cast(_cursor as bigint)",
}


def position_after(entry: RemoteEntry, loads: Sequence[Load]) -> Position | None:
    """Where the next pull begins: what the receipts of an entry reached, less its overlap.

    None, for everything, when the entry has no cursor, or another than before, stands where no
    overlap can be taken from it, or goes on from a load that is gone.
    """
    told = [load.cursor for load in loads if load.cursor and load.cursor["column"] == entry.cursor]
    reached = _reached(told)
    numbers = [each for each in reached if isinstance(each, int)]
    instants = [each for each in reached if isinstance(each, datetime) and each.tzinfo]
    naive = [each for each in reached if isinstance(each, datetime) and not each.tzinfo]
    if not reached or entry.cursor is None:
        return None
    if isinstance(reached[-1], int):
        overlap = entry.overlap if isinstance(entry.overlap, int) else OVERLAPPING_NUMBERS
        return max(numbers) - overlap
    moments = instants if reached[-1].tzinfo else naive
    try:
        return max(moments) - (entry.overlap if isinstance(entry.overlap, timedelta) else OVERLAP)
    except OverflowError:
        return None


def _reached(told: Sequence[Cursor]) -> list[Position]:
    """What the last answer that was asked for everything reached, and each since; else nothing.

    The cursor may have gone back before it: what was reached until then tells nothing of the rows
    that the source has come to have since. An answer that began beyond what those before it reached
    went on from a load that is gone, whose rows lie behind whatever was reached later.
    """
    whole = [place for place, cursor in enumerate(told) if cursor["since"] is None]
    reached: list[Position] = []
    for cursor in told[whole[-1] :] if whole else ():
        since = _readable(cursor["since"])
        if since is not None and all(_is_before(each, since) for each in reversed(reached)):
            return []
        if (place := _readable(cursor["reached"])) is not None:
            reached.append(place)
    return reached


def reaches(cursor: Cursor, since: Position) -> bool:
    """Whether a load may hold a row that lies at or after a position, or has none."""
    # A row without a cursor comes every time.
    if cursor.get("without") != "0":
        return True
    greatest = _readable(cursor["greatest"])
    if greatest is None:
        # Not one row, or a moment that counts no more: it may lie anywhere.
        return cursor["greatest"] is not None
    return not _is_before(greatest, since)


def _readable(text: str | None) -> Position | None:
    """A position of a receipt; None where there is none, or one that Python does not have."""
    try:
        return None if text is None else moment(text)
    except ValueError:
        return None


def _is_before(position: Position, since: Position) -> bool:
    """Whether a position lies before another; of another kind it does not."""
    if isinstance(position, datetime) and isinstance(since, datetime):
        alike = bool(position.tzinfo) == bool(since.tzinfo)
        return alike and position < since
    return isinstance(position, int) and isinstance(since, int) and position < since


def cursor_of(reading: Reading, landed: Path) -> Cursor | None:
    """For the receipt of landed rows; see `Load`. None when all is read each time.

    A row may be dated in the future; what comes after it is not to be overlooked, so `reached` is
    the greatest cursor that has come to pass. What is no moment, or far from all, counts as none.
    """
    rows = reading.rows
    assert isinstance(rows, RemoteRows)
    if rows.cursor is None:
        return None
    value, past, offset = SORTABLE[rows.cursor_kind], "true", ""
    if rows.cursor_kind != "number":
        value = f"case when {value} between {COUNTING} then {value} end"
        clock = rows.clock().astimezone(UTC)
        now = shown_at(clock, rows.cursor_kind, reading.found.source.timezone)
        past = f"{value} <= {quote_text(now.replace(tzinfo=None).isoformat())}::timestamp"
        offset = " || '+00:00'" if rows.cursor_kind in INSTANTS else ""
    ends = (f"min({value})", f"max({value})", f"max({value}) filter ({past})")
    texts = ", ".join(f"cast({end} as varchar){offset}" for end in ends)
    without = f"cast(count(*) - count({value}) as varchar)"
    with duckdb.connect() as engine:
        query = f"select {texts}, {without} from read_parquet({quote_text(landed)})"
        found = engine.execute(query).fetchone() or ()
    told = dict(zip(("least", "greatest", "reached", "without"), found, strict=True))
    since = None if rows.since is None else written(rows.since)
    return {"column": rows.cursor, "since": since, **told}
