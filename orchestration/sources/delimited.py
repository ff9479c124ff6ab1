"""csv and its kin: strictly decoded, split by pyarrow, no record lost."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow_csv

from orchestration.sources.errors import SourceError
from orchestration.sources.records import BROKEN, Block, RecordCutter, record_pattern
from orchestration.sources.tabular import StreamedFile, header, schema_of
from orchestration.sources.text import detect_encoding, for_arrow, utf8_blocks

CANDIDATES = ",;\t|"
LONGEST_HEADER = 1 << 17


class DelimitedFile(StreamedFile):
    """A csv file. A record with too few or too many fields, or a broken quote, is malformed.

    An empty field is NULL, quoted or not. Blank lines are no records.
    """

    def __init__(self, path: Path, encoding: str | None, delimiter: str | None) -> None:
        """Read the header. SourceError: see `detect_encoding`, `header`, `find_delimiter`."""
        self.path = path
        self._encoding = detect_encoding(path, encoding)
        head = next(utf8_blocks(path, self._encoding), b"")
        line = _header_line(head, path)
        self._delimiter = delimiter or find_delimiter(line.decode(), path)
        self._skip = head.index(line) + len(line)
        found = record_pattern(self._delimiter).fullmatch(line)
        if found is None:
            raise SourceError("has a broken quote in its header", file=path, line=1)
        cells = next(csv.reader(StringIO(line.decode(), newline=""), delimiter=self._delimiter))
        self.columns = header(cells, path)
        shown = "tab" if self._delimiter == "\t" else self._delimiter
        self.about = f"{path.suffix[1:]}, {self._encoding}, delimiter {shown}"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, one batch for about 2 MiB of text."""
        blocks = utf8_blocks(self.path, self._encoding)
        body = chain([next(blocks, b"")[self._skip :]], blocks)
        first = 1
        for block in RecordCutter(self._delimiter, len(self.columns)).cut(body):
            yield self._batch(block, first)
            first += block.records

    def _batch(self, block: Block, first: int) -> pa.RecordBatch:
        """Split one block; `first` is the number of its first record."""
        table, ragged = _split(block.text, self._delimiter, len(self.columns))
        if table.num_rows + len(ragged) != block.records:
            raise SourceError(
                f"has {block.records:,} records from record {first:,} on, of which"
                f" {table.num_rows + len(ragged):,} were split",
                expected="This is a fault of the reader, not of the file; please report it.",
            )
        schema = schema_of(self.columns)
        numbers = np.arange(block.records) + first
        if not ragged:
            return _record_batch(schema, numbers, [None] * len(numbers), table)
        malformed = np.array([number - 1 for number, _ in ragged])
        sound = np.setdiff1d(np.arange(block.records), malformed)
        texts = pa.array([None] * table.num_rows + [_raw(text) for _, text in ragged], pa.string())
        empty = pa.table({name: pa.nulls(len(ragged), pa.string()) for name in table.column_names})
        order = np.argsort(np.concatenate([sound, malformed]), kind="stable")
        return _record_batch(
            schema, numbers, texts.take(order), pa.concat_tables([table, empty]).take(order)
        )


def find_delimiter(line: str, path: Path) -> str:
    """The delimiter that the header uses most, outside quotes; a comma when there is none.

    Raises SourceError when two are used equally often.
    """
    bare = re.sub(r'"[^"]*"', "", line)
    counts = sorted(((bare.count(mark), mark) for mark in CANDIDATES), reverse=True)
    (most, mark), (second, other) = counts[:2]
    if most and most == second:
        raise SourceError(
            f"could be delimited by {mark!r} or by {other!r}: its header has {most} of each",
            file=path,
            line=1,
            expected="Say which: delimiter: ','",
        )
    return mark if most else ","


def _header_line(head: bytes, path: Path) -> bytes:
    """The first line that is not blank, and the lines after it while a quote is open."""
    found = re.compile(rb'[^\r\n"]*+(?:"[^"]*+"[^\r\n"]*+)*+\r?(?:\n|\Z)').match(
        head, len(head) - len(head.lstrip(b"\r\n"))
    )
    if not head.strip(b"\r\n"):
        raise SourceError("is empty", file=path, expected="Its first line names the columns.")
    if found and len(found[0]) > LONGEST_HEADER:
        raise SourceError("has a header of more than 128 KiB", file=path, line=1)
    if found:
        return found[0]
    raise SourceError(
        "has a header that does not end",
        file=path,
        line=1,
        expected="Look for an open quote, or for lines that end with a bare carriage return.",
    )


def _split(text: bytes, delimiter: str, columns: int) -> tuple[pa.Table, list[tuple[int, str]]]:
    """The fields of well-formed records, and number (from 1) and text of the others."""
    ragged: list[tuple[int, str]] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        ragged.append((row.number, row.text))
        return "skip"

    text = for_arrow(text)
    names = [f"c{position}" for position in range(columns)]
    table = arrow_csv.read_csv(
        pa.py_buffer(text),
        # One thread: only then do the rows set aside have a number.
        arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
        arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=b'"' in text, invalid_row_handler=set_aside
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        ),
    )
    return table, ragged


def _raw(text: str) -> str:
    """A malformed record as the file has it: what was marked broken is unquoted again."""
    if not text.startswith(BROKEN):
        return text
    return text[len(BROKEN) : text.rindex('"')].replace('""', '"')


def _record_batch(
    schema: pa.Schema,
    numbers: npt.NDArray[np.int64],
    malformed: pa.Array | list[None],
    table: pa.Table,
) -> pa.RecordBatch:
    texts = pa.array(malformed, pa.string()) if isinstance(malformed, list) else malformed
    columns = [column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays([pa.array(numbers), texts, *columns], schema=schema)
