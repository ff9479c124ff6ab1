"""The business day of a run: which day is classified, and which days may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.history import Commit
from orchestration.sources.source_file import SourceFile


class DayError(ValueError):
    """A day that cannot be classified: says which could be, or what to do."""


def yesterday(zone: str, now: datetime | None = None) -> date:
    """The last whole day in the business zone, at `now` (default: the clock)."""
    return (now or datetime.now(ZoneInfo(zone))).astimezone(ZoneInfo(zone)).date() - timedelta(1)


def usual_day(source: SourceFile, now: datetime | None = None) -> date:
    """The day of a run that nobody gave a day: the source file's `as_of`, else yesterday."""
    return source.as_of or yesterday(source.timezone, now)


def last_day(source: SourceFile) -> date:
    """The newest day that may be classified: yesterday, or an `as_of` that lies later."""
    return max(usual_day(source), yesterday(source.timezone))


def check_day(day: date, source: SourceFile) -> None:
    """Raise DayError for a day that is not over yet, or lies before the first partition."""
    if not source.first_day <= day <= last_day(source):
        raise DayError(
            f"{day} cannot be classified: a day has to be over in {source.timezone}. Choose one "
            f"from {source.first_day} (`first_day` of the source file) to {last_day(source)}."
        )


def check_not_older(day: date, committed: Sequence[Commit]) -> None:
    """Raise DayError when history knows a later day than `day`; the newest may be repeated."""
    newest = max((commit.as_of for commit in committed), default=day)
    if day < newest:
        raise DayError(
            f"{day} is older than {newest}, the newest day in history, which was decided on the "
            f"days before it. Use `tiers backfill --from {day}`, or in the UI a backfill of {day} "
            f"to {newest}: it decides {day} and every later day again."
        )


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included. Raises DayError when there is none."""
    if last < first:
        raise DayError(f"There is no day from {first} to {last}: the second is the earlier one.")
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
