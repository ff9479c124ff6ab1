"""Awkward input that is used, or of which only rows are put aside: one run, case by case."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cases import CASES, Case, GoesOn
from company import label, name_of, write_company

from orchestration.canonical import canonical_tables
from orchestration.landing import Load, committed_loads
from orchestration.progress import Silent
from orchestration.running import run_day
from orchestration.settings import Settings

GOING_ON = [(number, case) for number, case in enumerate(CASES) if isinstance(case.then, GoesOn)]
DAY = date(2024, 6, 1)
every_case = pytest.mark.parametrize(
    ("number", "case"), GOING_ON, ids=[label(*each) for each in GOING_ON]
)


class Outcome:
    """What the run made of the cases."""

    def __init__(self, settings: Settings) -> None:
        self.loads: dict[str, list[Load]] = {}
        for load in committed_loads(settings.landing):
            self.loads.setdefault(load.entry, []).append(load)
        self._warehouse = duckdb.connect(settings.warehouse, read_only=True)

    def loads_of(self, number: int, case: Case) -> list[Load]:
        """In the order of landing."""
        names = [name_of(number, position) for position in range(len(case.entries))]
        return [load for name in names for load in self.loads[name]]

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """The rows of a query over the warehouse."""
        cursor = self._warehouse.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def close(self) -> None:
        """Let go of the warehouse."""
        self._warehouse.close()


@pytest.fixture(scope="module")
def outcome(
    tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[Path], Settings]
) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("corpus")
    settings = replace(
        new_home(folder / "home"),
        sources=folder / "exports" / "sources.yml",
        max_quarantined_share=Decimal(1),
    )
    write_company(settings, GOING_ON)
    assert run_day(settings, DAY, Silent()).release.is_current
    made = Outcome(settings)
    yield made
    made.close()


@every_case
def test_each_row_has_the_fate_that_is_promised(number: int, case: Case, outcome: Outcome) -> None:
    assert isinstance(case.then, GoesOn)
    found = [
        (row["_fate"], row["_reason"], row["_reason_column"])
        for load in outcome.loads_of(number, case)
        for row in outcome.rows(
            f"select _fate, _reason, _reason_column from staging.landed_{case.table}"
            " where _load_id = ? order by _row",
            load.load_id,
        )
    ]
    assert found == [(fate.name, fate.reason, fate.column) for fate in case.then.fates]


@every_case
def test_the_ledger_balances(number: int, case: Case, outcome: Outcome) -> None:
    assert isinstance(case.then, GoesOn)
    loads = outcome.loads_of(number, case)
    ledger = [
        row
        for load in loads
        for row in outcome.rows("select * from staging.ledger where load_id = ?", load.load_id)
    ]
    assert len(ledger) == len(loads)
    promised = [fate.name for fate in case.then.fates]
    assert sum(row["landed"] for row in ledger) == len(promised)
    for fate in ("staged", "superseded", "duplicate", "deleted", "waiting", "quarantined"):
        assert sum(row[fate] for row in ledger) == promised.count(fate)


@every_case
def test_values_are_those_that_are_promised(number: int, case: Case, outcome: Outcome) -> None:
    assert isinstance(case.then, GoesOn)
    first_of_key = canonical_tables()[case.table].key[0]
    for key, values in case.then.staged.items():
        (row,) = outcome.rows(f"select * from staging.{case.table} where {first_of_key} = ?", key)
        assert {name: row[name] for name in values} == values
    for customer, facts in case.then.facts.items():
        (row,) = outcome.rows("select * from facts.customer_facts where customer_id = ?", customer)
        assert {name: row[name] for name in facts} == facts
    told = [note for load in outcome.loads_of(number, case) for note in load.notes]
    assert len(told) == len(case.then.notes)
    assert all(note.startswith(said) for note, said in zip(told, case.then.notes, strict=True))
