"""The statements that an entry asks its database: each one SELECT around its table or query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlglot.errors import SqlglotError

from orchestration.sources.database.dialect import Dialect
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.remote import Position


@dataclass(frozen=True)
class Column:
    """A column of an answer.

    Attributes:
        name: trimmed, as the entry calls it; source: as the database does.
        code: the driver's code of its type.
    """

    name: str
    source: str
    code: int

    @property
    def sql(self) -> sa.ColumnElement[Any]:
        """It, inside a statement."""
        return sa.column(self.source)


@dataclass(frozen=True)
class Statements:
    """What an entry asks in the words of its database."""

    entry: DatabaseEntry
    dialect: Dialect

    def described(self) -> sa.Select[Any]:
        """No rows, and their columns."""
        return sa.select(sa.text("*")).select_from(self._relation()).where(sa.false())

    def rows(
        self, columns: Sequence[Column], cursor: Column | None, since: Position | None
    ) -> sa.Select[Any]:
        """These columns as text, of the rows from a position on and of those that have none."""
        # By their positions: a label may be too long for the database, or too odd for a library.
        texts = [
            self.dialect.text(column.sql, column.code).label(f"c{position}")
            for position, column in enumerate(columns)
        ]
        select = sa.select(*texts).select_from(self._relation())
        if since is None or cursor is None:
            return select
        bound = self.dialect.bound(since, cursor.code)
        timeless = self.dialect.timeless(cursor.sql, cursor.code)
        return select.where(sa.or_(cursor.sql >= bound, timeless))

    def gone_back(self, cursor: Column, since: Position, now: Position | None) -> sa.Select[Any]:
        """The greatest cursor as text, if it lies before a position; else no row.

        Of those that have come to pass by `now`; None where a cursor is no moment.
        """
        greatest = sa.func.max(cursor.sql)
        text = self.dialect.text(greatest, cursor.code)
        select = sa.select(text).select_from(self._relation())
        if now is not None:
            select = select.where(cursor.sql <= self.dialect.bound(now, cursor.code))
        return select.having(greatest < self.dialect.bound(since, cursor.code))

    def _relation(self) -> sa.TextClause | sa.TableClause:
        if self.entry.query is not None:
            # A colon would begin a parameter.
            query = self._query(self.entry.query).replace(":", "\\:")
            return sa.text(f"({query}\n) as rows_of_query")
        schema, _, name = (self.entry.table or "").rpartition(".")
        return sa.table(name, schema=schema or None)

    def _query(self, query: str) -> str:
        """Without the semicolon at its end; comments may stand around it, and hold others."""
        try:
            tokens = sqlglot.tokenize(query, read=self.dialect.language)
        except SqlglotError:
            # The server will say what is wrong with it.
            return query
        end = len(query)
        for token in reversed(tokens):
            if token.text != ";":
                break
            end = token.start
        return query[:end]
