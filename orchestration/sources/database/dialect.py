"""What each kind of database says in its own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import sqlalchemy as sa

from orchestration.sources.remote import CursorKind, Position


class Dialect(ABC):
    """One kind of database.

    Attributes:
        driver: how SQLAlchemy names it with its driver; language: how sqlglot names its SQL.
        now: SQL of the server's clock, in UTC and without a zone.
        errors: what the driver raises; value_errors: those of them that quote values.
        copies: whether it has COPY.
        numbers, times, booleans: the driver's codes of the types of these families; date: of the
            one among the times that has no hours.
        connect_seconds: how long connecting may take.
        grace: how long beyond a statement's own limit an answer may stay away before the line
            counts as dead.
        cursors: what a cursor of a type is; a type that is not here cannot be one.
    """

    driver: str
    language: str
    now: str
    errors: type[Exception]
    value_errors: type[Exception]
    copies: ClassVar = False
    connect_seconds: ClassVar = 15
    grace: ClassVar = timedelta(seconds=30)
    numbers: frozenset[int]
    times: frozenset[int]
    date: int
    booleans: frozenset[int] = frozenset()
    cursors: ClassVar[Mapping[int, CursorKind]]

    @abstractmethod
    def connect_args(self, url: sa.URL, timeout: timedelta) -> dict[str, Any]:
        """Arguments of the driver, beside those in the URL: no wait without an end."""

    def connect(self, arguments: Mapping[str, Any], timeout: timedelta) -> Any:
        """A connection of the driver; None to let SQLAlchemy make it."""
        return None

    @abstractmethod
    def session(self, timeout: timedelta, version: str) -> list[str]:
        """Statements that make a session read-only, bounded, and write moments in UTC."""

    def text(self, column: sa.ColumnElement[Any], code: int) -> sa.ColumnElement[Any]:
        """SQL of a value as the server's own exact text."""
        return sa.cast(column, sa.Text)

    def timeless(self, column: sa.ColumnElement[Any], code: int) -> sa.ColumnElement[bool]:
        """SQL: a cursor stands at no moment, so that its row has to be read each time."""
        return column.is_(None)

    def bound(self, position: Position, code: int) -> Any:
        """A position as the server compares it with a column of this type."""
        return position

    @abstractmethod
    def passes(self, error: BaseException) -> bool:
        """Whether what the driver raised may go by itself, such as a server that is away."""

    def duck_type(self, code: int) -> str:
        """A DuckDB type of the same family, which is what drift is judged by."""
        if code in self.booleans:
            return "BOOLEAN"
        if code in self.numbers:
            return "DECIMAL"
        return "TIMESTAMP" if code in self.times else "VARCHAR"


def milliseconds(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1000)
