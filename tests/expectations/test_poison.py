"""Every expectation of every suite fails for its poisoned row, and it alone.

A gate that cannot fail is no gate. The poison of the warehouse and the release is data, in poison/.
That of a load follows from the type of the expectation, unless poison/landing.yml says otherwise.
"""

import math
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from healthy_company import LOADED_ROWS, land, load_of, make_release, make_warehouse

from orchestration.auditing.suites import STAGES, Expected, load_suite, suites_of
from orchestration.duckdb_sql import quote_name
from orchestration.expectations import audit

POISON = {
    stage: yaml.safe_load((Path(__file__).parent / "poison" / f"{stage}.yml").read_text("utf-8"))
    for stage in STAGES
}
# A text that is not of the type.
UNFIT = {
    "money": "¥1,250",
    "number": "many",
    "integer": "2.5",
    "date": "31/12/2023",
    "timestamp": "31.12.2023 18:00",
    "boolean": "perhaps",
}


def every_expectation(*stages: str) -> list[tuple[str, str]]:
    return [
        (suite, one.name)
        for stage in stages
        for suite in suites_of(stage)
        for one in load_suite(suite).expected
    ]


def failed(stage: str, suite: str, database: Path | None, relation: str) -> set[str]:
    """Names of what the suite found, failures and warnings."""
    result = audit(stage, database, relations={suite.split("/")[1]: relation})
    return {found.expectation for found in (*result.failures, *result.warnings)}


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("healthy")
    databases = {"warehouse": folder / "w.duckdb", "published": folder / "r.duckdb"}
    make_warehouse(databases["warehouse"])
    make_release(databases["published"], databases["warehouse"])
    return databases


@pytest.mark.parametrize("stage", ["warehouse", "published"])
def test_a_healthy_database_passes_every_suite(stage: str, healthy: dict[str, Path]) -> None:
    result = audit(stage, healthy[stage])
    assert [str(found) for found in (*result.failures, *result.warnings)] == []
    assert result.evaluated == len(every_expectation(stage))


@pytest.mark.parametrize(("suite", "name"), every_expectation("warehouse", "published"))
def test_a_poisoned_row_fails_its_expectation_alone(
    suite: str, name: str, healthy: dict[str, Path], tmp_path: Path
) -> None:
    stage = "published" if suite.startswith("published/") else "warehouse"
    poison = POISON[stage][suite][name]
    sql, also = (poison["sql"], poison["also"]) if isinstance(poison, dict) else (poison, [])
    database = tmp_path / "poisoned.duckdb"
    shutil.copy(healthy[stage], database)
    with duckdb.connect(database) as poisoned:
        poisoned.execute(sql)
    schema = "main" if stage == "published" else suite.split("/")[0]
    relation = f"{schema}.{suite.split('/')[1]}"
    assert failed(stage, suite, database, relation) == {name, *also}


@pytest.mark.parametrize("suite", suites_of("landing"))
def test_a_healthy_load_passes(suite: str, tmp_path: Path) -> None:
    table = suite.split("/")[1]
    assert failed("landing", suite, None, str(land(load_of(table), tmp_path))) == set()


@pytest.mark.parametrize("suite", suites_of("landing"))
def test_a_load_whose_texts_stand_between_white_space_passes(suite: str, tmp_path: Path) -> None:
    load = load_of(suite.split("/")[1])
    for expected in load_suite(suite).expected:
        if expected.type == "expect_column_text_to_be":
            column = quote_name(expected.column or "")
            load.execute(f"update load set {column} = chr(9) || {column} || chr(160)")
    assert failed("landing", suite, None, str(land(load, tmp_path))) == set()


@pytest.mark.parametrize(("suite", "name"), every_expectation("landing"))
def test_a_poisoned_load_fails_its_expectation_alone(suite: str, name: str, tmp_path: Path) -> None:
    (expected,) = [one for one in load_suite(suite).expected if one.name == name]
    load = load_of(suite.split("/")[1])
    load.execute(poison_of_load(suite, expected, more=1))
    assert failed("landing", suite, None, str(land(load, tmp_path))) == {name}


@pytest.mark.parametrize("suite", suites_of("landing"))
def test_a_load_with_a_few_bad_rows_passes_for_staging_to_judge(suite: str, tmp_path: Path) -> None:
    load = load_of(suite.split("/")[1])
    for expected in load_suite(suite).expected:
        if expected.type == "expect_column_text_to_be":
            load.execute(poison_of_load(suite, expected, more=0))
    assert failed("landing", suite, None, str(land(load, tmp_path))) == set()


def poison_of_load(suite: str, expected: Expected, *, more: int) -> str:
    """SQL that breaks a healthy load: by as many rows as are tolerated, and `more`."""
    written = POISON["landing"].get(suite, {}) | POISON["landing"]["any"]
    if expected.name in written:
        return str(written[expected.name])
    column = expected.column
    if expected.type == "expect_table_row_count_to_be_between":
        return "delete from load"
    if expected.type == "expect_column_to_exist":
        return f'alter table load drop column "{column}"'
    if expected.name == "keys_differ":
        key = expected.needs[0]
        return f"update load set \"{key}\" = 'c' || _row % 19"
    assert expected.type == "expect_column_text_to_be", f"{expected.name} needs a written poison"
    text = expected.kwargs.get("text")
    unfit = " " if text == "filled" else UNFIT[text] if text else "gibberish"
    tolerated = max(
        math.floor((1 - expected.kwargs["mostly"]) * LOADED_ROWS + 1e-9), expected.kwargs["few"]
    )
    return f"update load set \"{column}\" = '{unfit}' where _row <= {tolerated + more}"
