"""Releases in which every row of both tables carries one marker, so that a mixed one shows."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.publishing import PublicTable, Release, ReleaseInfo, publish

DAY = date(2017, 12, 31)
TABLES = [
    PublicTable("facts", name, "table", ("id",), "Marked rows.", {"marker": "Of the release."})
    for name in ("left_half", "right_half")
]


def nothing_to_say(text: str) -> None:
    """A report that nobody reads."""


def accept(database: Path) -> None:
    """A gate that reads the release and lets it pass."""
    with duckdb.connect(database, read_only=True) as con:
        con.execute("select count(*) from left_half").fetchall()


def write_page(database: Path, manifest: Mapping[str, object], config: Mapping[str, str]) -> Path:
    """A page with nothing on it."""
    page = database.with_name("report.html")
    page.write_text("", "utf-8")
    return page


def build(home: Path, marker: int, rows: int = 2_000) -> None:
    """Build the warehouse of `home` anew, all rows with this marker."""
    (home / "warehouse.duckdb").unlink(missing_ok=True)
    with duckdb.connect(home / "warehouse.duckdb") as con:
        con.execute("create schema facts")
        for table in TABLES:
            con.execute(
                f"create table facts.{table.name} as"
                f" select i as id, {marker} as marker from range({rows}) as numbers(i)"
            )


def publish_marked(
    home: Path,
    report: Callable[[str], None] = nothing_to_say,
    grace: timedelta = timedelta(0),
    before_swap: Callable[[str], object] = nothing_to_say,
    run_id: str = "run",
) -> Release:
    """Publish the warehouse of `home`; two releases stay, and those younger than `grace`."""
    return publish(
        home / "warehouse.duckdb",
        home / "releases",
        tables=TABLES,
        info=ReleaseInfo(run_id, DAY, "policy", "UTC", "duckdb", {}),
        audit=accept,
        write_page=write_page,
        keep=2,
        grace=grace,
        report=report,
        before_swap=before_swap,
    )


def markers_by_database(home: Path) -> set[int]:
    """The markers in both tables of the database, opened as a BI tool does."""
    database = home / "releases" / "current" / "customer_tiers.duckdb"
    with duckdb.connect(database, read_only=True, config={"enable_external_access": False}) as con:
        rows = con.execute("select marker from left_half union select marker from right_half")
        return {int(marker) for (marker,) in rows.fetchall()}


def markers_by_parquet(home: Path) -> set[int]:
    """The markers in both Parquet files, the path resolved once."""
    release = (home / "releases" / "current").resolve()
    with duckdb.connect() as con:
        rows = con.execute(
            f"select marker from '{release}/left_half.parquet'"
            f" union select marker from '{release}/right_half.parquet'"
        )
        return {int(marker) for (marker,) in rows.fetchall()}
