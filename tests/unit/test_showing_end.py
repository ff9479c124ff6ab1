"""The last lines of a run, for a company that has little to tell of."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from report_tables import DAY, ReleaseTables
from rich.console import Console

from orchestration.showing_classes import show_end


@pytest.mark.parametrize(
    ("is_current", "where"),
    [
        (True, ["Published: current/customer_tiers.duckdb", "To read: current/report.html"]),
        (
            False,
            [
                "Kept as {folder}/customer_tiers.duckdb; `current` shows a later day.",
                "To read: {folder}/report.html",
            ],
        ),
    ],
)
def test_a_run_without_orders_ends_without_totals_of_them(
    tmp_path: Path, is_current: bool, where: list[str]
) -> None:
    database = tmp_path / "customer_tiers.duckdb"
    tables = ReleaseTables(database)
    tables.scheme("pyramid", {"lead": 8})
    tables.con.close()
    release: Any = SimpleNamespace(
        database=database, page=tmp_path / "report.html", as_of=DAY, is_current=is_current
    )
    console = Console(file=io.StringIO(), width=200)
    show_end(console, release, Path("current/customer_tiers.duckdb"), 3.2)
    assert isinstance(console.file, io.StringIO)
    first, *_, stands, to_read = console.file.getvalue().splitlines()
    assert first == "2024-05-31: 0 customers in 1 schemes; 3 seconds."
    assert [stands, to_read] == [one.format(folder=tmp_path) for one in where]
