"""The last lines of a run, for a company that has little to tell of."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from report_tables import DAY, ReleaseTables

from orchestration.cli.terminal import console
from orchestration.showing.classes import show_end


@pytest.mark.parametrize(
    ("is_current", "where"),
    [
        (
            True,
            ["Published: [a]/current/customer_tiers.duckdb", "To read: [a]/current/report.html"],
        ),
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
    tmp_path: Path, capsys: pytest.CaptureFixture[str], is_current: bool, where: list[str]
) -> None:
    folder = tmp_path / "a [test] :key:"
    folder.mkdir()
    database = folder / "customer_tiers.duckdb"
    tables = ReleaseTables(database)
    tables.scheme("pyramid", {"lead": 8})
    tables.con.close()
    release: Any = SimpleNamespace(
        database=database, page=folder / "report.html", as_of=DAY, is_current=is_current
    )
    show_end(console(), release, Path("[a]/current/customer_tiers.duckdb"), 3.2)
    first, *_, stands, to_read = capsys.readouterr().out.splitlines()
    assert first == "2024-05-31: 0 customers in 1 schemes; 3 seconds."
    assert [stands, to_read] == [one.format(folder=folder) for one in where]
