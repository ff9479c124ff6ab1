"""From where on a source is asked, as its cursor shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def before_repeated_hour(position: datetime, zone: str) -> datetime:
    """Where to read on from a moment that the clock of a zone shows twice when it is put back.

    Told without a zone it may be the first or the second, and what came in after the first lies
    before it. Other moments come back as they are.
    """
    first = position.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = first.replace(fold=1)
    put_back = (first.utcoffset() or timedelta()) - (second.utcoffset() or timedelta())
    return position - max(put_back, timedelta())
