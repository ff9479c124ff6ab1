"""What one text cell of the landing means.

A cell becomes a value of its column's type, None when it is blank, or UNREADABLE. Money is a whole
number of ten-thousandths, a number a whole number of the eighth decimal, a timestamp a naive
datetime of the business zone.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from .exact import MONEY, NUMBER

UNREADABLE: Final = object()

_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WHOLE_NUMBER = re.compile(r"([+-]?[0-9]+)(\.0*)?")
_TIMESTAMP = re.compile(
    r"([1-9]\d{3}-\d{2}-\d{2})"
    r"(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-][01]\d(?::?[0-5]\d)?)?)?",
    re.ASCII,
)
# The last day that has a name; no offset moves it.
NEVER = "9999-12-31"
_BOOLEANS = {
    **dict.fromkeys(("true", "t", "1", "yes", "y", "是"), True),
    **dict.fromkeys(("false", "f", "0", "no", "n", "否"), False),
}
_EXACTLY = Context(prec=2_000)


def _scaled(text: str, units: int, digits: int) -> object:
    if not _PLAIN_NUMBER.fullmatch(text):
        return UNREADABLE
    scaled = _EXACTLY.multiply(Decimal(text), Decimal(units))
    whole = int(scaled.to_integral_value(rounding=ROUND_HALF_UP))
    return whole if abs(whole) < 10**digits else UNREADABLE


def _integer(text: str) -> object:
    shape = _WHOLE_NUMBER.fullmatch(text)
    if not shape:
        return UNREADABLE
    whole = int(shape[1])
    return whole if -(2**63) <= whole < 2**63 else UNREADABLE


def _date(zone: ZoneInfo, text: str) -> object:
    moment = _timestamp(zone, text)
    return moment.date() if isinstance(moment, datetime) else moment


def _timestamp(zone: ZoneInfo, text: str) -> object:
    shape = _TIMESTAMP.fullmatch(text)
    if not shape:
        return UNREADABLE
    day, clock, offset = shape.groups()
    if offset and day == NEVER:
        clock = offset = None
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset or ''}")
    except ValueError:
        return UNREADABLE
    return moment.astimezone(zone).replace(tzinfo=None) if offset else moment


def instant(text: str) -> datetime | None:
    """The moment of a readable timestamp with an offset, as UTC names it; None of any other."""
    shape = _TIMESTAMP.fullmatch(text)
    if not shape or not shape[3]:
        return None
    moment = _timestamp(ZoneInfo("UTC"), text)
    return moment if isinstance(moment, datetime) else None


def _boolean(text: str) -> object:
    return _BOOLEANS.get(text.lower(), UNREADABLE)


def _text(text: str) -> object:
    return text


def reader(kind: str, zone: ZoneInfo) -> Callable[[str], object]:
    """The function that reads a cell without blanks around it as a value of this kind."""
    readers: dict[str, Callable[[str], object]] = {
        "text": _text,
        "money": partial(_scaled, units=MONEY, digits=18),
        "number": partial(_scaled, units=NUMBER, digits=28),
        "integer": _integer,
        "date": partial(_date, zone),
        "timestamp": partial(_timestamp, zone),
        "boolean": _boolean,
    }
    return readers[kind]


def read_column(cells: pd.Series, kind: str, zone: ZoneInfo) -> pd.Series:
    """Every cell read; each distinct text is read once."""
    read = reader(kind, zone)
    codes, texts = pd.factorize(cells)
    values = np.empty(len(texts) + 1, dtype=object)
    for place, text in enumerate(texts):
        values[place] = read(text.strip()) if text.strip() else None
    return pd.Series(values[codes], index=cells.index, dtype=object)
