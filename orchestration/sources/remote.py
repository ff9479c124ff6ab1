"""Sources that are asked rather than opened: they answer with their rows from a position on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from orchestration.canonical import CanonicalTable, canonical_tables
from orchestration.sources.engine import Resources, confined
from orchestration.sources.entries import CrmEntry, DatabaseEntry, RemoteEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.mapping import mapping_hash
from orchestration.sources.rows import Rows
from orchestration.sources.source_file import SourceFile
from orchestration.sources.tabular import schema_of

# Where a cursor stands: a moment, naive where its column has no zone, or a number.
Position = datetime | int
CursorKind = Literal["instant", "epoch_ms", "epoch_s", "naive", "number"]
INSTANTS = ("instant", "epoch_ms", "epoch_s")


class RemoteRows(Rows):
    """The answer of a source, read once; every value is text, as the source itself writes it.

    Attributes:
        cursor: the column that tells what is new; None when everything is read.
        cursor_kind: what its values are; an instant has an offset or is written in UTC, an epoch
            counts milliseconds or seconds.
        since: the position from which on it answers; None when it tells everything. May turn to
            None while rows are read.
        limit: how many rows are wanted at most; None for all.
        notes: what a person should know of this answer; complete once all rows are read.
    """

    misfit = "holds a value that cannot be read"
    cursor: str | None = None
    cursor_kind: CursorKind = "instant"
    since: Position | None = None
    limit: int | None = None
    notes: tuple[str, ...] = ()
    _failure: SourceError | None = None
    _records: int | None = None
    _stream: Generator[pa.RecordBatch] | None = None

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, as batches whose columns are text, in the order of `columns`."""

    @abstractmethod
    def clock(self) -> datetime:
        """What the source's own clock showed when it was opened, with its zone.

        A cursor beyond it is no reason to overlook what comes after.
        """

    @abstractmethod
    def explained(self, error: Exception) -> SourceError | None:
        """What an error of the source means, without secrets and values; None when it is ours."""

    def present(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch] | None:
        """These columns of every row that the source has now; None when it need not be asked."""
        return None

    def deleted(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch] | None:
        """These columns of every row that the source says it deleted; None when it cannot say."""
        return None

    def open(
        self, resources: Resources, target: Path | None
    ) -> tuple[duckdb.DuckDBPyConnection, str]:
        """The rows, streamed."""
        schema = schema_of(self.columns)
        self._stream = self._numbered(schema)
        reader = pa.RecordBatchReader.from_batches(schema, self._stream)
        files = [target] if target else []
        return confined(resources, files, lambda engine: _register(engine, reader)), "rows"

    @property
    def records(self) -> int | None:
        """How many rows the source answered with."""
        return self._records

    def failure(self) -> SourceError | None:
        """The error that ended the answer."""
        return self._failure

    def close(self) -> None:
        """End the stream where it is; a source may hold a session open for it."""
        if self._stream is not None:
            self._stream.close()

    def watched(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches; an error of the source is kept for `failure`, since an engine hides it."""
        try:
            yield from batches
        except Exception as error:
            self._failure = error if isinstance(error, SourceError) else self.explained(error)
            raise

    def _numbered(self, schema: pa.Schema) -> Generator[pa.RecordBatch]:
        records = 0
        for batch in self.watched(self.batches()):
            numbers = pa.array(range(records + 1, records + 1 + batch.num_rows), pa.int64())
            whole = pa.nulls(batch.num_rows, pa.string())
            records += batch.num_rows
            yield pa.RecordBatch.from_arrays([numbers, whole, *batch.columns], schema=schema)
        self._records = records


def _register(engine: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> None:
    engine.register("rows", reader)


@dataclass(frozen=True)
class Question:
    """One entry of a source that is asked, and the position from which on.

    Attributes:
        since: None when everything is wanted.
    """

    source: SourceFile
    table: CanonicalTable
    entry: RemoteEntry
    since: Position | None = None
    limit: int | None = None

    @property
    def origin(self) -> str:
        """How the place is written in a receipt."""
        return self.entry.origin

    @property
    def mapping_sha256(self) -> str:
        """Of everything that shapes the rows."""
        return mapping_hash(self.entry)

    def open(self) -> RemoteRows:
        """Connect, and learn the columns. SourceError: it does not answer, or has no such table."""
        # Imported here: each takes a while that sources of the other kind need not pay.
        match self.entry:
            case DatabaseEntry():
                from orchestration.sources.database import DatabaseRows

                return DatabaseRows(self.source, self.table.name, self.entry, self.since)
            case CrmEntry():
                from orchestration.sources.crm.rows import CrmRows

                return CrmRows(self.source, self.table.name, self.entry, self.since)
        raise TypeError(f"nothing reads a {type(self.entry).__name__}")

    def changed(self) -> str | None:
        """Nothing to compare: an answer is read from one state of the source, or told again."""
        return None


def question(
    source: SourceFile, table: str, entry: RemoteEntry, since: Position | None = None
) -> Question:
    """The question that an entry asks."""
    return Question(source, canonical_tables()[table], entry, since)


def moment(text: str) -> Position:
    """A position as `written` writes it."""
    return int(text) if text.lstrip("-").isdecimal() else datetime.fromisoformat(text)


def written(position: Position) -> str:
    """A position as text; an instant in UTC."""
    if isinstance(position, datetime):
        position = position.astimezone(UTC) if position.tzinfo else position
        return position.isoformat(sep=" ")
    return str(position)


def shown_at(clock: datetime, kind: CursorKind, zone: str) -> datetime:
    """What a column of this kind would hold at the moment of `clock`; naive is of the zone."""
    return clock if kind in INSTANTS else clock.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
