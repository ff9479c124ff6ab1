"""Days as numbers, and windows that end on a day."""

from datetime import date, datetime


def day_number(moment: date | datetime) -> int:
    """The day of a date or of a naive business timestamp, counted from year 1."""
    return moment.toordinal()


def from_number(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day)


def inside(day: int, today: int, window: int | None) -> bool:
    """Whether a day is one of the last `window` days, today among them; None is all time."""
    return day <= today and (window is None or day > today - window)


def full_years(birth: date, today: date) -> int:
    """Completed years of age: a birthday counts on its own day, 29 February on 1 March."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
