"""What every file format gives: named columns, and rows of text that DuckDB can stream."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from orchestration.sources.errors import SourceError

ROWS_PER_BATCH = 50_000
CELLS_PER_BATCH = 2_000_000
MOST_COLUMNS = 5_000


class TabularFile(ABC):
    """One file of rows, opened: its header is known, its rows are not yet read.

    Attributes:
        path: the file.
        columns: the names of its columns, trimmed, in their order; unnamed ones are `column_<n>`.
        types: DuckDB type of each column by name; empty where the format has only text.
        about: what was found, for people, such as `csv, utf-8, delimiter ;`.
        records: how many rows were read; set once all have been.
    """

    path: Path
    columns: tuple[str, ...]
    types: Mapping[str, str] = MappingProxyType({})
    about: str
    records: int | None = None

    @abstractmethod
    def attach(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Make the rows readable as `name`: once, in the order of the file.

        Its columns are `_row` (BIGINT, from 1), `_malformed` (text of a record that could not be
        split, else NULL) and `c0`, `c1` … (VARCHAR) for `columns`.
        """

    def failure(self) -> SourceError | None:
        """Why reading stopped halfway; None when it did not. An engine hides it behind its own."""
        return None


class StreamedFile(TabularFile):
    """A file whose rows Python hands to DuckDB in batches, so that only one is in memory."""

    _failure: SourceError | None = None

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches of `schema_of(self.columns)`."""

    def attach(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Register the stream of batches as `name`; it can be read once."""
        schema = schema_of(self.columns)
        reader = pa.RecordBatchReader.from_batches(schema, self._counted())
        connection.register(name, reader)

    def failure(self) -> SourceError | None:
        """The error that ended the stream."""
        return self._failure

    def _counted(self) -> Iterator[pa.RecordBatch]:
        records = 0
        try:
            for batch in self.batches():
                records += batch.num_rows
                yield batch
        except SourceError as error:
            self._failure = SourceError(
                error.problem,
                file=error.file or self.path,
                line=error.line,
                expected=error.expected,
            )
            raise
        except (OSError, UnicodeError) as error:
            # It was readable throughout when its encoding was found.
            self._failure = SourceError(
                f"cannot be read to its end: {getattr(error, 'strerror', None) or 'it changed'}",
                file=self.path,
            )
            raise
        self.records = records


def rows_per_batch(columns: Sequence[str]) -> int:
    """How many rows a batch may have, so that its cells fit in memory."""
    return min(ROWS_PER_BATCH, CELLS_PER_BATCH // len(columns))


def schema_of(columns: Sequence[str]) -> pa.Schema:
    """The Arrow schema of a streamed file's rows."""
    return pa.schema(
        [("_row", pa.int64()), ("_malformed", pa.string())]
        + [(f"c{position}", pa.string()) for position in range(len(columns))]
    )


def header(
    cells: Sequence[str | None], path: Path | str, places: Sequence[int] = ()
) -> tuple[str, ...]:
    """Column names from a header row, trimmed; an unnamed one is called by its position.

    `places` are the columns of the cells in the file, from 1, where it has others beside them.

    Raises SourceError for no name, a name that stands twice, or more than 5,000 columns.
    """
    if len(cells) > MOST_COLUMNS:
        raise SourceError(
            f"has {len(cells):,} columns; the most is {MOST_COLUMNS:,}",
            file=path,
            line=1,
            expected="Is it a table? Export its values as rows rather than as columns.",
        )
    given = [(cell or "").strip() for cell in cells]
    if not any(given):
        raise SourceError("has no header", file=path, expected="Its first row names the columns.")
    names = tuple(name or f"column_{position}" for position, name in enumerate(given, start=1))
    standing: dict[str, list[str]] = {}
    for name, place in zip(names, places or range(1, len(names) + 1), strict=True):
        standing.setdefault(name, []).append(str(place))
    alike = [" and ".join(found) for found in standing.values() if len(found) > 1]
    if alike:
        # By number: without a header line, what stands twice are values of a first row.
        raise SourceError(
            f"has several columns of the same name, counted from 1: {'; '.join(alike)}",
            file=path,
            line=1,
            expected="Rename them, since which one is meant cannot be told; or has it no header?",
        )
    return names


def columns_told(found: Sequence[str], known: Collection[str], wanted: str | None = None) -> str:
    """The columns that were found, for a message, and which of them may be meant by `wanted`.

    Where none of them is known they may be the values of a first row, so none is told.
    """
    letters = {name.casefold() for name in known}
    if not any(name.casefold() in letters for name in found):
        return f"None of its {len(found)} columns is known here: has it a header line?"
    close = []
    if wanted is not None:
        same = [name for name in found if name.casefold() == wanted.casefold()]
        close = [*same, *get_close_matches(wanted, found, n=1)][:1]
    return (f"Did you mean {close[0]}? " if close else "") + f"It has: {', '.join(found)}."
