"""Another shop's public data runs with one YAML and no code."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import oracle
import pytest
from home_fixtures import MakeSettings
from oracle.comparison import read_relation

from orchestration.landing import committed_loads
from orchestration.progress import Silent
from orchestration.running import run_day
from orchestration.settings import Settings

SOURCE = Path(__file__).parent / "second_source" / "cdnow.yml"
DAY = date(1998, 6, 30)


@pytest.fixture(scope="module")
def cdnow(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which the daily job ran on the CDNOW purchases, gates and all."""
    settings = replace(new_home(tmp_path_factory.mktemp("cdnow")), sources=SOURCE)
    run_day(settings, DAY, Silent())
    return settings


def test_the_purchases_of_cdnow_land_with_their_known_totals(cdnow: Settings) -> None:
    (load,) = committed_loads(cdnow.landing, "orders")
    with duckdb.connect() as connection:
        totals = connection.execute(
            "select count(*), count(distinct order_id), count(distinct customer_id),"
            " cast(sum(cast(amount as decimal(18, 4))) as varchar),"
            " min(ordered_at), max(ordered_at)"
            f" from '{load.path}'"
        ).fetchone()
    assert totals == (69_659, 69_659, 23_570, "2500315.6300", "1997-01-01", "1998-06-30")
    assert load.origin == "package:lifetimes/datasets/CDNOW_master.txt"
    assert load.extra_columns == ("number_of_cds",)


def test_what_is_published_of_them_agrees_with_the_independent_computation(cdnow: Settings) -> None:
    known = oracle.known(cdnow.landing, DAY, "America/New_York", "USD")
    served = cdnow.served_database
    assert oracle.compare(known.facts, read_relation(served, "customer_facts")) == []
    classes = read_relation(served, "customer_classes")
    assert oracle.compare(oracle.classes(known), classes) == []
