"""Workbooks, JSON lines and Parquet: files whose cells have types of their own."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pyarrow import parquet

from .case import STAGED, Case, Fate, GoesOn, Values, key, quarantined, sound_rows

MALFORMED = quarantined("malformed_record")


def workbook(
    given: str,
    row: Mapping[str, object],
    fate: Fate,
    staged: Values | None = None,
    change: Callable[[Workbook, Worksheet], None] = lambda book, sheet: None,
    rows: int = 1,
) -> Case:
    """An xlsx with the sound rows, below them one more, and then some change to it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sound = [dict[str, object](each) for each in sound_rows(given)]
    own = [*sound, sound[0] | {"order_id": key(given)} | dict(row)]
    sheet.append(list(own[-1]))
    for each in own:
        sheet.append(list(each.values()))
    change(book, sheet)
    content = io.BytesIO()
    book.save(content)
    then = GoesOn((STAGED,) * 3 + (fate,) * rows, {key(given): staged} if staged else {})
    return Case(given, then, files={"book.xlsx": content.getvalue()})


def json_lines(
    given: str, more: Sequence[str], fates: Sequence[Fate], staged: Values | None = None
) -> Case:
    """A jsonl with the sound rows, and below them lines as written here."""
    text = [json.dumps(row) for row in sound_rows(given)]
    text += [line.replace("KEY", key(given)) for line in more]
    then = GoesOn((STAGED,) * 3 + tuple(fates), {key(given): staged} if staged else {})
    return Case(given, then, files={"o.jsonl": "\n".join(text).encode()})


def typed(given: str, column: str, values: pa.Array, staged: object, table: str = "orders") -> Case:
    """A Parquet with one column of a type of its own; `staged` is its value in the first row."""
    rows = sound_rows(given, table)
    columns = {name: pa.array([row[name] for row in rows]) for name in rows[0]}
    content = io.BytesIO()
    parquet.write_table(pa.table(columns | {column: values}), content)
    first = {f"{key(given)}-1": {column: staged}} if column != "order_id" else {str(staged): {}}
    return Case(given, GoesOn((STAGED,) * 3, first), table, {"o.parquet": content.getvalue()})


def _mac(book: Workbook, sheet: Worksheet) -> None:
    book.epoch = CALENDAR_MAC_1904


def _merge(book: Workbook, sheet: Worksheet) -> None:
    sheet.merge_cells("B4:B5")


def _more_sheets(book: Workbook, sheet: Worksheet) -> None:
    book.create_sheet("notes").append(["not", "an", "order"])


def _title(book: Workbook, sheet: Worksheet) -> None:
    sheet.insert_rows(1, 2)
    sheet.insert_cols(1)


def _hide(book: Workbook, sheet: Worksheet) -> None:
    sheet.row_dimensions[5].hidden = True


JSON = '{"order_id": "KEY", "customer_id": "KEY", "ordered_at": "2024-05-01", "amount": %s}'
NOT_A_MOMENT = quarantined("not_a_timestamp", "ordered_at")
NOT_A_NUMBER = quarantined("not_a_number", "amount")

CASES = [
    workbook(
        "a date cell in a workbook",
        {"ordered_at": datetime(2024, 5, 31, 18, 30)},
        STAGED,
        {"ordered_at": datetime(2024, 5, 31, 18, 30)},
    ),
    workbook(
        "a date cell in a workbook that counts from 1904",
        {"ordered_at": datetime(2024, 5, 31)},
        STAGED,
        {"ordered_at": datetime(2024, 5, 31)},
        _mac,
    ),
    workbook("a serial day in a cell without a date format", {"ordered_at": 45443}, NOT_A_MOMENT),
    workbook(
        "a number stored as text in a workbook",
        {"amount": "12.50"},
        STAGED,
        {"amount": Decimal("12.5")},
    ),
    workbook("a whole number in a workbook", {"amount": 12}, STAGED, {"amount": Decimal(12)}),
    workbook(
        "a number with binary dust in a workbook",
        {"amount": 0.1 + 0.2},
        STAGED,
        {"amount": Decimal("0.3")},
    ),
    workbook("a number as a currency in a workbook", {"amount": "￥12.50"}, NOT_A_NUMBER),
    workbook(
        "leading zeros as text in a workbook",
        {"customer_id": "007"},
        STAGED,
        {"customer_id": "007"},
    ),
    workbook("an id as a number in a workbook", {"customer_id": 7}, STAGED, {"customer_id": "7"}),
    workbook("#N/A in a workbook", {"amount": "#N/A"}, quarantined("missing_required", "amount")),
    workbook("true in a workbook", {"is_deleted": False}, STAGED, {"is_deleted": False}),
    workbook(
        "merged cells: the value stands in the first, the others are blank",
        {},
        quarantined("missing_required", "customer_id"),
        change=_merge,
    ),
    workbook("a workbook with more sheets: the first counts", {}, STAGED, change=_more_sheets),
    workbook("a workbook whose table starts at B3", {}, STAGED, change=_title),
    workbook("a hidden row in a workbook: it counts", {}, STAGED, change=_hide),
    json_lines("a JSON number", [JSON % "12.50"], [STAGED], {"amount": Decimal("12.5")}),
    json_lines(
        "a JSON number of many digits",
        [JSON % "99999999999999.9999"],
        [STAGED],
        {"amount": Decimal("99999999999999.9999")},
    ),
    json_lines("a JSON number 1e400", [JSON % "1e400"], [quarantined("out_of_range", "amount")]),
    json_lines("NaN in JSON lines", [JSON % "NaN"], [MALFORMED]),
    json_lines("null in JSON lines", [JSON % "null"], [quarantined("missing_required", "amount")]),
    json_lines("a list where a number belongs", [JSON % "[1, 2]"], [NOT_A_NUMBER]),
    json_lines("an object where a number belongs", [JSON % '{"eur": 1}'], [NOT_A_NUMBER]),
    json_lines("a JSON line that is cut", [(JSON % "1")[:-9]], [MALFORMED]),
    json_lines("a JSON line that is a list", ['["KEY", 1]'], [MALFORMED]),
    json_lines("a JSON key that stands twice", [(JSON % "1")[:-1] + ', "amount": 2}'], [MALFORMED]),
    json_lines("half a surrogate pair in JSON", [JSON % r'"\ud800"'], [MALFORMED]),
    json_lines("NUL in JSON", [JSON % r'"\u0000"'], [MALFORMED]),
    json_lines("JSON nested 100,000 deep", [JSON % ("[" * 100_000 + "]" * 100_000)], [MALFORMED]),
    json_lines("blank lines between JSON lines", ["", "  ", JSON % "1"], [STAGED]),
    typed(
        "whole ids with a gap in Parquet, which made them doubles",
        "customer_id",
        pa.array([7.0, 8.0, 9.0]),
        "7",
    ),
    typed(
        "an id of 18 digits in Parquet",
        "order_id",
        pa.array([10**17 + 1, 10**17 + 2, 10**17 + 3]),
        str(10**17 + 1),
    ),
    typed("decimals in Parquet", "amount", pa.array([Decimal("1.2345")] * 3), Decimal("1.2345")),
    typed("doubles in Parquet", "amount", pa.array([0.1, 0.2, 0.3]), Decimal("0.1")),
    typed(
        "dates in Parquet", "ordered_at", pa.array([date(2024, 5, 31)] * 3), datetime(2024, 5, 31)
    ),
    typed(
        "moments with a zone in Parquet",
        "ordered_at",
        pa.array([datetime(2024, 5, 31, 12)] * 3, pa.timestamp("us", "UTC")),
        datetime(2024, 5, 31, 14),
    ),
    typed(
        "moments without a zone in Parquet, in nanoseconds",
        "ordered_at",
        pa.array([datetime(2024, 5, 31, 12)] * 3, pa.timestamp("ns")),
        datetime(2024, 5, 31, 12),
    ),
    typed("a dictionary in Parquet", "channel", pa.array(["web"] * 3).dictionary_encode(), "web"),
    typed("truth in Parquet", "is_deleted", pa.array([False] * 3), False),
    typed("a column of nothing in Parquet", "channel", pa.nulls(3), None),
]
