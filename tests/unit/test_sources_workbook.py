"""xlsx: cells as the text that a person reads in them."""

import re
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from source_maker import Shop, orders

from orchestration.sources.errors import SourceError
from orchestration.sources.workbook import WorkbookFile

HEADER: list[object] = ["order_id", "customer_id", "ordered_at", "amount"]


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
    with pytest.raises(SourceError, match="several columns of the same name, .*: 2 and 4"):
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


def test_a_sheet_that_spans_more_than_memory_holds_is_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["a"], [1]]})
    book = openpyxl.load_workbook(path)
    book["s"]["XFD1048576"] = "far away"
    book.save(path)
    with pytest.raises(SourceError, match="spans 17,179,869,184 cells, up to XFD1048576"):
        WorkbookFile(path, None)


def test_a_workbook_without_a_sheet_is_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["a"], [1]]})
    with ZipFile(path) as whole, ZipFile(tmp_path / "none.xlsx", "w") as bare:
        for name in whole.namelist():
            bare.writestr(name, re.sub(rb"<sheet .*?/>", b"", whole.read(name)))
    with pytest.raises(SourceError, match="has no sheet"):
        WorkbookFile(tmp_path / "none.xlsx", None)
