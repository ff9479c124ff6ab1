"""xlsx: cells as the text that a person reads in them."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from source_maker import Shop, orders

from orchestration.sources.errors import SourceError
from orchestration.sources.workbook import WorkbookFile

HEADER: list[object] = ["order_id", "customer_id", "ordered_at", "amount"]
# Reads workbooks and prints what is told of each, in less memory than would end the machine.
CHILD = """
import resource, sys
from pathlib import Path
from orchestration.sources.errors import SourceError
from orchestration.sources.workbook import WorkbookFile

resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
for name in sys.argv[1:]:
    try:
        WorkbookFile(Path(name), None)
    except SourceError as error:
        print(error.problem)
"""


def workbook(folder: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    path = folder / "export.xlsx"
    book.save(path)
    return path


def values(path: Path, sheet: str | None = None) -> list[list[str | None]]:
    return [
        list(row.values())
        for batch in WorkbookFile(path, sheet).batches()
        for row in batch.to_pylist()
    ]


def test_numbers_dates_and_text_keep_what_they_say(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "s": [
                ["whole", "part", "day", "moment", "truth", "text"],
                [12345678901, 0.1, date(2017, 1, 2), datetime(2017, 1, 2, 3, 4, 5), True, "007"],
                [-3, 1e-7, None, None, False, None],
            ]
        },
    )
    assert values(path) == [
        [1, None, "12345678901", "0.1", "2017-01-02", "2017-01-02 03:04:05", "true", "007"],
        [2, None, "-3", "1e-07", None, None, "false", None],
    ]


def test_empty_rows_are_no_records_and_the_table_may_begin_anywhere(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {"s": [[], [None, "a", "b"], [], [None, 1, "x"], [None, None, None], [None, 2]]}
    )
    assert WorkbookFile(path, None).columns == ("a", "b")
    assert values(path) == [[1, None, "1", "x"], [2, None, "2", None]]


def test_a_sheet_is_chosen_by_name_and_the_first_by_default(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"one": [["a"], [1]], "二": [["b"], [2]]})
    assert WorkbookFile(path, None).columns == ("a",)
    assert WorkbookFile(path, "二").columns == ("b",)
    with pytest.raises(SourceError, match=r"no sheet 'three'\n  It has: one, 二"):
        WorkbookFile(path, "three")


def test_an_empty_sheet_or_another_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing in its sheet 's'"):
        WorkbookFile(workbook(tmp_path, {"s": []}), None)
    (tmp_path / "fake.xlsx").write_text("not a workbook")
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        WorkbookFile(tmp_path / "fake.xlsx", None)


def test_a_name_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [[None, "a", None, "a"], [None, 1, None, 2]]})
    with pytest.raises(SourceError, match=r"several columns of the same name, .*: 2 and 4"):
        WorkbookFile(path, None)


def test_a_workbook_lands(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    workbook(tmp_path, {"s": [HEADER, ["007", 1, datetime(2017, 1, 1), 9.5]]})
    (row,) = shop.land(orders("export.xlsx", "sheet: s"))
    assert list(row.values()) == [1, None, "007", "1", "2017-01-01", "9.5"]


def test_a_sheet_that_nobody_sees_is_not_the_first(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"secret": [["a"], [1]], "seen": [["b"], [2]]})
    book = openpyxl.load_workbook(path)
    book["secret"].sheet_state = "veryHidden"
    book.create_chartsheet("chart", 0)
    book.save(path)
    assert WorkbookFile(path, None).columns == ("b",)
    assert WorkbookFile(path, "secret").columns == ("a",)


def changed(path: Path, name: str, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a workbook in which a part is changed."""
    copy = path.with_name(name)
    with ZipFile(path) as whole, ZipFile(copy, "w", ZIP_DEFLATED) as archive:
        for each in whole.namelist():
            content = whole.read(each)
            archive.writestr(each, change(content) if each == part else content)
    return copy


def far_away(folder: Path, value: object = "far away") -> Path:
    """A workbook with a small table, and something in the last cell that a sheet may have."""
    path = workbook(folder, {"s": [["a"], [1]]})
    book = openpyxl.load_workbook(path)
    book["s"]["XFD1048576"] = value
    book["s"]["XFD1048576"].fill = PatternFill("solid", "FFFF00")
    book.save(path)
    return path


def test_a_sheet_that_spans_more_than_memory_holds_is_an_error_whatever_it_says_itself(
    tmp_path: Path,
) -> None:
    path, sheet = far_away(tmp_path), "xl/worksheets/sheet1.xml"
    dimension, place = rb"<dimension [^>]*/>", rb'r="(XFD1048576)"'
    wide, last = b"<c/>" * 16383 + b"<c><v>1</v></c>", b"<row/>" * 1048574 + b"<row><c><v>1</v></c>"
    books = [
        path,
        changed(path, "silent.xlsx", sheet, lambda text: re.sub(dimension, b"", text)),
        changed(path, "false.xlsx", sheet, lambda text: text.replace(b"A1:XFD1048576", b"A1:B2")),
        changed(path, "quotes.xlsx", sheet, lambda text: re.sub(place, rb"r = '\1'", text)),
        changed(
            path,
            "unplaced.xlsx",
            sheet,
            lambda text: re.sub(
                rb"<sheetData>.*</row>", b"<sheetData><row>%b</row>%b</row>" % (wide, last), text
            ),
        ),
    ]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, books)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[:500]
    told = "has a sheet that spans 17,179,869,184 cells, up to XFD1048576; the most is 67,108,864"
    assert done.stdout.splitlines() == [told] * len(books)


def test_cells_with_a_look_and_nothing_in_them_do_not_count(tmp_path: Path) -> None:
    assert values(far_away(tmp_path, None)) == [[1, None, "1"]]


def test_a_workbook_that_unpacks_to_more_than_memory_holds_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, {"s": [["a"], ["x" * 30_000]]})
    monkeypatch.setattr("orchestration.sources.vast_workbooks.MOST_BYTES", 20_000)
    with pytest.raises(SourceError, match=r"bytes once it is unpacked; the most is 20,000"):
        WorkbookFile(path, None)


def test_a_part_that_is_larger_than_it_says_is_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["a"], [1]]})
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", "x" * 1_000_000)
        archive.getinfo("xl/more.xml").file_size = 10
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        WorkbookFile(path, None)


def test_a_workbook_without_a_sheet_is_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["a"], [1]]})
    with ZipFile(path) as whole, ZipFile(tmp_path / "none.xlsx", "w") as bare:
        for name in whole.namelist():
            bare.writestr(name, re.sub(rb"<sheet .*?/>", b"", whole.read(name)))
    with pytest.raises(SourceError, match="has no sheet"):
        WorkbookFile(tmp_path / "none.xlsx", None)
