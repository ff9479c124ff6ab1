"""Workbooks that are too large to be held, found before the library that reads them tries."""

import lzma
import re
import zlib
from functools import lru_cache
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from orchestration.sources.errors import SourceError

MOST_CELLS = 1 << 26
MOST_BYTES = 1 << 31
# The tag of a row or a cell: the place that it says it has, and a slash where it holds nothing.
TAG = re.compile(
    rb"<(?:\w+:)?(row|c)(?=[\s/>])"
    rb"""(?:[^<>]*?\sr\s*=\s*["']([A-Za-z]*)([0-9]{1,10}))?"""
    rb"[^<>]*?(/?)>"
)
LONGEST_TAG = 1 << 16
# What the archive raises of parts that are damaged, encrypted, or packed in a way it does not know.
NO_ARCHIVE = (BadZipFile, zlib.error, EOFError, RuntimeError, lzma.LZMAError)


def refuse_vast(path: Path) -> None:
    """Raise SourceError for a workbook that is too large to be held; see NO_ARCHIVE for others.

    The library holds every part as it is unpacked, and every cell between the corners of the cells
    that hold something, wherever a sheet says that they are. It ends the process when it cannot.
    """
    with ZipFile(path) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_BYTES:
            raise SourceError(
                f"has {unpacked:,} bytes once it is unpacked; the most is {MOST_BYTES:,}",
                file=path,
                expected="Export it as csv, which may have any size.",
            )
        for part in archive.infolist():
            with archive.open(part) as unpacking:
                row, column = _corner(unpacking)
            if row * column > MOST_CELLS:
                raise SourceError(
                    f"has a sheet that spans {row * column:,} cells, up to {_letters(column)}{row};"
                    f" the most is {MOST_CELLS:,}",
                    file=path,
                    expected="Delete what stands far from the table, or export it as csv.",
                )


def _corner(part: IO[bytes]) -> tuple[int, int]:
    """The last row and the last column, from 1, in which a sheet has a cell; 0 in other parts."""
    row = column = last_row = last_column = 0
    rest = b""
    while block := part.read(1 << 20):
        text = rest + block
        whole = text.rfind(b"<")
        for kind, letters, digits, slash in TAG.findall(text, 0, max(whole, 0)):
            row = int(digits) if digits else row + (kind == b"row")
            if kind == b"row":
                column = 0
                continue
            column = _column(letters) if letters else column + 1
            if not slash and (row > last_row or column > last_column):
                last_row, last_column = max(last_row, row), max(last_column, column)
        rest = text[whole:][:LONGEST_TAG]
    return last_row, last_column


@lru_cache(1 << 15)
def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27. Of a name that no column has it is too great."""
    number = 0
    for letter in letters[:8].upper():
        number = 26 * number + letter - ord("A") + 1
    return number


def _letters(column: int) -> str:
    """The name of a column by its number."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
