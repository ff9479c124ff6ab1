"""What history keeps: cuts for their period, and why each class moved."""

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle.workshop import Found, Statement, Workshop

from orchestration.history import order_calibration
from orchestration.policy import load_policy
from orchestration.settings import DBT_PROJECT, Settings

# What dbt sends to the engine for each policy, by its hash: it depends on nothing else.
SENT: dict[str, dict[Found, Sequence[Statement]]] = {}
# What the theme `value` stands on; the others would only be planned.
THEMES = ("experience", "intent", "behaviour", "lifecycle", "value")
ASKED = ("class_history", "class_changes", "classes_to_keep", "customers_to_keep", "cut_drift")
FIRST = date(2024, 5, 10)
SOURCE = """
timezone: UTC
base_currency: EUR
tables:
  orders:
  - {from: files, path: orders_*.csv}
"""


def orders(folder: Path, name: str, lines: list[str]) -> None:
    header = "order_id,customer_id,ordered_at,amount"
    (folder / f"orders_{name}.csv").write_text("\n".join([header, *lines, ""]), "utf-8")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One home for all tests of this module: dbt parses the project once per policy."""
    folder = tmp_path_factory.mktemp("history")
    return Settings(home=folder / "home", policy_dir=folder / "policy")


@pytest.fixture
def workshop(settings: Settings, tmp_path: Path) -> Workshop:
    """Thirty customers who bought once, for 10 to 300; a policy of its own, to be edited."""
    shutil.copytree(DBT_PROJECT / "policy", settings.policy_dir, dirs_exist_ok=True)
    (settings.policy_dir / "themes.txt").write_text("\n".join(THEMES), "utf-8")
    lines = [f"o{n},c{n:02},2024-05-01,{n * 10}" for n in range(1, 31)]
    orders(tmp_path, "1", lines)
    (tmp_path / "sources.yml").write_text(SOURCE, "utf-8")
    made = Workshop(settings, selection=("--select", *(f"+{name}" for name in ASKED)))
    made.pull([tmp_path / "sources.yml"])
    return made


def run(workshop: Workshop, day: date) -> None:
    workshop.policy = load_policy(workshop.settings.policy_dir)
    workshop.land(workshop.source.path)
    workshop.statements = SENT.setdefault(workshop.policy.hash, {})
    workshop.make(day)
    workshop.commit(day)


def ask(workshop: Workshop, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(workshop.settings.warehouse, read_only=True) as warehouse:
        return warehouse.execute(query).fetchall()


def changes(workshop: Workshop, scheme: str) -> list[tuple[object, ...]]:
    return ask(
        workshop,
        "select as_of_date, customer_id, from_class, to_class, cause"
        f" from classification.class_changes where scheme = '{scheme}' order by all",
    )


def computed_on(workshop: Workshop, scheme: str) -> set[object]:
    found = ask(
        workshop,
        f"select distinct computed_on from classification.scheme_cuts where scheme = '{scheme}'",
    )
    return {row[0] for row in found}


def buy(workshop: Workshop, tmp_path: Path, customer: str, amount: int, day: date) -> None:
    orders(tmp_path, f"{customer}_{day}", [f"{customer}-{day},{customer},{day},{amount}"])


def edit(workshop: Workshop, old: str, new: str, theme: str = "value.yml") -> None:
    file = workshop.settings.policy_dir / theme
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_cuts_are_kept_within_their_month_and_nobody_falls_because_others_bought(
    workshop: Workshop, tmp_path: Path
) -> None:
    run(workshop, FIRST)
    for customer in ("c01", "c02", "c03"):
        buy(workshop, tmp_path, customer, 5000, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))

    assert computed_on(workshop, "pyramid") == {FIRST}
    moved = changes(workshop, "amount_level")
    assert moved == [
        (FIRST + timedelta(1), customer, "low", "high", "data")
        for customer in ("c01", "c02", "c03")
    ]


def test_a_repeated_day_decides_on_what_stood_before_it(workshop: Workshop, tmp_path: Path) -> None:
    day = FIRST + timedelta(1)
    run(workshop, FIRST)
    buy(workshop, tmp_path, "c01", 5000, day)
    run(workshop, day)
    assert changes(workshop, "amount_level") == [(day, "c01", "low", "high", "data")]

    # The order is delivered again, with what it should have been: nothing has moved since FIRST.
    buy(workshop, tmp_path, "c01", 1, day)
    workshop.land(workshop.source.path)
    workshop.make(day)
    assert changes(workshop, "amount_level") == []


def test_a_new_month_ranks_again_and_says_that_calibration_moved_them(
    workshop: Workshop, tmp_path: Path
) -> None:
    run(workshop, FIRST)
    for customer in ("c01", "c02", "c03"):
        buy(workshop, tmp_path, customer, 5000, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))
    june = date(2024, 6, 2)
    run(workshop, june)

    assert computed_on(workshop, "amount_level") == {june}
    fallen = [row for row in changes(workshop, "amount_level") if row[0] == june]
    assert fallen
    assert {(row[2], row[4]) for row in fallen} <= {("high", "calibration"), ("mid", "calibration")}


def test_cuts_are_computed_within_their_month_when_somebody_says_why(
    workshop: Workshop, tmp_path: Path
) -> None:
    run(workshop, FIRST)
    for customer in ("c01", "c02", "c03"):
        buy(workshop, tmp_path, customer, 5000, FIRST + timedelta(1))
    ordered = FIRST + timedelta(2)
    history = workshop.settings.history
    order_calibration(history, ordered, ["amount_level", "pyramid"], "a new shop")
    order_calibration(history, FIRST + timedelta(9), [], "not yet")
    run(workshop, FIRST + timedelta(1))
    assert computed_on(workshop, "amount_level") == {FIRST}
    run(workshop, ordered)
    run(workshop, FIRST + timedelta(3))

    assert computed_on(workshop, "amount_level") == computed_on(workshop, "pyramid") == {ordered}
    assert computed_on(workshop, "importance") == {FIRST}
    reasons = "select distinct reason from classification.scheme_cuts where scheme = 'pyramid'"
    assert ask(workshop, reasons) == [("a new shop",)]
    moved = [row for row in changes(workshop, "amount_level") if row[0] == ordered]
    assert {row[4] for row in moved} == {"calibration"}


def test_an_order_for_a_day_that_is_decided_is_followed_by_the_next_run(workshop: Workshop) -> None:
    run(workshop, FIRST)
    order_calibration(workshop.settings.history, FIRST, ["pyramid"], "a new shop")
    for days in (1, 2):
        run(workshop, FIRST + timedelta(days))
        assert computed_on(workshop, "pyramid") == {FIRST + timedelta(1)}
        assert computed_on(workshop, "importance") == {FIRST}


def test_drift_is_told_of_a_population_that_moved_and_of_no_other(
    workshop: Workshop, tmp_path: Path
) -> None:
    run(workshop, FIRST)
    assert drift(workshop) == {"net_amount_365d": 0, "f": 0, "r": 0, "m": 0}
    for number in range(1, 31):
        buy(workshop, tmp_path, f"c{number:02}", 1000, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))
    moved = drift(workshop)
    # All spend above the bounds of yesterday; all bought once more, which few bounds tell apart.
    assert moved["net_amount_365d"] > 0.25
    assert moved["m"] > 0.25


def drift(workshop: Workshop) -> dict[object, Any]:
    found = ask(
        workshop,
        "select dimension, population_stability_index from classification.cut_drift"
        " where scheme in ('rfm', 'amount_level')",
    )
    return {row[0]: row[1] for row in found}


def test_a_changed_bound_moves_customers_by_policy_and_ranks_at_once(workshop: Workshop) -> None:
    run(workshop, FIRST)
    edit(workshop, "top: 20%, at_least: 0.01", "top: 10%, at_least: 0.01")
    run(workshop, FIRST + timedelta(1))

    assert computed_on(workshop, "amount_level") == {FIRST + timedelta(1)}
    assert computed_on(workshop, "pyramid") == {FIRST}
    assert {row[2:] for row in changes(workshop, "amount_level")} == {("high", "mid", "policy")}


def add_reader(workshop: Workshop, condition: str) -> None:
    """A scheme that hangs on another."""
    reader = f"""
      - id: reader
        kind: rules
        label: {{en: Reader, zh: 引用}}
        classes:
        - {{code: good, en: Good, zh: 好, when: "{condition}"}}
        - {{code: rest, en: Rest, zh: 其余, otherwise: true}}
"""
    value = workshop.settings.policy_dir / "value.yml"
    value.write_text(value.read_text("utf-8").rstrip() + reader, "utf-8")


def test_a_longer_hold_is_another_policy_and_ranks_nobody_anew(
    workshop: Workshop, tmp_path: Path
) -> None:
    add_reader(workshop, "membership not in ('basic')")
    run(workshop, FIRST)
    edit(workshop, "hold: {days: 60", "hold: {days: 61", "behaviour.yml")
    buy(workshop, tmp_path, "c01", 50000, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))

    assert {row[4] for row in changes(workshop, "membership")} == {"policy"}
    assert {row[4] for row in changes(workshop, "reader")} == {"policy"}
    assert {row[4] for row in changes(workshop, "frequency_level")} <= {"data"}
    assert computed_on(workshop, "amount_level") == {FIRST}


def test_who_moves_since_another_scheme_was_ranked_anew_moves_by_calibration(
    workshop: Workshop, tmp_path: Path
) -> None:
    add_reader(workshop, "amount_level = 'high'")
    run(workshop, FIRST)
    for customer in ("c01", "c02", "c03"):
        buy(workshop, tmp_path, customer, 5000, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))
    assert {row[4] for row in changes(workshop, "reader")} == {"data"}

    ordered = FIRST + timedelta(2)
    order_calibration(workshop.settings.history, ordered, ["amount_level"], "a new shop")
    run(workshop, ordered)
    moved = [row for row in changes(workshop, "reader") if row[0] == ordered]
    assert {row[2:] for row in moved} == {("good", "rest", "calibration")}


def test_a_changed_label_moves_nobody_and_keeps_the_cuts(workshop: Workshop) -> None:
    run(workshop, FIRST)
    edit(workshop, "en: Spend level", "en: Level of spending")
    run(workshop, FIRST + timedelta(1))

    assert computed_on(workshop, "amount_level") == {FIRST}
    assert changes(workshop, "amount_level") == []
    renamed = "select count(*) from policy.catalogue where scheme_en = 'Level of spending'"
    assert ask(workshop, renamed) == [(4,)]


def test_history_writes_everybody_once_a_month_and_else_who_moved(
    workshop: Workshop, tmp_path: Path
) -> None:
    run(workshop, FIRST)
    buy(workshop, tmp_path, "c01", 5000, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(2))
    run(workshop, date(2024, 6, 1))

    written = ask(
        workshop,
        "select as_of_date, count(*) from classification.class_history group by all order by all",
    )
    assert written == [(FIRST, 30), (FIRST + timedelta(1), 1), (date(2024, 6, 1), 30)]


def test_a_population_too_small_to_rank_is_tried_again_the_next_day(
    workshop: Workshop, tmp_path: Path
) -> None:
    edit(workshop, "min_population: 20", "min_population: 31")
    run(workshop, FIRST)
    assert ask(workshop, "select count(pyramid) from classification.customer_classes") == [(0,)]
    buy(workshop, tmp_path, "c31", 500, FIRST + timedelta(1))
    run(workshop, FIRST + timedelta(1))

    assert ask(workshop, "select count(pyramid) from classification.customer_classes") == [(31,)]
    assert computed_on(workshop, "pyramid") == {FIRST + timedelta(1)}
