"""Copying the tables of a release into a new schema, with keys and comments, and comparing them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import psycopg
import pyarrow.csv
from psycopg.sql import SQL, Composable, Identifier, Literal

from orchestration.duckdb_sql import quote_name
from orchestration.publishing.postgresql.target import MirrorError

BATCH_ROWS = 10_000
LONGEST_NAME = 63  # PostgreSQL would cut a longer one off, without an error
TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(38, 0)",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
# A number of each row, and their sum: the order of rows does not count, each of them does. NULL
# differs from an empty text.
VALUE = "coalesce({} || chr(31), chr(30))"
CONTENT = "select count(*), cast(sum({}) as {}) from {}"
NUMBER_IN_DUCKDB = "cast('0x' || substr(sha256({}), 1, 15) as bigint)"
NUMBER_IN_POSTGRESQL = (
    "('x' || substr(encode(sha256(convert_to({}, 'UTF8')), 'hex'), 1, 15))::bit(60)::bigint"
)


@dataclass(frozen=True)
class Column:
    """A column of a table of the release: its name, DuckDB's type and its comment."""

    name: str
    type: str
    comment: str | None


@dataclass(frozen=True)
class Loader:
    """Copies from the database `release` of `con` into the schema of this name."""

    con: duckdb.DuckDBPyConnection
    server: psycopg.Connection
    schema: str

    def load(self, table: str, key: Sequence[str]) -> int:
        """Make a table there, equal to the one here; returns its rows.

        Raises MirrorError for a type or a name that there is none of, and when what arrived is not
        what was sent.
        """
        columns = self._columns(table)
        there = Identifier(self.schema, table)
        self._create(table, there, columns)
        self._copy(table, there)
        self._add_key(table, there, key)
        self._comment(table, there, columns)
        self.server.execute(SQL("analyze {}").format(there))
        return self._compare(table, there, columns)

    def _columns(self, table: str) -> list[Column]:
        found = self.con.execute(
            "select column_name, data_type, comment from duckdb_columns()"
            " where database_name = 'release' and table_name = ? order by column_index",
            [table],
        ).fetchall()
        for name in (table, *(name for name, _, _ in found)):
            if len(name.encode()) > LONGEST_NAME:
                raise MirrorError(
                    f"The name of {table}.{name} has more than {LONGEST_NAME} bytes, which "
                    "PostgreSQL has no room for. Give its scheme a shorter id."
                )
        return [Column(*row) for row in found]

    def _create(self, table: str, there: Identifier, columns: Sequence[Column]) -> None:
        parts = [
            SQL("{} {}").format(Identifier(column.name), _type(table, column)) for column in columns
        ]
        self.server.execute(SQL("create table {} ({})").format(there, SQL(", ").join(parts)))

    def _copy(self, table: str, there: Identifier) -> None:
        # Frozen: whoever has an older snapshot when the schemas are swapped must not find the new
        # tables empty.
        statement = SQL("copy {} from stdin (format csv, freeze)").format(there)
        rows = self.con.sql(f"from release.main.{quote_name(table)}").to_arrow_reader(BATCH_ROWS)
        unnamed = pyarrow.csv.WriteOptions(include_header=False)
        with self.server.cursor().copy(statement) as copy:
            for batch in rows:
                text = io.BytesIO()
                # Quotes every text and no NULL, as COPY tells them apart.
                pyarrow.csv.write_csv(batch, text, unnamed)
                copy.write(text.getbuffer())

    def _add_key(self, table: str, there: Identifier, key: Sequence[str]) -> None:
        if not key:
            return  # a release from before keys were written down
        empty = " or ".join(f"{quote_name(column)} is null" for column in key)
        found = self.con.execute(
            f"select count(*) from release.main.{quote_name(table)} where {empty}"
        ).fetchone()
        kind = SQL("unique") if found and found[0] else SQL("primary key")
        names = SQL(", ").join(map(Identifier, key))
        self.server.execute(SQL("alter table {} add {} ({})").format(there, kind, names))

    def _comment(self, table: str, there: Identifier, columns: Sequence[Column]) -> None:
        (comment,) = self.con.execute(
            "select any_value(comment) from duckdb_tables()"
            " where database_name = 'release' and table_name = ?",
            [table],
        ).fetchone() or (None,)
        self.server.execute(SQL("comment on table {} is {}").format(there, Literal(comment)))
        for column in columns:
            name = Identifier(self.schema, table, column.name)
            self.server.execute(
                SQL("comment on column {} is {}").format(name, Literal(column.comment))
            )

    def _compare(self, table: str, there: Identifier, columns: Sequence[Column]) -> int:
        texts = " || ".join(
            VALUE.format(f"cast({quote_name(column.name)} as varchar)") for column in columns
        )
        here, number = f"release.main.{quote_name(table)}", NUMBER_IN_DUCKDB.format(texts)
        sent = self.con.execute(CONTENT.format(number, "varchar", here)).fetchone()
        number = NUMBER_IN_POSTGRESQL.format(texts)
        query = CONTENT.format(number, "text", there.as_string(self.server))
        arrived = self.server.execute(query.encode()).fetchone()
        if sent is None or sent != arrived:
            raise MirrorError(
                f"What arrived of {table} is not what was sent: {arrived and arrived[0]} rows of "
                f"{sent and sent[0]}, or other values in them."
            )
        return int(sent[0])


def _type(table: str, column: Column) -> Composable:
    if decimal := DECIMAL.fullmatch(column.type):
        return SQL("numeric({}, {})").format(*map(Literal, map(int, decimal.groups())))
    if column.type not in TYPES:
        raise MirrorError(
            f"{table}.{column.name} is {column.type}, which is not carried to PostgreSQL. There is "
            f"{', '.join(TYPES)} and DECIMAL."
        )
    return SQL(TYPES[column.type])
