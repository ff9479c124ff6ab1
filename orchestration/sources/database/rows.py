"""The rows of a database, streamed by dlt as Arrow, every value cast to text by the server.

A server knows best what its values are: its own text is exact, where a driver would round a number,
or fail on a date that Python does not have and lose the row with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from orchestration.sources.database.connecting import connect, explained
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.remote import Position, RemoteRows, written
from orchestration.sources.source_file import SourceFile
from orchestration.sources.tabular import header, rows_per_batch


class DatabaseRows(RemoteRows):
    """A table or query, from a position on. Rows without a cursor are read each time."""

    def __init__(
        self, source: SourceFile, table: str, entry: DatabaseEntry, since: Position | None
    ) -> None:
        """Connect, and learn the columns and the server's clock; see `connect` for errors."""
        self._entry, self._since = entry, since
        self._engine, self._dialect, self._hidden = connect(source, table, entry)
        self._place = f"{entry.url}: {entry.table or 'query'}"
        try:
            with self._engine.connect() as connection:
                described = connection.execute(
                    sa.select(sa.text("*")).select_from(self._relation()).where(sa.false())
                ).cursor.description
                now: datetime = connection.execute(sa.text(self._dialect.now)).scalar_one()
        except sa.exc.SQLAlchemyError as error:
            raise explained(error, self._place, self._hidden) or error from None
        self.columns = header([name for name, *_ in described], self._place)
        self._clock = now.replace(tzinfo=UTC)
        codes = [int(str(code)) for _, code, *_ in described]
        self._codes = dict(zip(self.columns, codes, strict=True))
        self.types = {name: self._dialect.duck_type(code) for name, code in self._codes.items()}
        self.about = (self._dialect.driver.partition("+")[0],)
        self.cursor = entry.cursor
        if entry.cursor:
            self._check_cursor(source, table, entry, entry.cursor)

    def clock(self) -> datetime:
        """Of the server."""
        return self._clock

    def explained(self, error: Exception) -> SourceError | None:
        """An error of the database."""
        return explained(error, self._place, self._hidden)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows from the position on; all of them when the cursor has gone back behind it."""
        found = 0
        for batch in self._read(self.columns, self._since):
            found += batch.num_rows
            yield batch
        if self._since is not None and not found and (note := self._gone_back()):
            self.notes += (note,)
            yield from self._read(self.columns, None)

    def present(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch] | None:
        """The keys that are there now, when the entry asks to compare them."""
        return self.watched(self._read(columns, None)) if self._entry.deletes else None

    def _read(self, columns: Sequence[str], since: Position | None) -> Iterator[pa.RecordBatch]:
        # Imported here: it takes a second that sources without a database need not pay.
        from dlt.sources.sql_database import sql_table

        described = sa.MetaData()
        sa.Table("rows", described, *(sa.Column(name, sa.Text) for name in columns))
        resource = sql_table(
            credentials=self._engine,
            table="rows",
            metadata=described,
            backend="pyarrow",
            chunk_size=rows_per_batch(columns),
            query_adapter_callback=lambda select, table: self._select(columns, since),
        )
        schema = pa.schema([(name, pa.string()) for name in columns])
        for table in resource:
            yield from table.cast(schema).combine_chunks().to_batches()

    def _select(self, columns: Sequence[str], since: Position | None) -> sa.Select[Any]:
        texts = [
            self._dialect.text(sa.column(name), self._codes[name]).label(name) for name in columns
        ]
        select = sa.select(*texts).select_from(self._relation())
        if since is not None and self.cursor:
            cursor: sa.ColumnElement[Any] = sa.column(self.cursor)
            bound = self._dialect.bound(since, self._codes[self.cursor])
            select = select.where(sa.or_(cursor >= bound, cursor.is_(None)))
        return select

    def _relation(self) -> sa.TextClause | sa.TableClause:
        if self._entry.query is not None:
            # A colon would begin a parameter.
            query = self._entry.query.strip().rstrip(";").replace(":", "\\:")
            return sa.text(f"({query}\n) as rows_of_query")
        schema, _, name = (self._entry.table or "").rpartition(".")
        return sa.table(name, schema=schema or None)

    def _gone_back(self) -> str | None:
        """Why nothing was found, if the greatest cursor now lies before the position."""
        cursor: sa.ColumnElement[Any] = sa.column(self.cursor or "")
        with self._engine.connect() as connection:
            greatest = connection.execute(
                sa.select(sa.func.max(cursor)).select_from(self._relation())
            ).scalar()
        if greatest is None:
            return None
        return (
            f"{self.cursor} is at most {greatest}, but was read up to"
            f" {written(self._since or 0)}: it went back, so everything was read again"
        )

    def _check_cursor(
        self, source: SourceFile, table: str, entry: DatabaseEntry, cursor: str
    ) -> None:
        if cursor not in self._codes:
            raise source.error(
                f"{self._place} has no column {cursor!r}",
                table,
                entry,
                "cursor",
                expected=f"It has: {', '.join(self.columns)}.",
            )
        kind = self._dialect.cursors.get(self._codes[cursor])
        if kind is None:
            raise source.error(
                f"{cursor!r} is neither a moment nor a whole number",
                table,
                entry,
                "cursor",
                expected="Take a column such as updated_at, or an id that only grows.",
            )
        self.cursor_kind = kind
