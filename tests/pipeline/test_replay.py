"""A replayed day of the past is what a run of that day would have found, knowing no more."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from replayed_company import DAY, company, orders, small_policy

from orchestration.evaluation.origins import CLASSED_ON
from orchestration.evaluation.panel import Panel, replayed
from orchestration.policy import load_policy
from orchestration.progress import Silent

ORIGINS = (date(2024, 5, 31), date(2024, 6, 30))
Found = list[tuple[object, ...]]


def ask(file: Path, query: str) -> Found:
    with duckdb.connect(file, read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """The replay of a company that knows everything until DAY."""
    folder = tmp_path_factory.mktemp("replay")
    small = company(folder / "whole", small_policy(folder / "policy"), DAY)
    source = small.pull()
    policy = load_policy(small.settings.policy_dir)
    with replayed(small.settings, source, policy, DAY, ORIGINS, Silent()) as found:
        return found


@pytest.mark.slow
def test_a_replay_is_a_run_that_knew_no_more(panel: Panel, tmp_path: Path) -> None:
    origin = ORIGINS[1]
    then = company(tmp_path / "then", panel.home.policy_dir, origin)
    then.stage(origin, "customer_classes")
    for table, day, relation in (
        ("facts", "origin", "facts.customer_facts"),
        ("classes", CLASSED_ON, "classification.customer_classes"),
    ):
        replay = ask(
            panel.file,
            f"select * exclude ({day}) from {table} where {day} = '{origin}' order by customer_id",
        )
        assert len(replay) == 40
        assert replay == ask(
            then.settings.warehouse, f"select * from {relation} order by customer_id"
        )


@pytest.mark.slow
def test_outcomes_are_what_was_bought_after_less_what_was_given_back(panel: Panel) -> None:
    for origin in ORIGINS:
        horizons = ask(
            panel.file,
            f"select distinct horizon_days from outcomes where origin = '{origin}' order by 1",
        )
        assert horizons == [(90,)]
        found = ask(
            panel.file,
            "select customer_id, order_count, cast(net_amount as double), is_active from outcomes"
            f" where origin = '{origin}' order by 1",
        )
        assert found == sorted(bought(f"c{number}", origin) for number in range(40))


def bought(customer: str, origin: date) -> tuple[str, int, float, bool]:
    """What a customer did in the 90 days after an origin, read from the exports."""

    def is_after(day: str | date) -> bool:
        return str(origin) < str(day) <= str(origin + timedelta(90))

    own = [row for row in orders() if row[1] == customer]
    counted = [row for row in own if is_after(row[2]) and row[4] == "completed"]
    given_back = sum(
        3.25
        for row in orders()[::13]
        if row[1] == customer and is_after(date.fromisoformat(row[2]) + timedelta(20))
    )
    purchases = sum(float(row[3]) > 0 for row in counted)
    net = sum(float(row[3]) for row in counted) - given_back
    return customer, purchases, round(net, 4), purchases > 0


def test_the_panel_knows_the_conditions_that_it_was_made_under(panel: Panel) -> None:
    known = ask(panel.file, "select scheme, conditions_hash from schemes")
    assert {scheme for scheme, _ in known} == {"tier", "pace"}
    assert all(len(str(conditions)) == 32 for _, conditions in known)
