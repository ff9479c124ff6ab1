"""The schema that releases are shown in, on a server of the tests, and who may read it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psycopg

from bench.servers import Database
from orchestration.publishing import Release
from orchestration.publishing.postgresql import Mirrored, Target, mirror

SCHEMA = "customer_tiers"


def nothing_to_say(text: str) -> None:
    """A report that nobody reads."""


class MirroredSchema:
    """A database of a server, and the schema of releases in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.target = Target(url, SCHEMA)

    @classmethod
    def of(cls, database: Database) -> "MirroredSchema":
        """That of a database of the tests."""
        # SQLAlchemy leaves a space as it is, and libpq would take it away.
        return cls(database.url.replace("+psycopg", "").replace(" ", "%20"))

    def show(
        self,
        release: Release,
        report: Callable[[str], None] = nothing_to_say,
        patience: float = 30.0,
    ) -> Mirrored | None:
        """Let it show a release."""
        return mirror(release, self.target, config={}, report=report, patience=patience)

    @contextmanager
    def connect(self, role: str | None = None) -> Iterator[psycopg.Connection]:
        """A connection of the owner, or of somebody with the rights of a role."""
        with psycopg.connect(self.url) as connection:
            if role:
                connection.execute(f"set role {role}".encode())
            yield connection

    def query(self, sql: str, role: str | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.connect(role) as connection:
            return connection.execute(sql.encode()).fetchall()

    def execute(self, *statements: str) -> None:
        """Run statements, each committed by itself."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def schemas(self) -> list[str]:
        """Every schema that is not the server's own."""
        found = self.query(
            "select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$|^public$'"
            " order by nspname"
        )
        return [name for (name,) in found]

    def tables(self) -> list[str]:
        """What stands in the schema."""
        found = self.query(f"select tablename from pg_tables where schemaname = '{SCHEMA}'")
        return sorted(name for (name,) in found)


def rows_of_the_schema(schema: MirroredSchema, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table as a client of PostgreSQL gets them, in an order of their own."""
    return sorted(schema.query(f"select * from {SCHEMA}.{table}"), key=repr)


def rows_of_the_database(release: Release, table: str) -> list[tuple[Any, ...]]:
    """The same of the DuckDB file."""
    with duckdb.connect(release.database, read_only=True) as con:
        return sorted(con.execute(f"from {table}").fetchall(), key=repr)


def rows_of_parquet(release: Release, table: str) -> list[tuple[Any, ...]]:
    """The same of the Parquet file, read by pandas; what is missing there is None."""
    frame = pd.read_parquet(Path(release.path) / f"{table}.parquet", dtype_backend="pyarrow")
    columns = [frame[name].astype(object) for name in frame]
    rows = zip(*([_plain(value) for value in column] for column in columns), strict=True)
    return sorted(rows, key=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value if isinstance(value, str | Decimal) or not pd.isna(value) else None
