"""What a replay takes of a day."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration.evaluation.origins import CLASSED_ON
from orchestration.evaluation.panel import Panel, _take
from orchestration.settings import Settings


def test_a_scheme_may_be_called_as_the_day_it_is_of(tmp_path: Path) -> None:
    home, days = Settings(home=tmp_path), (date(2024, 1, 31), date(2024, 2, 29))
    with duckdb.connect(home.warehouse) as con:
        con.execute("create schema facts; create schema classification; create schema landing")
        con.execute("create table facts.customer_facts as select 'c' as customer_id")
        con.execute(
            "create table classification.customer_classes as"
            " select 'c' as customer_id, 'fair' as origin"
        )
        con.execute(
            "create table classification.scheme_versions as"
            " select 'origin' as scheme, 'h' as conditions_hash"
        )
        con.execute("create table landing.supplied as select '' as table_name, '' as column_name")
    panel = Panel(days[1], days[:1], home, home.history)
    for day in days:
        _take(panel, day)
    with panel.opened() as con:
        found = con.execute(f"select {CLASSED_ON}, origin from classes order by 1").fetchall()
    assert found == [(day, "fair") for day in days]
