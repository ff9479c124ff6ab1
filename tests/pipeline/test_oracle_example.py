"""The published example against the independent computation: every customer, on two days."""

from datetime import date
from pathlib import Path

import oracle
import pytest
from oracle.comparison import read_relation
from oracle.known import Known

from orchestration.settings import Settings

DAYS = {"example": date(2017, 12, 31), "example_in_september": date(2017, 9, 30)}


@pytest.fixture(scope="module", params=DAYS)
def release(request: pytest.FixtureRequest) -> tuple[Known, Path]:
    """What the landing of a finished run tells, and the database that it published."""
    settings: Settings = request.getfixturevalue(request.param)
    expected = oracle.known(settings.landing, DAYS[request.param], "UTC", "USD")
    return expected, settings.releases / "current" / "customer_tiers.duckdb"


def test_every_fact_of_every_published_customer_agrees(release: tuple[Known, Path]) -> None:
    expected, database = release
    assert oracle.compare(expected.facts, read_relation(database, "customer_facts"))[:20] == []


def test_every_class_of_every_published_customer_agrees(release: tuple[Known, Path]) -> None:
    expected, database = release
    published = read_relation(database, "customer_classes")
    assert oracle.compare(oracle.classes(expected), published)[:20] == []


def test_the_example_is_the_one_that_is_known(release: tuple[Known, Path]) -> None:
    facts = release[0].facts
    known = {
        date(2017, 12, 31): (2469, 155285, "4594146.32"),
        date(2017, 9, 30): (2446, 116344, "3399308.67"),
    }
    customers, purchases, net = known[facts["as_of_date"].iloc[0]]
    assert len(facts) == customers
    assert sum(facts["order_count"]) == purchases
    assert f"{sum(facts['net_amount']):.2f}" == net
