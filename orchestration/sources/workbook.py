"""xlsx: one sheet, read whole (the one format that is not streamed)."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from orchestration.sources.errors import SourceError
from orchestration.sources.tabular import ROWS_PER_BATCH, StreamedFile, header, schema_of


class WorkbookFile(StreamedFile):
    """One sheet of an xlsx file. The first row that is not empty names the columns.

    Whole numbers have no `.0`, dates are ISO, text keeps its leading zeros; an empty cell and an
    error such as #N/A are NULL. Empty rows are no records.
    """

    def __init__(self, path: Path, sheet: str | None) -> None:
        """Read the sheet, by default the first. Raises SourceError when there is no such sheet."""
        self.path = path
        try:
            with CalamineWorkbook.from_path(path) as workbook:
                names = workbook.sheet_names
                if sheet is not None and sheet not in names:
                    raise SourceError(
                        f"has no sheet {sheet!r}",
                        file=path,
                        expected=f"It has: {', '.join(names)}.",
                    )
                chosen = sheet or names[0]
                rows = workbook.get_sheet_by_name(chosen).to_python()
        except CalamineError as error:
            raise SourceError(f"cannot be read as a workbook: {error}", file=path) from error
        self._rows = [cells for row in rows if any(cells := [_text(cell) for cell in row])]
        if not self._rows:
            raise SourceError(f"has nothing in its sheet {chosen!r}", file=path)
        used = [n for n in range(len(self._rows[0])) if any(row[n] for row in self._rows)]
        self._rows = [[row[n] for n in used] for row in self._rows]
        self.columns = header(self._rows.pop(0), path)
        others = f" (of {len(names)})" if len(names) > 1 else ""
        self.about = f"xlsx, sheet {chosen}{others}"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, 50,000 a batch."""
        schema = schema_of(self.columns)
        rows = enumerate(self._rows, start=1)
        while batch := list(islice(rows, ROWS_PER_BATCH)):
            columns = zip(*((number, None, *row) for number, row in batch), strict=True)
            arrays = [
                pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


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
