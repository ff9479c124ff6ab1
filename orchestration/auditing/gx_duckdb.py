"""A SQLAlchemy dialect through which Great Expectations can read DuckDB.

Great Expectations takes the rows of a result after it gave the connection back to the pool, which
rolls the connection back. duckdb-engine has one cursor per connection, so by then the rows are gone
and every expectation ends in "list index out of range". Here every statement has its own cursor,
and its rows are read at once. A test says when upstream no longer needs this.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, CursorWrapper, Dialect
from sqlalchemy import TryCast, pool, text
from sqlalchemy.dialects import registry
from sqlalchemy.types import NullType

from orchestration.duckdb_sql import quote_name, quote_text, stripped

NAME = "tiers_gate"
registry.register(NAME, __name__, "GateDialect")
# SQLAlchemy keeps this compiler, which nothing here uses, and with it DuckDB's module beyond the
# end of the interpreter, where DuckDB's binding would print pages about leaked functions.
TryCast._compiler_dispatcher.specs.pop("duckdb", None)  # type: ignore[attr-defined]


@dataclass
class GateDatabase:
    """A database that is open for an audit.

    Attributes:
        url: what SQLAlchemy connects to; known in this process only and until the audit ends.
        columns: column names in order, by (schema, relation).
        schema: where the next statements look up names without a schema.
    """

    url: str
    connection: duckdb.DuckDBPyConnection
    columns: Mapping[tuple[str, str], tuple[str, ...]] = field(init=False)
    schema: str = "main"
    cursors: list[duckdb.DuckDBPyConnection] = field(default_factory=list)

    def __post_init__(self) -> None:
        columns: dict[tuple[str, str], tuple[str, ...]] = {}
        for schema, relation, column in self.connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_catalog = current_database() order by ordinal_position"
        ).fetchall():
            columns[schema, relation] = (*columns.get((schema, relation), ()), column)
        self.columns = columns

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor that is closed with the database, whoever still holds it."""
        cursor = self.connection.cursor()
        self.cursors.append(cursor)
        cursor.execute(f"use {quote_name(self.schema)}")
        return cursor

    def tabulate(self, query: str) -> list[str]:
        """The rows of a query, below the names of its columns, as lines for people."""
        rows = self.cursor().execute(query).df()
        return rows.to_string(index=False).splitlines()

    def close(self) -> None:
        """Close every cursor and the database, and with it let go of the file."""
        for cursor in self.cursors:
            cursor.close()
        self.connection.close()


_OPEN: dict[str, GateDatabase] = {}


@contextmanager
def open_for_gate(
    database: Path | None, parquet: Mapping[str, str], config: Mapping[str, str]
) -> Iterator[GateDatabase]:
    """Open a DuckDB file read-only, or Parquet files in memory, and let go of it afterwards.

    Args:
        database: the DuckDB file, or None.
        parquet: without a database, the name of a view and the Parquet file that it reads.
        config: DuckDB settings, such as {"threads": "2", "memory_limit": "4GB"}.

    Raises duckdb.Error when the file cannot be opened or read.
    """
    connection = duckdb.connect(database or ":memory:", read_only=database is not None)
    token = uuid.uuid4().hex
    try:
        # Not when it connects: DuckDB refuses connections of a process to one file that differ.
        # Of Parquet nothing is asked that would have to spill, and there is no place for it.
        aside = {} if database else {"temp_directory": ""}
        for setting, value in {**config, **aside}.items():
            connection.execute(f"set {setting} = {quote_text(value)}")
        for name, path in parquet.items():
            view = f"create view {quote_name(name)} as from read_parquet({quote_text(path)})"
            connection.execute(view)
        if parquet:
            # Texts as they landed; conditions by hand are to read them as staging does.
            connection.execute(f"create macro stripped(value) as {stripped('value')}")
        _OPEN[token] = GateDatabase(f"{NAME}:///{token}", connection)
        yield _OPEN[token]
    finally:
        opened = _OPEN.pop(token, None)
        opened.close() if opened else connection.close()


class GateCursor(CursorWrapper):
    """One statement's cursor, which reads all rows at once: an audit asks for few.

    Great Expectations takes the first row of a count and no more. As long as a result is not read
    to its end, DuckDB keeps what the statement worked with, such as the groups of all customers.
    """

    rowcount = -1
    description: Any = None

    def __init__(self, cursor: duckdb.DuckDBPyConnection, connection: "GateConnection") -> None:
        super().__init__(cursor, connection)
        self._cursor = cursor
        self._rows: Iterator[tuple[Any, ...]] = iter(())

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        super().execute(statement, parameters, context)
        self.description = self._cursor.description
        self._rows = iter(self._cursor.fetchall() if self.description else ())
        self._cursor.close()

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        return list(islice(self._rows, size or 1))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def close(self) -> None:
        self._cursor.close()


class GateConnection(ConnectionWrapper):
    """What SQLAlchemy takes for a connection: it gives each statement a cursor of its own."""

    def __init__(self, database: GateDatabase) -> None:
        super().__init__(database.connection)
        self._database = database

    def cursor(self) -> GateCursor:
        return GateCursor(self._database.cursor(), self)

    def close(self) -> None:
        """The database is closed by `open_for_gate`, which opened it."""


class GateDialect(Dialect):
    """duckdb-engine's dialect for reading a database that `open_for_gate` holds open."""

    supports_statement_cache = False

    @classmethod
    def get_pool_class(cls, url: object) -> type[pool.Pool]:
        return pool.StaticPool

    def connect(self, *_: Any, **arguments: Any) -> Any:
        """The connection that SQLAlchemy works with: one of ours, by the token in its URL."""
        return GateConnection(_OPEN[arguments["database"]])

    def do_begin(self, dbapi_connection: object) -> None:
        """Nothing is written, so there is nothing to begin, commit or roll back."""

    def do_commit(self, dbapi_connection: object) -> None:
        """See `do_begin`."""

    def do_rollback(self, dbapi_connection: object) -> None:
        """See `do_begin`."""

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> Any:
        """The columns of a relation; the Postgres catalogue query behind this fails on DuckDB."""
        names = connection.execute(
            text(
                "select column_name from information_schema.columns where table_name = :name and"
                " table_schema = coalesce(:schema, current_schema()) and table_catalog ="
                " current_database() order by ordinal_position"
            ),
            {"name": table_name, "schema": schema},
        ).scalars()
        return [
            {"name": name, "type": NullType(), "nullable": True, "default": None} for name in names
        ]

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> Any:
        """None: no expectation asks for keys by constraint, and looking them up takes long."""
        return {"constrained_columns": [], "name": None}
