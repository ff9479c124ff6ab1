"""PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa

from orchestration.sources.database.dialect import Dialect, milliseconds
from orchestration.sources.database.patience import patient
from orchestration.sources.remote import CursorKind, Position


class PostgreSQL(Dialect):
    """PostgreSQL; its type codes are the oids of pg_type."""

    driver, language = "postgresql+psycopg", "postgres"
    errors, value_errors, copies = psycopg.Error, psycopg.DataError, True
    now = "select clock_timestamp() at time zone 'UTC'"
    numbers = frozenset({20, 21, 23, 700, 701, 1700})
    times, date = frozenset({1082, 1114, 1184}), 1082
    booleans = frozenset({16})
    cursors: ClassVar[Mapping[int, CursorKind]] = {
        **dict.fromkeys((20, 21, 23), "number"),
        **dict.fromkeys((1082, 1114), "naive"),
        1184: "instant",
    }

    def connect_args(self, url: sa.URL, timeout: timedelta) -> dict[str, Any]:
        """Keepalives find a dead line even while the server is silent."""
        return {
            "connect_timeout": self.connect_seconds,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "client_encoding": "utf8",
        }

    def connect(self, arguments: Mapping[str, Any], timeout: timedelta) -> Any:
        """A connection that gives up on a server that says nothing."""
        return patient(timeout + self.grace).connect(**arguments)

    def session(self, timeout: timedelta, version: str) -> list[str]:
        """Read-only by default: not even a function of the query can write."""
        return [
            "set default_transaction_read_only = on",
            f"set statement_timeout = {milliseconds(timeout)}",
            "set timezone = 'UTC'",
            "set datestyle = 'ISO, YMD'",
            "set extra_float_digits = 1",
            "set bytea_output = 'hex'",
            "set intervalstyle = 'postgres'",
        ]

    def timeless(self, column: sa.ColumnElement[Any], code: int) -> sa.ColumnElement[bool]:
        """A moment may be -infinity, which lies before every position."""
        missing = super().timeless(column, code)
        endless = column == sa.literal_column("'-infinity'")
        return sa.or_(missing, endless) if code in self.times else missing

    def bound(self, position: Position, code: int) -> Any:
        """A moment keeps its hours where a date is compared with it."""
        if isinstance(position, datetime):
            return sa.cast(position, sa.TIMESTAMP(timezone=position.tzinfo is not None))
        return position

    def passes(self, error: BaseException) -> bool:
        """By the class of its SQLSTATE; a server that is not reached gives none."""
        state = getattr(error, "sqlstate", None)
        if state is None:
            return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        # Connection, conflict, resources, object in use, intervention, system.
        return state[:2] in {"08", "40", "53", "55", "57", "58"}
