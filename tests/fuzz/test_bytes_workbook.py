"""Damaged workbooks: an error for people, or rows."""

import io
from datetime import datetime, time, timedelta
from functools import cache
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
from budget import examples
from hypothesis import given
from hypothesis import strategies as st
from landed import land
from mutations import Change, changed, changes

PIECES = (
    *(
        b"<",
        b">",
        b'"',
        b"&",
        b"&amp;",
        b"&x;",
        b"\0",
        b"\xff",
        b"]]>",
        b"<!--",
        b"</c>",
        b"</row>",
    ),
    *(
        b'<c r="A9"><v>1</v></c>',
        b'r="ZZZZ1"',
        b'r="A0"',
        b'r="A99999999"',
        b"<row>",
        b"<v>1e999</v>",
    ),
    *(b't="s"', b't="e"', b't="d"', b't="b"', b't="str"', b's="77"', b"-1", b"99999999", b"1e400"),
    *(
        b"<v>1e999</v>",
        b"<v>-1</v>",
        b"<v>2958466</v>",
        b"<v>NaN</v>",
        b"<v>60</v>",
        "张".encode("utf-16-le"),
    ),
)
EVERY_KIND: tuple[tuple[object, ...], ...] = (
    ("customer_id", "name", "day", "amount", "is"),
    ("007", "张三", datetime(2017, 1, 2, 3, 4, 5), 1.5, True),
    (8, "=1+1", time(3, 4, 5), 1e300, False),
    (None, "#N/A", timedelta(days=2, hours=3), -0.0, None),
)


@cache
def workbook() -> bytes:
    """A workbook with cells of every kind."""
    book = openpyxl.Workbook()
    for row in EVERY_KIND:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def damaged(part: int, steps: list[Change], *, is_lost: bool) -> bytes:
    """The workbook with one of its parts changed, or left out."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(workbook())) as whole, ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        names = sorted(whole.namelist())
        for number, name in enumerate(names):
            content = whole.read(name)
            if number != part % len(names):
                archive.writestr(name, content)
            elif not is_lost:
                archive.writestr(name, changed(content, steps))
    return buffer.getvalue()


@examples(60)
@given(changes())
def test_an_archive_that_was_damaged(steps: list[Change]) -> None:
    land(changed(workbook(), steps), "o.xlsx")


@examples(150)
@given(st.integers(0, 20), changes(PIECES), st.sampled_from([False] * 9 + [True]))
def test_a_part_that_was_damaged(part: int, steps: list[Change], is_lost: bool) -> None:
    land(damaged(part, steps, is_lost=is_lost), "o.xlsx")
