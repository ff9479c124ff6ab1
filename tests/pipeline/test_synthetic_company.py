"""The synthetic company fills every table, and somebody in it is in every class of every scheme."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.canonical import canonical_tables
from orchestration.settings import PROJECT
from orchestration.sources.check import check_sources
from orchestration.sources.source_file import load_source_file
from orchestration.sources.synthetic.days import AS_OF
from orchestration.sources.synthetic.generate import EXPORTS, generate
from orchestration.sources.synthetic.mishaps import MISHAPS

SOURCES = EXPORTS.parent / "sources.yml"
# Everybody in them is in one of the classes inside them, which leave nobody over.
PASSED_THROUGH = [("channel_tree", "terminal"), ("channel_tree", "terminal.commercial")]
MOST_BYTES = 1_500_000
Warehouse = duckdb.DuckDBPyConnection


def switch_everything_on(project: Path) -> None:
    """Name each theme in the dbt project, the industry packs last."""
    described = yaml.safe_load((project / "dbt_project.yml").read_text("utf-8"))
    themes = described["vars"]["themes"]
    packs = sorted(path.stem for path in (project / "policy").glob("industry_*.yml"))
    themes += [pack for pack in packs if pack not in themes]
    (project / "dbt_project.yml").write_text(yaml.safe_dump(described, sort_keys=False), "utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which every theme was switched on and the company was run."""
    folder = tmp_path_factory.mktemp("clone")
    for part in ("orchestration", "dbt_project", "expectations"):
        ignored = shutil.ignore_patterns("target", "logs", "__pycache__")
        shutil.copytree(PROJECT / part, folder / part, ignore=ignored)
    switch_everything_on(folder / "dbt_project")
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("TIERS_")}
    run = subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "run"],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(folder), "TIERS_SOURCES": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def warehouse(clone: Path) -> Iterator[Warehouse]:
    """What the run left, to be read."""
    with duckdb.connect(clone / "data" / "warehouse.duckdb", read_only=True) as connection:
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
    found = rows(
        warehouse,
        "select table_name, fate, sum(row_count) from (unpivot staging.ledger"
        " on superseded, duplicate, deleted, waiting, quarantined into name fate value row_count)"
        " group by all having sum(row_count) > 0",
    )
    later = "select 'orders', 'staged', count(*) from staging.orders where order_date > ?"
    found += rows(warehouse, later, AS_OF)
    assert {(table, fate): count for table, fate, count in found} == meant


def test_every_theme_classifies(clone: Path, warehouse: Warehouse) -> None:
    enabled = "select distinct theme from classification.scheme_catalogue where enabled"
    themes = {path.stem for path in (clone / "dbt_project" / "policy").glob("*.sql")}
    assert {theme for (theme,) in rows(warehouse, enabled)} == themes


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
