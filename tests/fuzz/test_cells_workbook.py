"""Cells of every kind that a workbook has: each lands as the text that a person reads in it."""

import io
from datetime import date, datetime, time
from typing import Any

import openpyxl
from budget import examples
from hypothesis import given
from hypothesis import strategies as st
from landed import Landed, land
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

# XML has no control characters, takes every line end for \n, and escapes begin with _x.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"), max_size=12
)
DAYS = st.dates(date(1904, 1, 2), date(9999, 12, 30))
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))
ERRORS = ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    # A workbook is written with fewer digits than a double has.
    st.floats(-1e300, 1e300).map(lambda number: float(f"{number:.15g}")),
    TEXT.filter(lambda text: not text.startswith("=") and text not in ERRORS),
    st.sampled_from(ERRORS),
    st.just("=1+1"),  # nothing has computed it
    DAYS,
    CLOCKS,
    st.builds(datetime.combine, DAYS, CLOCKS),
)


def expected(cell: object) -> str | None:
    """The text of a cell."""
    match cell:
        case None | "" | "=1+1":
            return None
        case str() if cell in ERRORS:
            return None
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case _:
            return str(cell)


def written(rows: list[list[object]], epoch: Any) -> bytes:
    """A workbook with these rows below a header; a bar at the end keeps each of them a row."""
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.active.append([*(f"c{place}" for place in range(len(rows[0]))), "bar"])
    for row in rows:
        book.active.append([*row, "|"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@examples(120)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5
        )
    ),
    st.sampled_from([CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904]),
)
def test_a_cell_lands_as_it_is_read(rows: list[list[object]], epoch: Any) -> None:
    landed = land(written(rows, epoch), "o.xlsx")
    assert isinstance(landed, Landed)
    assert landed.values == [[*map(expected, row), "|"] for row in rows]
