"""xlsx: one sheet, read whole, twice (the one format that is not streamed).

First for its columns, then for its rows: all workbooks of an entry are opened before the first of
them lands, and those that wait for their turn hold no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from orchestration.sources.errors import SourceError
from orchestration.sources.tabular import StreamedFile, header, rows_per_batch, schema_of
from orchestration.sources.vast_workbooks import NO_ARCHIVE, refuse_vast


class WorkbookFile(StreamedFile):
    """One sheet of an xlsx file. Its first row that is not empty names the columns.

    Whole numbers have no `.0`, dates are ISO, text keeps its leading zeros; an empty cell and an
    error such as #N/A are NULL. Empty rows are no records.
    """

    def __init__(self, path: Path, sheet: str | None) -> None:
        """Read the sheet, by default the first that a person sees.

        Raises SourceError when there is no such sheet, or too much for memory in any of them.
        """
        self.path = path
        first: list[str | None] = []
        used: set[int] = set()
        with _opened(path) as workbook:
            names = workbook.sheet_names
            self._sheet = sheet or _first_seen(workbook, path)
            if self._sheet not in names:
                raise SourceError(
                    f"has no sheet {sheet!r}",
                    file=path,
                    expected=f"It has: {', '.join(names)}.",
                )
            found = workbook.get_sheet_by_name(self._sheet)
            _, left = found.start or (0, 0)
            for row in _rows(found):
                first = first or row
                used.update(n for n, cell in enumerate(row) if cell)
        if not first:
            raise SourceError(f"has nothing in its sheet {self._sheet!r}", file=path)
        self._used = sorted(used)
        places = [left + n + 1 for n in self._used]
        self.columns = header([first[n] for n in self._used], path, places)
        others = f" (of {len(names)})" if len(names) > 1 else ""
        self.about = f"xlsx, sheet {self._sheet}{others}"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, at most 50,000 a batch."""
        schema, size = schema_of(self.columns), rows_per_batch(self.columns)
        with _opened(self.path) as workbook:
            rows = enumerate(
                islice(_rows(workbook.get_sheet_by_name(self._sheet)), 1, None), start=1
            )
            while batch := list(islice(rows, size)):
                numbered = ((number, None, *(row[n] for n in self._used)) for number, row in batch)
                columns = zip(*numbered, strict=True)
                arrays = [
                    pa.array(values, field.type)
                    for values, field in zip(columns, schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    try:
        refuse_vast(path)
        with CalamineWorkbook.from_path(path) as workbook:
            yield workbook
    except (CalamineError, *NO_ARCHIVE) as error:
        raise SourceError(
            "cannot be read as a workbook: it is none, or it is damaged",
            file=path,
            expected="Open it in Excel and save it again as .xlsx.",
        ) from error


def _rows(sheet: CalamineSheet) -> Iterator[list[str | None]]:
    """The rows of a sheet as text, all of one length, without those that are empty."""
    for row in sheet.to_python():
        if any(cells := [_text(cell) for cell in row]):
            yield cells


def _first_seen(workbook: CalamineWorkbook, path: Path) -> str:
    """The first sheet of cells that is not hidden; the first of all when none is."""
    if not workbook.sheet_names:
        raise SourceError("has no sheet", file=path)
    seen = (
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )
    return next(seen, workbook.sheet_names[0])


def _text(cell: object) -> str | None:
    """One cell as text; None when it is empty."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case _:
            return str(cell) or None
