"""Which tables of the last build may be continued, so that a day costs what changed in it.

A table is continued when all of it that the build does not touch would come out the same: made by
the same files, engine and zone, from loads that are there as they were. Otherwise it is dropped,
and dbt builds it whole. Both lead to the same rows; `macros/continued.sql` is the other half.

`landing.built` and `landing.built_loads` are what the last build knew. dbt drops the first when it
begins (`on-run-start`), and it is written when all is built: a build that broke off, was of some
models only, or was made by hand, is not continued.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb

from orchestration import canonical, duckdb_sql

STAGES = ("staging", "facts")
# Whoever is merged goes by another id in everything that the facts count.
RENAMING = "customer_merges"
# What shapes the rows that dbt reads, beside its own project.
SHAPING = (
    Path(canonical.__file__),
    Path(duckdb_sql.__file__),
    *sorted(Path(__file__).parent.glob("*.py")),
)


@cache
def program() -> str:
    """The version of this program, as far as it shapes what dbt reads: a hash of its files."""
    digest = sha256()
    for file in SHAPING:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def remember_build(warehouse: Path) -> None:
    """Write down what a whole build was made from, so that the next one may continue it."""
    with duckdb.connect(warehouse) as con:
        con.execute("begin")
        con.execute("create or replace table landing.built_loads as from landing.loads")
        con.execute(
            "create or replace table landing.built as"
            f" select basis, as_of_date, ({_tables()}) as tables from landing.run_parameters"
        )
        con.execute("commit")


def continue_build(
    warehouse: duckdb.DuckDBPyConnection, basis: str
) -> tuple[date | None, Collection[object]]:
    """The day that the tables in the warehouse are of, and the loads that they have.

    None and no loads when nothing is continued. Needs `landing.loads` of this run. Drops what may
    not be continued.
    """
    day = _day_of(warehouse, basis)
    if day is None:
        for stage in STAGES:
            warehouse.execute(f"drop schema if exists {stage} cascade")
        return None, ()
    known = _column(warehouse, "select load_id from landing.built_loads")
    if _column(
        warehouse,
        f"select load_id from landing.loads where table_name = '{RENAMING}'"
        " and load_id not in (select load_id from landing.built_loads)",
    ):
        warehouse.execute("drop schema facts cascade")
    return day, frozenset(known)


def _day_of(warehouse: duckdb.DuckDBPyConnection, basis: str) -> date | None:
    """The day of the last build, if all that it left is what this run would find."""
    tables = "from duckdb_tables() where schema_name = 'landing' and table_name = 'built'"
    if not _column(warehouse, f"select table_name {tables}"):
        return None
    days = _column(
        warehouse,
        f"select as_of_date from landing.built where basis = ? and tables = ({_tables()})",
        [basis],
    )
    # Of another version of this program the loads would have other columns, and `basis` differs.
    if not days or _column(warehouse, "from landing.built_loads except from landing.loads"):
        return None
    (day,) = days
    assert isinstance(day, date)
    return day


def _tables() -> str:
    """SQL of the names of all tables of the stages that are continued."""
    return (
        "select list(schema_name || '.' || table_name order by schema_name, table_name)"
        f" from duckdb_tables() where schema_name in {STAGES}"
    )


def _column(
    warehouse: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> list[object]:
    """The first column of what a query finds."""
    return [row[0] for row in warehouse.execute(query, values).fetchall()]
