"""The example against the independent computation: every customer, on two days."""

from dataclasses import dataclass
from datetime import date

import oracle
import pandas as pd
import pytest
from home_fixtures import MakeSettings
from oracle.comparison import read_relation
from oracle.known import Known
from oracle.workshop import Workshop

from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file

DAY, SEPTEMBER = date(2017, 12, 31), date(2017, 9, 30)


@dataclass(frozen=True)
class Decided:
    """What the landing tells of a day, and what the models made of it."""

    known: Known
    facts: pd.DataFrame
    classes: pd.DataFrame


@pytest.fixture(scope="module", params=[DAY, SEPTEMBER], ids=str)
def decided(
    request: pytest.FixtureRequest,
    example: Settings,
    new_home: MakeSettings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Decided:
    """As the example's own day was published, and as the other is built without any history."""
    known = oracle.known(example.landing, request.param, "UTC", "USD")
    if request.param == DAY:
        tables = ("customer_facts", "customer_classes")
        return Decided(known, *(read_relation(example.served_database, name) for name in tables))
    settings = new_home(tmp_path_factory.mktemp("september"))
    settings.landing.symlink_to(example.landing)
    workshop = Workshop(settings, selection=("--select", "+customer_classes"))
    workshop.source = load_source_file(settings.sources)
    return Decided(known, *workshop.build(SEPTEMBER))


def test_every_fact_of_every_customer_agrees(decided: Decided) -> None:
    assert oracle.compare(decided.known.facts, decided.facts)[:20] == []


def test_every_class_of_every_customer_agrees(decided: Decided) -> None:
    assert oracle.compare(oracle.classes(decided.known), decided.classes)[:20] == []


def test_the_example_is_the_one_that_is_known(decided: Decided) -> None:
    facts = decided.known.facts
    known = {
        DAY: (2469, 155285, "4594146.32"),
        SEPTEMBER: (2446, 116344, "3399308.67"),
    }
    customers, purchases, net = known[facts["as_of_date"].iloc[0]]
    assert len(facts) == customers
    assert sum(facts["order_count"]) == purchases
    assert f"{sum(facts['net_amount']):.2f}" == net
