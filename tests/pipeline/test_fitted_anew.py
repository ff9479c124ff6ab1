"""Who moves since a model was fitted anew has not changed: history says so."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
from kept_segments import code, keep_segments, segment_policy
from oracle.workshop import Workshop

from orchestration.settings import Settings

FIRST = date(2024, 5, 10)
SOURCE = """
timezone: UTC
base_currency: EUR
tables:
  orders:
  - {from: files, path: orders.csv}
"""


def causes(workshop: Workshop, day: date) -> set[object]:
    with duckdb.connect(workshop.settings.warehouse, read_only=True) as warehouse:
        return set(
            warehouse.execute(
                "select from_class, to_class, cause from classification.class_changes"
                " where as_of_date = ?",
                [day],
            ).fetchall()
        )


def test_moves_between_segments_that_were_found_anew_are_not_of_the_data(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", policy_dir=segment_policy(tmp_path / "policy"))
    lines = [
        f"o{customer}-{number},c{customer},2024-0{number % 4 + 1}-0{number % 9 + 1},10"
        for customer in range(1, 6)
        for number in range(9)
    ]
    header = "order_id,customer_id,ordered_at,amount"
    (tmp_path / "orders.csv").write_text("\n".join([header, *lines, ""]), "utf-8")
    (tmp_path / "sources.yml").write_text(SOURCE, "utf-8")
    asked = ("class_history", "class_changes", "classes_to_keep", "customers_to_keep")
    workshop = Workshop(settings, selection=("--select", *(f"+{name}" for name in asked)))
    workshop.pull([tmp_path / "sources.yml"])
    workshop.make(FIRST)
    workshop.commit(FIRST)
    # Of the day that was published: the next run shows it.
    keep_segments(settings.history, FIRST, tmp_path)
    workshop.statements.clear()  # segments stand in them
    workshop.make(FIRST + timedelta(1))
    assert causes(workshop, FIRST + timedelta(1)) == {("unknown", code(0), "calibration")}
    workshop.commit(FIRST + timedelta(1))
    workshop.make(FIRST + timedelta(2))
    assert causes(workshop, FIRST + timedelta(2)) == set()
