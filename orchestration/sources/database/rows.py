"""The rows of a database, streamed by dlt as Arrow, every value cast to text by the server.

A server knows best what its values are: its own text is exact, where a driver would round a number,
or fail on a date that Python does not have and lose the row with it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import cast

import pyarrow as pa
import sqlalchemy as sa

from orchestration.sources.database.connecting import connect
from orchestration.sources.database.statements import Column, Statements
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.positions import before_repeated_hour, beginning, later
from orchestration.sources.remote import Position, RemoteRows, shown_at, written
from orchestration.sources.source_file import SourceFile
from orchestration.sources.tabular import header, rows_per_batch


class DatabaseRows(RemoteRows):
    """A table or query, from a position on. Rows without a cursor are read each time."""

    _begin: datetime | None = None

    def __init__(
        self, source: SourceFile, table: str, entry: DatabaseEntry, since: Position | None
    ) -> None:
        """Connect, and learn the columns and the server's clock; see `connect` for errors."""
        self._source, self._table, self._entry, self.since = source, table, entry, since
        self._place = entry.origin
        self._access = connect(source, table, entry)
        self._dialect = self._access.dialect
        self._statements = Statements(entry, self._dialect)
        described = self._described()
        self.columns = header([name for name, _ in described], self._place)
        self._columns = {
            name: Column(name, *column)
            for name, column in zip(self.columns, described, strict=True)
        }
        self.types = {
            name: self._dialect.duck_type(column.code) for name, column in self._columns.items()
        }
        self.about = (self._dialect.driver.partition("+")[0],)
        self.cursor = entry.cursor
        if entry.cursor:
            self._check_cursor(entry.cursor)

    def clock(self) -> datetime:
        """Of the server."""
        return self._clock

    def explained(self, error: Exception) -> SourceError | None:
        """An error of the database."""
        return self._access.explained(error, self._place)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows from the position on; all of them when the cursor has gone back behind it."""
        if note := self._gone_back():
            self.notes, self.since = (*self.notes, note), None
        return self._read(self.columns, self.since)

    def present(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch] | None:
        """The keys that are there now, when the entry asks to compare them."""
        return self.watched(self._read(columns, None)) if self._entry.deletes else None

    def _read(self, columns: Sequence[str], since: Position | None) -> Iterator[pa.RecordBatch]:
        # Imported here: they take a second that sources without a database need not pay.
        from orchestration.sources.database.copying import CopyLoader
        from orchestration.sources.quiet_dlt import TableLoader

        chosen = [self._columns[name] for name in columns]
        cursor = self._columns.get(self.cursor or "")
        select = self._statements.rows(chosen, cursor, later(since, self._begin))
        labels = [str(column.name) for column in select.exported_columns]
        loader = (CopyLoader if self._dialect.copies else TableLoader)(
            engine=self._access.engine,
            backend="pyarrow",
            table=sa.Table("rows", sa.MetaData()),
            columns={label: {"name": label, "data_type": "text"} for label in labels},
            chunk_size=rows_per_batch(columns),
            query_adapter_callback=lambda _select, _table: select.limit(self.limit),
        )
        schema = pa.schema([(label, pa.string()) for label in labels])
        tables = cast("Generator[pa.Table]", loader.load_rows())
        with closing(tables):  # and with them the connection
            for table in tables:
                yield from table.cast(schema).combine_chunks().to_batches()

    def _gone_back(self) -> str | None:
        """What to say when the greatest cursor that came to pass lies before the position."""
        if self.since is None or self.cursor is None:
            return None
        # A row may be dated in the future, and would hide that all others went back.
        now = (
            None
            if self.cursor_kind == "number"
            else shown_at(self._clock, self.cursor_kind, self._source.timezone)
        )
        statement = self._statements.gone_back(self._columns[self.cursor], self.since, now)
        with self._access.engine.connect() as connection:
            greatest = connection.execute(statement).scalar()
        if greatest is None:
            return None
        return (
            f"{self.cursor} is at most {greatest}, but was to be read from {written(self.since)}"
            " on: it went back, so everything was read again"
        )

    def _described(self) -> list[tuple[str, int]]:
        """Name and type code of every column; sets the clock."""
        place = "url"
        try:
            with self._access.engine.connect() as connection:
                place = "table" if self._entry.table else "query"
                answer = connection.execute(self._statements.described()).cursor
                described = [(str(name), int(str(code))) for name, code, *_ in answer.description]
                now: datetime = connection.execute(sa.text(self._dialect.now)).scalar_one()
        except sa.exc.SQLAlchemyError as error:
            raise self._unusable(error, place) from None
        self._clock = now.replace(tzinfo=UTC)
        return described

    def _unusable(self, error: sa.exc.SQLAlchemyError, place: str) -> SourceError:
        """What is wrong with the place, with its line in the source file."""
        told = self._access.explained(error, self._place)
        assert told is not None
        expected = told.expected
        if place != "url" and not told.transient:
            names = self._access.tables((self._entry.table or "").rpartition(".")[0])
            expected = f"There is: {', '.join(names) or 'nothing'}."
        located = self._source.error(
            told.problem, self._table, self._entry, place, expected=expected
        )
        located.transient = told.transient
        return located

    def _check_cursor(self, cursor: str) -> None:
        column = self._columns.get(cursor)
        if column is None:
            problem = f"{self._place} has no column {cursor!r}"
            raise self._mistake("cursor", problem, f"It has: {', '.join(self.columns)}.")
        kind = self._dialect.cursors.get(column.code)
        if kind is None:
            problem = f"{cursor!r} is neither a moment nor a whole number"
            expected = "Take a column such as updated_at, or an id that only grows."
            raise self._mistake("cursor", problem, expected)
        self._check_what_goes_with(cursor, counts=kind == "number")
        self.cursor_kind = kind
        self._begin = beginning(self._entry.begin, kind, self._source.timezone)
        if not isinstance(self.since, datetime):
            return
        if column.code == self._dialect.date:
            # The overlap may begin within a day: all rows of that day bear its midnight.
            self.since = self.since.replace(hour=0, minute=0, second=0, microsecond=0)
        elif kind == "naive":
            self.since = before_repeated_hour(self.since, self._source.timezone)

    def _check_what_goes_with(self, cursor: str, *, counts: bool) -> None:
        """A cursor that counts has no days and durations, one of moments no counts."""
        overlap = self._entry.overlap
        if overlap is not None and isinstance(overlap, int) != counts:
            said, held, wanted = (
                ("a duration", "numbers", "how many are read again, such as 5000")
                if counts
                else ("a count", "moments", "a duration, such as 2 days")
            )
            problem = f"is {said}, but {cursor!r} holds {held}"
            raise self._mistake("overlap", problem, f"Write {wanted}.")
        if counts and self._entry.begin:
            problem = f"is a day, but {cursor!r} holds numbers"
            raise self._mistake("begin", problem, "Leave older rows out by a query instead.")

    def _mistake(self, key: str, problem: str, expected: str) -> SourceError:
        return self._source.error(problem, self._table, self._entry, key, expected=expected)
