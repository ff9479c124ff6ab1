"""Rows of facts made by hand, judged by one theme."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from .calibration import Calibration
from .columns import COLUMNS
from .handmade import DAY
from .known import Declaration
from .rows import Row
from .schemes import PACKS, themes_with
from .schemes.theme import Theme


def ago(days: int) -> date:
    """The date so many days before DAY."""
    return DAY - timedelta(days)


def declared(scheme: str, code: str, days_ago: int, valid_to: date | None = None) -> Row:
    """What a customer has of which one class was declared."""
    moment = datetime.combine(ago(days_ago), time(23, 59))
    return {"declarations": {scheme: [Declaration(moment, code, valid_to)]}}


def customer(**facts: object) -> Row:
    """A customer of whom nothing is known but these facts, attributes and metrics."""
    themes = themes_with(PACKS)
    row: Row = {**dict.fromkeys(COLUMNS), "customer_id": "a", "as_of_date": DAY}
    row |= {"declarations": {}, "previous": None}
    row |= {name: None for theme in themes for name in theme.attributes} | facts
    for theme in themes:
        row |= theme.measure(row)
    return row | facts


def judged(theme: type[Theme], *rows: Row, earlier: Sequence[list[Row]] = ()) -> list[Row]:
    """What a theme says of each row, ranked among them all or among those of earlier runs."""
    calibrated = theme(Calibration(list(rows), earlier))
    return [calibrated.judge(row) for row in rows]


def classes_of(theme: type[Theme], scheme: str, *rows: Row) -> list[object]:
    """The class of each row in one scheme, in their order."""
    return [row[scheme] for row in judged(theme, *rows)]
