"""From where on a source is asked, as its cursor shows it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orchestration.sources.remote import CursorKind, Position, shown_at


def before_repeated_hour(position: datetime, zone: str) -> datetime:
    """Where to read on from a moment that the clock of a zone shows twice when it is put back.

    Told without a zone it may be the first or the second, and what came in after the first lies
    before it. Other moments come back as they are.
    """
    first = position.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = first.replace(fold=1)
    put_back = (first.utcoffset() or timedelta()) - (second.utcoffset() or timedelta())
    return position - max(put_back, timedelta())


def beginning(day: date | None, kind: CursorKind, zone: str) -> datetime | None:
    """The first moment of the day that an entry begins with, as a cursor of a kind holds it."""
    if day is None:
        return None
    return shown_at(datetime.combine(day, time(), ZoneInfo(zone)), kind, zone)


def later(position: Position | None, begin: datetime | None) -> Position | None:
    """The later of a position and of where an entry begins; None, for everything, without both."""
    if position is None or begin is None:
        return begin if position is None else position
    if isinstance(position, datetime) and bool(position.tzinfo) == bool(begin.tzinfo):
        return max(position, begin)
    return position
