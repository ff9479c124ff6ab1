"""CSV for people, who open it in a spreadsheet: no text of a source is a formula there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

# A cell that begins with one of these is computed by spreadsheets; the last are the wide forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a header and rows. A text that would be a formula gets a ' before it; numbers do not.

    Every CSV that leaves the project goes through here. What is published does not: DuckDB and
    Parquet hold values, and a reader takes them as they are.
    """
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(names)
    table.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
