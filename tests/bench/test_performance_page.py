"""The page of what was measured: every number with its bound, and whether it is met."""

from pathlib import Path
from typing import Any

from bench.__main__ import NAMES
from bench.numbers import NUMBERS
from bench.page import BEGIN, CURVE, END, PAGE, write
from bench.releasing import MEASURES
from bench.results import kept

WHEN = {"measured_on": "2025-06-30", "machine": "2 cores"}


def process(seconds: float) -> dict[str, float]:
    return {"seconds": seconds, "cpu_seconds": 2 * seconds, "peak_gib": seconds / 10}


def measured(orders: int, **seconds: float) -> dict[str, Any]:
    found = {name: process(seconds.get(name, 10)) for name in NAMES}
    return {**WHEN, **found, "orders": orders, "models": seconds.get("models", 10.0)}


def written(folder: Path, results: dict[str, dict[str, Any]]) -> tuple[str, str]:
    page, curve = folder / "page.md", folder / "images" / "curve.svg"
    page.write_text(f"By hand.\n{BEGIN}\nstale\n{END}\nMore by hand.\n", "utf-8")
    write(results, page, curve)
    return page.read_text("utf-8"), curve.read_text("utf-8") if curve.exists() else ""


def test_each_number_is_met_or_not_or_was_not_measured(tmp_path: Path) -> None:
    page, _ = written(tmp_path, {"orders-10000000": measured(10_000_000, models=11, again=30)})
    rows = [line.split(" | ") for line in page.splitlines() if " | at most " in line]
    assert [row[1:] for row in rows[:4]] == [
        ["at most 1.1 times", "1.10 times", "met |"],
        ["at most 2 times", "3.00 times", "no |"],
        ["at most 1.3 times", "3.00 times", "no |"],
        ["at most 0.2 times", "–", "not measured at this size |"],
    ]
    assert len(rows) == len(NUMBERS)
    assert "By hand." in page and "More by hand." in page and "stale" not in page


def test_gates_and_publishing_are_summed(tmp_path: Path) -> None:
    seconds = dict.fromkeys(MEASURES, 3.0) | {"publish": 9.5}
    results = {"releasing-100000000": {**WHEN, "customers": 10_000_000, **seconds}}
    page, _ = written(tmp_path, results)
    assert "| at most 10 s | 9.00 s | met |" in page
    assert "| at most 1.5 times | 1.58 times | no |" in page
    assert "### Gates and publishing, 10,000,000 customers" in page


def test_a_day_that_continues_is_held_against_one_that_builds_anew(tmp_path: Path) -> None:
    seconds = {"anew_facts": 10.0, "next_facts": 1.5, "again": process(40), "next": process(15)}
    found = {**WHEN, **seconds, "orders": 100_000_000, "memory_limit": "12GiB"}
    page, _ = written(tmp_path, {"continued-100000000": found})
    assert "| at most 0.2 times | 0.15 times | met |" in page
    assert "| at most 0.35 times | 0.38 times | no |" in page
    assert "### 100,000,000 orders, continued with TIERS_MEMORY_LIMIT=12GiB" in page
    assert "| the next day, with a small batch | 0.38 | 15.00 | 30.00 | 1.50 |" in page


def test_the_curve_has_a_point_for_each_size_and_line(tmp_path: Path) -> None:
    few, many = measured(100_000), measured(1_000_000, script=100)
    page, curve = written(tmp_path, {"orders-1000000": many, "orders-100000": few})
    assert curve.startswith("<svg")
    assert curve.count('aria-roledescription="point"') == 2 * 5
    assert page.index("### 100,000 orders") < page.index("### 1,000,000 orders")


def test_the_page_of_the_project_can_be_written_again_before_anything_is_measured(
    tmp_path: Path,
) -> None:
    page, curve = tmp_path / "page.md", tmp_path / "curve.svg"
    page.write_text(PAGE.read_text("utf-8"), "utf-8")
    write({}, page, curve)
    text = page.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.count("not measured at this size") == len(NUMBERS)
    assert not curve.exists()


def test_the_page_of_the_project_tells_what_is_kept(tmp_path: Path) -> None:
    page, curve = tmp_path / "page.md", tmp_path / "curve.svg"
    page.write_text(PAGE.read_text("utf-8"), "utf-8")
    write(kept(), page, curve)
    assert page.read_text("utf-8") == PAGE.read_text("utf-8"), "run `python -m bench.page`"
    assert curve.read_text("utf-8") == CURVE.read_text("utf-8")
