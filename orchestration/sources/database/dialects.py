"""What PostgreSQL and MySQL each say in their own way. MariaDB is a MySQL with another timeout."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa

from orchestration.sources.database.patience import patient
from orchestration.sources.remote import CursorKind, Position

CONNECT_SECONDS = 15
# How long beyond a statement's own limit an answer may stay away before the line counts as dead.
GRACE = timedelta(seconds=30)

# Of MySQL and MariaDB: too many connections, shutting down, timeouts and deadlocks, killed, gone.
PASSING = {1040, 1053, 1205, 1213, 1317, 1927, 1969, 2002, 2003, 2006, 2013, 2014, 2055, 3024}


class Dialect(ABC):
    """One kind of database.

    Attributes:
        driver: how SQLAlchemy names it with its driver; language: how sqlglot names its SQL.
        now: SQL of the server's clock, in UTC and without a zone.
        numbers, times, booleans: the driver's codes of the types of these families.
        cursors: what a cursor of a type is; a type that is not here cannot be one.
    """

    driver: str
    language: str
    now: str
    numbers: frozenset[int]
    times: frozenset[int]
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

    def bound(self, position: Position, code: int) -> Position:
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


class PostgreSQL(Dialect):
    """PostgreSQL; its type codes are the oids of pg_type."""

    driver, language = "postgresql+psycopg", "postgres"
    now = "select clock_timestamp() at time zone 'UTC'"
    numbers = frozenset({20, 21, 23, 700, 701, 1700})
    times = frozenset({1082, 1114, 1184})
    booleans = frozenset({16})
    cursors: ClassVar[Mapping[int, CursorKind]] = {
        **dict.fromkeys((20, 21, 23), "number"),
        **dict.fromkeys((1082, 1114), "naive"),
        1184: "instant",
    }

    def connect_args(self, url: sa.URL, timeout: timedelta) -> dict[str, Any]:
        """Keepalives find a dead line even while the server is silent."""
        return {
            "connect_timeout": CONNECT_SECONDS,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "client_encoding": "utf8",
        }

    def connect(self, arguments: Mapping[str, Any], timeout: timedelta) -> Any:
        """A connection that gives up on a server that says nothing."""
        return patient(timeout + GRACE).connect(**arguments)

    def session(self, timeout: timedelta, version: str) -> list[str]:
        """Read-only by default: not even a function of the query can write."""
        return [
            "set default_transaction_read_only = on",
            f"set statement_timeout = {_milliseconds(timeout)}",
            "set timezone = 'UTC'",
            "set datestyle = 'ISO, YMD'",
            "set extra_float_digits = 1",
            "set bytea_output = 'hex'",
            "set intervalstyle = 'postgres'",
        ]

    def passes(self, error: BaseException) -> bool:
        """By the class of its SQLSTATE; a server that is not reached gives none."""
        state = getattr(error, "sqlstate", None)
        if state is None:
            return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        # Connection, conflict, resources, object in use, intervention, system.
        return state[:2] in {"08", "40", "53", "55", "57", "58"}


class MySQL(Dialect):
    """MySQL and MariaDB; their type codes are those of the protocol."""

    driver, language = "mysql+pymysql", "mysql"
    now = "select utc_timestamp(6)"
    float_, timestamp, bit, geometry = 4, 7, 16, 255
    # Of texts and of bytes: the protocol has the same types for both.
    strings = frozenset({15, 249, 250, 251, 252, 253, 254})
    numbers = frozenset({0, 1, 2, 3, 4, 5, 8, 9, 16, 246})
    times = frozenset({7, 10, 12})
    cursors: ClassVar[Mapping[int, CursorKind]] = {
        **dict.fromkeys((1, 2, 3, 8, 9), "number"),
        **dict.fromkeys((10, 12), "naive"),
        7: "instant",
    }

    def connect_args(self, url: sa.URL, timeout: timedelta) -> dict[str, Any]:
        """The driver gives up on a server that says nothing for longer than a statement may."""
        return {
            # The driver would write a text as Latin-1.
            "password": str(url.password or "").encode(),
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": (timeout + GRACE).total_seconds(),
            "charset": "utf8mb4",
        }

    def session(self, timeout: timedelta, version: str) -> list[str]:
        """The two have different names for the timeout."""
        limit = f"max_execution_time = {_milliseconds(timeout)}"
        if "mariadb" in version.lower():
            limit = f"max_statement_time = {timeout.total_seconds()}"
        return [
            "set session transaction read only",
            f"set session {limit}",
            "set session time_zone = '+00:00'",
        ]

    def text(self, column: sa.ColumnElement[Any], code: int) -> sa.ColumnElement[Any]:
        """A TIMESTAMP is an instant, which its text does not say; bits and bytes are no text.

        The text of a FLOAT is rounded to six digits, that of the same DOUBLE is not.
        """
        text = sa.cast(column, sa.Text)
        if code == self.timestamp:
            return sa.func.concat(text, "+00:00")
        if code == self.bit:
            return sa.cast(column + 0, sa.Text)
        if code == self.float_:
            return sa.cast(column + sa.literal_column("0e0"), sa.Text)
        hexadecimal = sa.func.concat("0x", sa.func.hex(column))
        if code == self.geometry:
            return hexadecimal
        if code in self.strings:
            return sa.case((sa.func.charset(column) == "binary", hexadecimal), else_=text)
        return text

    def timeless(self, column: sa.ColumnElement[Any], code: int) -> sa.ColumnElement[bool]:
        """A date may be 0000-00-00, which lies before every position."""
        missing = super().timeless(column, code)
        zero = column == sa.literal_column("0")
        return sa.or_(missing, zero) if code in self.times else missing

    def bound(self, position: Position, code: int) -> Position:
        """The session shows a TIMESTAMP in UTC and compares it with text without a zone."""
        if isinstance(position, datetime) and position.tzinfo:
            return position.astimezone(UTC).replace(tzinfo=None)
        return position

    def passes(self, error: BaseException) -> bool:
        """By its number; most errors that the driver calls operational stay."""
        return bool(error.args) and error.args[0] in PASSING


DIALECTS: dict[str, Dialect] = {
    "postgresql": PostgreSQL(),
    "postgres": PostgreSQL(),
    "mysql": MySQL(),
    "mariadb": MySQL(),
}


def _milliseconds(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1000)
