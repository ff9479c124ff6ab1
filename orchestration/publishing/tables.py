"""The files of a release: one DuckDB database of all public tables, one Parquet file of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.duckdb_files import attach_read_only, working_connection, write_parquet
from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.publishing.comments import (
    CATALOGUE,
    comment_on,
    comment_on_columns_of_schemes,
)
from orchestration.publishing.protection import (
    Protection,
    Tags,
    protected_rows,
    refuse_original_ids,
)
from orchestration.publishing.releases import DATABASE, PublishError
from orchestration.publishing.suppression import Count, without_small_groups
from orchestration.publishing.views import write_view

# Readers older than the DuckDB that writes open this; they refuse what a 2.x writes by itself.
STORAGE_VERSION = "v1.4.0"


@dataclass(frozen=True)
class PublicTable:
    """A table of the warehouse that readers of a release see in schema `main`.

    Attributes:
        schema: its schema in the warehouse.
        name: its name, there and in the release.
        kind: "table": its rows are copied, and written as Parquet; "view": its SQL is, over the
            tables that are published, and nothing is counted.
        key: the columns that tell its rows apart; the release is ordered by them.
        description: becomes the comment of the table.
        columns: comment per column. All of them have to be there; columns that are not named
            here (a scheme that only the policy knows) get their comments from its catalogue.
        measures: comment per column of the policy's metrics and attributes, for those it has.
        hashed: whether its content counts into the release's content hash. What names the run
            (release_info) does not: equal input has to give equal hashes; nor does a view.
        tags: what columns of a name hold, wherever they stand.
        counts: its columns that count customers; the table then has a column `is_suppressed` too.
    """

    schema: str
    name: str
    kind: Literal["table", "view"]
    key: tuple[str, ...]
    description: str
    columns: Mapping[str, str]
    measures: Mapping[str, str] = field(default_factory=dict)
    hashed: bool = True
    tags: Tags = field(default_factory=Tags)
    counts: tuple[Count, ...] = ()

    @property
    def order(self) -> str:
        """SQL of the order in which its rows are published."""
        return ", ".join(f"{quote_name(column)} nulls first" for column in self.key)


@dataclass(frozen=True)
class WrittenTable:
    """One table as it stands in the release: its row count and the SHA-256 of its Parquet file."""

    name: str
    key: tuple[str, ...]
    rows: int
    parquet: Path
    sha256: str
    hashed: bool


def write_database(
    warehouse: Path,
    folder: Path,
    tables: Sequence[PublicTable],
    config: Mapping[str, str],
    protection: Protection,
) -> Path:
    """Write `folder`/customer_tiers.duckdb: the tables ordered by key, with their comments.

    Raises PublishError for a table that the warehouse lacks, that lacks a described column or has
    one of personal data, or whose key does not tell its rows apart; for a view of what is not
    published; and for an id that would be published although there is a key.
    """
    database = folder / DATABASE
    with working_connection(folder.parent, config) as con:
        attach_read_only(con, warehouse, "warehouse")
        con.execute(
            f"attach {quote_text(database)} as release (storage_version '{STORAGE_VERSION}')"
        )
        # A view is made of tables that are there already.
        copied = {(table.schema, table.name) for table in tables if table.kind == "table"}
        for table in sorted(tables, key=lambda table: table.kind == "view"):
            columns = _check_columns(con, table)
            if table.kind == "view":
                write_view(con, table.schema, table.name, copied)
            else:
                _copy_table(con, table, columns, protection)
                _check_key(con, table)
            relation = f"release.main.{quote_name(table.name)}"
            told = {name: table.measures[name] for name in columns if name in table.measures}
            comment_on(con, table.kind, relation, table.description, {**told, **table.columns})
        if CATALOGUE in copied:
            comment_on_columns_of_schemes(con)
        if protection.key:
            refuse_original_ids(con)
        con.execute("detach release")
    if database.with_name(f"{DATABASE}.wal").exists():
        raise PublishError(f"{database} was closed with a write-ahead log beside it: not whole.")
    return database


def write_files(
    database: Path, tables: Sequence[PublicTable], config: Mapping[str, str]
) -> Iterator[WrittenTable]:
    """Write each table of the finished database as Parquet beside it, in the order it has there.

    The bytes depend on the rows alone, not on threads or on the order in which rows were computed:
    that is why the hash of this file, and never that of a .duckdb file, is the content hash.
    """
    with working_connection(database.parent.parent, config) as con:
        attach_read_only(con, database, "release")
        for table in tables:
            if table.kind == "view":
                continue
            parquet = database.with_name(f"{table.name}.parquet")
            relation = f"from release.main.{quote_name(table.name)}"
            rows = write_parquet(con, relation, parquet)
            sha256 = file_sha256(parquet)
            yield WrittenTable(table.name, table.key, rows, parquet, sha256, table.hashed)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_columns(con: duckdb.DuckDBPyConnection, table: PublicTable) -> list[str]:
    found = [
        str(name)
        for (name,) in con.execute(
            "select column_name from duckdb_columns() where database_name = 'warehouse' "
            "and schema_name = ? and table_name = ? order by column_index",
            [table.schema, table.name],
        ).fetchall()
    ]
    if not found:
        raise PublishError(
            f"The warehouse has no table {table.schema}.{table.name}, which is to be published. "
            "Build it (`tiers run`), or take `access: public` off its model."
        )
    missing = [name for name in (*table.key, *table.columns) if name not in found]
    if missing or not table.key:
        raise PublishError(
            f"{table.schema}.{table.name} is not what its model's yml describes. "
            f"Missing columns: {', '.join(dict.fromkeys(missing)) or 'none'}. "
            f"Key: {', '.join(table.key) or 'none, and every public table needs one'}."
        )
    if leaking := sorted(table.tags.personal & set(found)):
        raise PublishError(
            f"{table.schema}.{table.name} has columns of personal data ({', '.join(leaking)}). "
            "Take them out of the model; personal data is never published."
        )
    return found


def _copy_table(
    con: duckdb.DuckDBPyConnection,
    table: PublicTable,
    columns: Sequence[str],
    protection: Protection,
) -> None:
    """Ordered by what is published: the order of the ids would tell which pseudonym is whose."""
    relation = f"warehouse.{quote_name(table.schema)}.{quote_name(table.name)}"
    rows, bound = protected_rows(relation, columns, table.tags, protection)
    rows = without_small_groups(rows, table.counts, table.key, protection.smallest_group)
    con.execute(
        f"create table release.main.{quote_name(table.name)} as "
        f"select * from ({rows}) order by {table.order}",
        bound,
    )


def _check_key(con: duckdb.DuckDBPyConnection, table: PublicTable) -> None:
    key = ", ".join(quote_name(column) for column in table.key)
    row = con.execute(
        f"select count(*) from (select {key} from release.main.{quote_name(table.name)} "
        f"group by {key} having count(*) > 1)"
    ).fetchone()
    twice = int(row[0]) if row else 0
    if twice:
        raise PublishError(
            f"{table.schema}.{table.name}: {twice} values of its key ({', '.join(table.key)}) "
            "stand in more than one row, so its order and content hash would be left to chance. "
            "Correct the model, or the key in its yml."
        )
