"""One file per department: of the published tables what it may see, and nothing else.

Who sees what stands in the published tables `audiences` and `audience_columns`, where anybody can
look it up. Three things hold beside the columns that are listed there: the key of a table comes
along; a table of customers and schemes keeps to the schemes that the audience sees in
`customer_classes`; and an audience `without_opted_out` gets rows of customers alone who are in
`customer_facts` and have not opted out there: of those who left it nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach_read_only, working_connection
from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.publishing.comments import copy_comments
from orchestration.publishing.releases import PublishError
from orchestration.publishing.tables import STORAGE_VERSION, PublicTable

RIGHTS = "audience_columns"
NAME = re.compile(r"[a-z][a-z0-9_]*")
NOT_PUBLISHED = f"""
select allowed.audience, allowed.table_name, allowed.column_name
from release.main.{RIGHTS} as allowed
anti join (from duckdb_columns() where database_name = 'release' and schema_name = 'main')
    using (table_name, column_name)
order by all
"""
SHARED_COLUMNS = f"""
select column_name from duckdb_columns()
where database_name = 'release' and schema_name = 'main' and table_name = $table and (
    list_contains($key, column_name)
    or column_name in (
        select column_name from release.main.{RIGHTS}
        where audience = $audience and table_name = $table
    )
)
order by column_index
"""


@dataclass(frozen=True)
class WrittenAudience:
    """The file of one department, with the row count of each of its tables.

    It needs no content hash of its own: what is in it follows from the tables of the release, the
    rights among them, and their content is hashed.
    """

    name: str
    database: Path
    rows: Mapping[str, int]


def write_audiences(
    database: Path, tables: Sequence[PublicTable], config: Mapping[str, str]
) -> Iterator[WrittenAudience]:
    """Write audience_<name>.duckdb beside the finished database, one for each of `audiences`.

    None where no rights are published. Raises PublishError for a right to what is not published,
    naming audience, table and column, and for an audience whose name cannot be that of a file.
    """
    published = {table.name: table for table in tables}
    if RIGHTS not in published:
        return
    with working_connection(database.parent.parent, config) as con:
        attach_read_only(con, database, "release")
        _refuse_what_is_not_published(con)
        audiences = con.execute(
            "select audience, without_opted_out from release.main.audiences order by audience"
        ).fetchall()
        for name, without_opted_out in audiences:
            shared = con.execute(
                f"select distinct table_name from release.main.{RIGHTS} where audience = ?"
                " order by table_name",
                [name],
            ).fetchall()
            yield _write_audience(
                con, database, name, without_opted_out, [published[table] for (table,) in shared]
            )


def _refuse_what_is_not_published(con: duckdb.DuckDBPyConnection) -> None:
    if wrong := con.execute(NOT_PUBLISHED).fetchall():
        lines = "; ".join(f"{audience} {table}.{column}" for audience, table, column in wrong)
        raise PublishError(
            f"seed_audience_columns.csv gives rights to columns that are not published: {lines}. "
            "Correct these lines, or take them out. A scheme is named by its id in the policy; one "
            "that is sensitive is never published."
        )


def _write_audience(
    con: duckdb.DuckDBPyConnection,
    database: Path,
    name: str,
    without_opted_out: bool,
    tables: Sequence[PublicTable],
) -> WrittenAudience:
    if not NAME.fullmatch(name):
        raise PublishError(
            f"seed_audiences.csv names an audience {name!r}; its file needs a name of small "
            "letters, digits and _, such as marketing."
        )
    file = database.with_name(f"audience_{name}.duckdb")
    con.execute(f"attach {quote_text(file)} as audience (storage_version '{STORAGE_VERSION}')")
    rows = {table.name: _share_table(con, name, without_opted_out, table) for table in tables}
    con.execute("detach audience")
    return WrittenAudience(name, file, rows)


def _share_table(
    con: duckdb.DuckDBPyConnection, audience: str, without_opted_out: bool, table: PublicTable
) -> int:
    """Copy what the audience sees of a table, with its comments; returns the number of rows."""
    found = con.execute(
        SHARED_COLUMNS, {"audience": audience, "table": table.name, "key": list(table.key)}
    ).fetchall()
    columns = [str(column) for (column,) in found]
    relation = f"audience.main.{quote_name(table.name)}"
    copied = con.execute(
        f"create table {relation} as select {', '.join(map(quote_name, columns))}"
        f" from release.main.{quote_name(table.name)}"
        f"{_rows_for(audience, without_opted_out, table)}"
    ).fetchone()
    copy_comments(con, table.name, relation, columns)
    return int(copied[0]) if copied else 0


def _rows_for(audience: str, without_opted_out: bool, table: PublicTable) -> str:
    """SQL: which rows of a table an audience gets, where these are not all, as they stand there."""
    tests = []
    if {"customer_id", "scheme"} <= set(table.key):
        # The columns of other schemes would come in as rows otherwise.
        tests.append(
            f"scheme in (select scheme from release.main.{RIGHTS}"
            f" where audience = {quote_text(audience)} and table_name = 'customer_classes')"
        )
    if without_opted_out and "customer_id" in table.key:
        tests.append(
            "customer_id in (select customer_id from release.main.customer_facts"
            " where is_opted_out is not true)"
        )
    # All rows of a table come in its order; what is found by a join may not.
    return f" where {' and '.join(tests)} order by {table.order}" if tests else ""
