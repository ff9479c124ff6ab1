"""The audit itself: what it evaluates, and what it tells."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from suite_maker import COUNT, make_database, query, where, write_suite

from orchestration.auditing.gx_duckdb import GateCursor
from orchestration.expectations import GateFailed, SuiteError, audit


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "some$name {x}.duckdb")


def test_a_failure_names_suite_column_count_share_and_what_to_do(
    database: Path, tmp_path: Path
) -> None:
    bad = query("select v from {batch} where v < '4'", mostly=0.9)
    suites = write_suite(tmp_path, "numbers", COUNT, bad, column="v")
    result = audit("warehouse", database, suites=suites)
    assert not result.passed
    with pytest.raises(GateFailed) as refused:
        result.raise_if_failed()
    assert str(refused.value) == (
        "The gate of warehouse refused: 1 of 2 expectations failed.\n"
        "  - staging/numbers: e1 of v: 34 of 100 rows (34.00 %)\n"
        "      What to do: Look."
    )
    found = result.by_table()["staging/numbers"]
    numbers = {key: value for key, value in found.metadata().items() if key != "found"}
    assert numbers == {"evaluated": 2, "failed": 1, "warned": 0, "e0": 100, "e1": 34}


def test_conditions_of_one_table_are_counted_in_one_pass(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = []
    execute = GateCursor.execute

    def listen(cursor: GateCursor, statement: str, *rest: Any) -> Any:
        statements.append(statement)
        return execute(cursor, statement, *rest)

    monkeypatch.setattr(GateCursor, "execute", listen)
    bad = [where(f"v = '{number}'") for number in range(3)]
    nothing = where("cast(null as boolean)")
    suites = write_suite(tmp_path, "numbers", *bad, nothing)
    result = audit("warehouse", database, suites=suites)
    assert [failure.observed for failure in result.failures] == ["1 of 100 rows (1.00 %)"] * 3
    assert sum("count_if" in statement for statement in statements) == 1


def test_expectations_that_cannot_be_evaluated_say_why_and_leave_the_others_alone(
    database: Path, tmp_path: Path
) -> None:
    suites = write_suite(tmp_path, "numbers", *map(where, ("v < '4'", "w = 1", "v = 'x'", "y = 1")))
    found, *broken = audit("warehouse", database, suites=suites).failures
    assert found.observed == "34 of 100 rows (34.00 %)"
    assert len(broken) == 2
    for failure, name in zip(broken, ("w", "y"), strict=True):
        assert failure.observed.startswith("could not be evaluated (Binder Error")
        assert f'column "{name}"' in failure.observed


def test_a_view_of_which_only_columns_are_expected_is_not_asked_for_rows(
    database: Path, tmp_path: Path
) -> None:
    """To plan the view of reasons takes longer than the rest of its gate."""
    with duckdb.connect(database) as new:
        for name in ("asked", "counted"):
            new.execute(f"create view staging.{name} as from staging.words where v::date is null")
    exists = {"type": "expect_column_to_exist", "kwargs": {"column": "v"}}
    suites = write_suite(tmp_path, "asked", exists)
    write_suite(tmp_path, "counted", COUNT)
    assert audit("warehouse", database, relations={"asked": "staging.asked"}, suites=suites).passed
    counted = audit("warehouse", database, relations={"counted": "staging.counted"}, suites=suites)
    assert not counted.passed


def test_a_failure_is_told_with_its_breakdown(database: Path, tmp_path: Path) -> None:
    counts = (
        "select v < '5' as small, count(*) as rows from staging.numbers group by all order by 1"
    )
    suites = write_suite(tmp_path, "numbers", query("select v from {batch}"), breakdown=counts)
    (failure,) = audit("warehouse", database, suites=suites).failures
    assert [line.split() for line in failure.breakdown] == [
        ["small", "rows"],
        ["False", "55"],
        ["True", "45"],
    ]
    assert all(f"      {line}\n" in str(failure) for line in failure.breakdown)


def test_a_warning_is_told_and_does_not_stop_the_run(database: Path, tmp_path: Path) -> None:
    bad = {**query("select v from {batch}"), "severity": "warning"}
    result = audit("warehouse", database, suites=write_suite(tmp_path, "numbers", bad))
    result.raise_if_failed()
    assert [warning.observed for warning in result.warnings] == ["100 of 100 rows (100.00 %)"]
    assert result.failures == ()


@pytest.mark.parametrize(
    ("rows", "bad", "passes"),
    [
        (100, 10, True),
        (100, 11, False),
        (1000, 100, True),
        (1000, 101, False),
        (10, 3, True),
        (10, 4, False),
        (4, 2, True),
        (4, 3, False),
        (1, 1, False),
    ],
)
def test_a_share_of_rows_and_a_few_in_a_small_table_are_tolerated(
    rows: int, bad: int, passes: bool, tmp_path: Path
) -> None:
    database = tmp_path / "w.duckdb"
    with duckdb.connect(database) as new:
        new.execute(f"create schema staging; create table staging.t as from range({rows}) t(v)")
    suites = write_suite(
        tmp_path, "t", query(f"select v from {{batch}} where v < {bad}", mostly=0.9, few=3)
    )
    assert audit("warehouse", database, suites=suites).passed is passes


def test_an_expectation_is_left_out_where_a_column_that_it_needs_is_not(
    database: Path, tmp_path: Path
) -> None:
    bad = query("select v from {batch} where w = 1")
    suites = write_suite(tmp_path, "numbers", bad, needs=["v", "w"])
    write_suite(tmp_path, "words", query("select v from {batch}"), needs=["v"])
    result = audit("warehouse", database, suites=suites)
    assert [found.table for found in result.failures] == ["words"]


def test_a_relation_that_is_not_there_fails(database: Path, tmp_path: Path) -> None:
    suites = write_suite(tmp_path, "letters", COUNT)
    (failure,) = audit("warehouse", database, suites=suites).failures
    assert failure.observed == "there is no staging.letters"


def test_a_table_without_a_suite_is_refused_and_so_is_a_stage_without_any(
    database: Path, tmp_path: Path
) -> None:
    suites = write_suite(tmp_path, "numbers", COUNT)
    with pytest.raises(SuiteError, match="no suite for letters"):
        audit("warehouse", database, relations={"letters": "staging.letters"}, suites=suites)
    with pytest.raises(SuiteError, match="stage published has no suite"):
        audit("published", database, suites=suites)


@pytest.mark.parametrize(
    "unknown",
    [
        {"type": "expect_the_best", "kwargs": {}},
        {"type": "expect_column_text_to_be", "kwargs": {"column": "v", "text": "nice"}},
        {"type": "expect_few_unexpected_rows", "kwargs": {"query": "select 1"}},
    ],
)
def test_an_expectation_that_nobody_knows_is_refused_and_not_skipped(
    unknown: dict[str, Any], database: Path, tmp_path: Path
) -> None:
    suites = write_suite(tmp_path, "numbers", COUNT, unknown)
    with pytest.raises(SuiteError, match=r"staging/numbers.*e1"):
        audit("warehouse", database, suites=suites)


def test_an_expectation_that_cannot_be_evaluated_fails_and_says_why(
    database: Path, tmp_path: Path
) -> None:
    suites = write_suite(tmp_path, "numbers", COUNT, query("select v from {batch} where w = 1"))
    (failure,) = audit("warehouse", database, suites=suites).failures
    assert failure.expectation == "e1"
    assert 'Referenced column "w" not found' in failure.observed
