"""MySQL and MariaDB, which is a MySQL with another timeout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pymysql
import sqlalchemy as sa

from orchestration.sources.database.dialect import Dialect, milliseconds
from orchestration.sources.remote import CursorKind, Position

# Errors that pass: too many connections, shutting down, timeouts and deadlocks, killed, gone.
PASSING = {1040, 1053, 1205, 1213, 1317, 1927, 1969, 2002, 2003, 2006, 2013, 2014, 2055, 3024}


class MySQL(Dialect):
    """MySQL and MariaDB; their type codes are those of the protocol."""

    driver, language = "mysql+pymysql", "mysql"
    errors, value_errors = pymysql.Error, pymysql.DataError
    now = "select utc_timestamp(6)"
    float_, timestamp, bit, geometry = 4, 7, 16, 255
    # Of texts and of bytes: the protocol has the same types for both.
    strings = frozenset({15, 249, 250, 251, 252, 253, 254})
    numbers = frozenset({0, 1, 2, 3, 4, 5, 8, 9, 16, 246})
    times, date = frozenset({7, 10, 12}), 10
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
            "connect_timeout": self.connect_seconds,
            "read_timeout": (timeout + self.grace).total_seconds(),
            "charset": "utf8mb4",
        }

    def session(self, timeout: timedelta, version: str) -> list[str]:
        """The two have different names for the timeout."""
        limit = f"max_execution_time = {milliseconds(timeout)}"
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

    def bound(self, position: Position, code: int) -> Any:
        """The session shows a TIMESTAMP in UTC and compares it with text without a zone."""
        if isinstance(position, datetime) and position.tzinfo:
            return position.astimezone(UTC).replace(tzinfo=None)
        return position

    def passes(self, error: BaseException) -> bool:
        """By its number; most errors that the driver calls operational stay."""
        return bool(error.args) and error.args[0] in PASSING
