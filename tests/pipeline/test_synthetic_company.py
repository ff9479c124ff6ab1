"""The synthetic company fills every table, and somebody in it is in every class of every scheme."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.canonical import canonical_tables
from orchestration.prediction import THEME as FORECASTS
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.sources.check import check_sources
from orchestration.sources.source_file import load_source_file
from orchestration.sources.synthetic.days import AS_OF
from orchestration.sources.synthetic.generate import EXPORTS, generate
from orchestration.sources.synthetic.mishaps import MISHAPS
from orchestration.sources.synthetic.twins import APPROVED, TWINS

SOURCES = EXPORTS.parent / "sources.yml"
# Everybody in them is in one of the classes inside them, which leave nobody over.
PASSED_THROUGH = [("channel_tree", "terminal"), ("channel_tree", "terminal.commercial")]
# Whose second row was found to be theirs; one more approval was taken back.
MERGED = {"K0001", "K0131", "K0261"}
MOST_BYTES = 1_500_000
Warehouse = duckdb.DuckDBPyConnection


@pytest.fixture
def warehouse(synthetic: Settings) -> Iterator[Warehouse]:
    """What the run left, to be read."""
    with duckdb.connect(synthetic.warehouse, read_only=True) as connection:
        yield connection


def rows(warehouse: Warehouse, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return warehouse.execute(query, list(parameters)).fetchall()


def test_generating_again_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path)
    bundled = {path.name: path.read_bytes() for path in EXPORTS.iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == set(bundled)
    changed = [
        name for name, content in bundled.items() if (tmp_path / name).read_bytes() != content
    ]
    assert changed == []
    assert sum(map(len, bundled.values())) < MOST_BYTES


def test_every_column_of_every_table_is_supplied() -> None:
    check = check_sources(load_source_file(SOURCES))
    assert check.passed
    assert check.absent == ()
    assert check.missing == dict.fromkeys(canonical_tables(), ())
    assert (check.gaps.facts, check.gaps.empty_schemes) == ((), ())


def test_every_column_of_every_table_holds_something(warehouse: Warehouse) -> None:
    empty = [
        f"{table}.{column}"
        for table, described in canonical_tables().items()
        for column in described.columns
        if rows(warehouse, f"select count({column}) from staging.{table}") == [(0,)]
    ]
    assert empty == []


def test_every_mishap_has_the_fate_that_was_meant_for_it(warehouse: Warehouse) -> None:
    meant: Counter[tuple[str, str]] = Counter()
    for mishap in MISHAPS:
        table = "orders" if mishap.file.startswith("orders_") else mishap.file
        meant[table, mishap.fate] += mishap.rows
    meant["customer_merges", "deleted"] += APPROVED - len(MERGED)
    found = rows(
        warehouse,
        "select table_name, fate, sum(row_count) from (unpivot staging.ledger"
        " on superseded, duplicate, deleted, waiting, quarantined into name fate value row_count)"
        " group by all having sum(row_count) > 0",
    )
    later = "select 'orders', 'staged', count(*) from staging.orders where order_date > ?"
    found += rows(warehouse, later, AS_OF)
    assert {(table, fate): count for table, fate, count in found} == meant


def test_customers_who_stand_twice_are_proposed_and_most_of_them_merged(
    warehouse: Warehouse,
) -> None:
    found = rows(
        warehouse,
        "select customer_id, other_customer_id, is_merged from staging.identity_candidates"
        " where has_same_email and not has_same_phone",
    )
    assert len(found) == TWINS
    assert {one for one, other, is_merged in found if is_merged} == MERGED
    assert all(other == f"{one}B" for one, other, _ in found)
    twins = "select customer_id from facts.customer_facts where customer_id like '%B'"
    assert {f"{one}B" for one, _, merged in found if not merged} == {
        id for (id,) in rows(warehouse, twins)
    }


def test_every_theme_but_that_of_forecasts_classifies(warehouse: Warehouse) -> None:
    enabled = "select distinct theme from classification.scheme_catalogue where enabled"
    themes = {path.stem for path in (DBT_PROJECT / "policy").glob("*.sql")}
    assert {theme for (theme,) in rows(warehouse, enabled)} == themes - {FORECASTS}


def test_somebody_is_in_every_class_of_every_scheme(warehouse: Warehouse) -> None:
    classes = rows(
        warehouse,
        "select scheme, class_code, column_name, column_value, sensitive"
        " from classification.scheme_catalogue"
        " where enabled and class_code <> 'unclassified' order by scheme, position",
    )
    nobody_in = []
    for scheme, code, column, value, is_sensitive in classes:
        table = "sensitive_classes" if is_sensitive else "customer_classes"
        held = f"select count(*) from classification.{table} where cast({column} as varchar) = ?"
        if rows(warehouse, held, value) == [(0,)]:
            nobody_in.append((scheme, code))
    assert nobody_in == PASSED_THROUGH


def test_some_declarations_are_in_force_and_some_are_over(warehouse: Warehouse) -> None:
    declared = "select scheme, count(distinct customer_id) from {} group by scheme order by scheme"
    assert rows(warehouse, declared.format("staging.declared_classes")) == [
        *(("intent_stage", 6), ("need_grade", 8), ("need_level", 9))
    ]
    assert rows(warehouse, declared.format("classification.class_declarations")) == [
        *(("intent_stage", 6), ("need_grade", 7), ("need_level", 7))
    ]
