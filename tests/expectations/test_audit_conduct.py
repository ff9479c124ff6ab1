"""How an audit behaves: what it never tells, what it costs, and that it lets go of the file."""

import logging
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import duckdb
import pytest
from healthy_company import land, load_of, make_warehouse
from suite_maker import CANARY, COUNT, make_database, query, write_suite

from orchestration.auditing.results import NotAudited
from orchestration.expectations import AuditResult, GateFailed, audit, suites_of

LEAKY = [
    query("select v, v::integer from {batch}"),
    query("select v from {batch} where v::integer > 0"),
    query("select error(v) from {batch}"),
    {"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": "from {batch}"}},
    {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "v", "value_set": ["a"]}},
    {"type": "expect_column_values_to_be_between", "kwargs": {"column": "v", "max_value": 1}},
    {"type": "expect_column_values_to_be_null", "kwargs": {"column": "v"}},
    {"type": "expect_column_max_to_be_between", "kwargs": {"column": "v", "max_value": 1}},
    {
        "type": "expect_column_distinct_values_to_be_in_set",
        "kwargs": {"column": "v", "value_set": ["a"]},
    },
    {"type": "expect_column_value_lengths_to_equal", "kwargs": {"column": "v", "value": 1}},
    {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "v", "max_value": 1}},
]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "some$name {x}.duckdb")


def everything_told(result: AuditResult) -> str:
    told = [repr(result), *(str(suite.metadata()) for suite in result.suites)]
    try:
        result.raise_if_failed()
    except GateFailed:
        told.append(traceback.format_exc())
    return "\n".join(told)


def test_no_value_of_a_row_gets_out(
    database: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    result = audit("warehouse", database, suites=write_suite(tmp_path, "words", *LEAKY))
    assert len(result.failures) == len(LEAKY)
    printed = capfd.readouterr()
    told = everything_told(result) + caplog.text + printed.out + printed.err
    assert CANARY not in told
    assert "Conversion Error" in told


def test_no_text_of_a_bad_load_gets_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    load = load_of("orders")
    columns = [row[0] for row in load.execute("describe load").fetchall()]
    for column in set(columns) - {"_row"}:
        load.execute(f"update load set \"{column}\" = '{CANARY}'")
    result = audit("landing", None, relations={"orders": str(land(load, tmp_path))})
    assert len(result.failures) >= 5
    printed = capfd.readouterr()
    assert CANARY not in everything_told(result) + caplog.text + printed.out + printed.err


def test_want_of_memory_is_not_told_as_a_fault_of_the_data(database: Path, tmp_path: Path) -> None:
    many = "(select list(range) as many from range(20_000_000))"
    greedy = query(f"select v from {{batch}}, {many} where len(many) > 0")
    suites = write_suite(tmp_path, "words", greedy)
    limit = {"memory_limit": "50MB", "threads": "1"}
    with pytest.raises(NotAudited, match="could not be evaluated: Out of Memory"):
        audit("warehouse", database, suites=suites, config=limit)


def test_a_value_that_reads_like_trouble_of_the_machine_is_a_fault_of_the_data(
    database: Path, tmp_path: Path
) -> None:
    with duckdb.connect(database) as here:
        here.execute("update staging.words set v = 'the ticket is already open'")
    suites = write_suite(tmp_path, "words", LEAKY[1])
    (failure,) = audit("warehouse", database, suites=suites).failures
    assert failure.observed == "could not be evaluated (Conversion Error)"


@pytest.mark.parametrize("expectation", [COUNT, LEAKY[1], LEAKY[3]], ids=["good", "error", "bad"])
def test_the_file_can_be_written_again_at_once(
    expectation: dict[str, Any], database: Path, tmp_path: Path
) -> None:
    suites = write_suite(tmp_path, "words", expectation)
    result = audit("warehouse", database, suites=suites)
    with duckdb.connect(database) as here:
        here.execute("create table staging.more as select 1")
    write = f"import duckdb; duckdb.connect({str(database)!r}).execute('create table t (i int)')"
    subprocess.run([sys.executable, "-c", write], check=True)
    assert result.evaluated == 1


def test_the_audited_file_is_not_changed(database: Path, tmp_path: Path) -> None:
    before = database.read_bytes()
    sql = "select * from {batch}, (select 1)"
    audit("warehouse", database, suites=write_suite(tmp_path, "words", COUNT, query(sql)))
    assert database.read_bytes() == before
    assert list(tmp_path.glob("*.duckdb*")) == [database]


def test_a_gate_costs_less_than_a_second_of_work_once_imported(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    make_warehouse(warehouse)
    audit("warehouse", warehouse)
    started = time.process_time()
    assert audit("warehouse", warehouse).evaluated > 30
    assert time.process_time() - started < 1.0


def test_great_expectations_comes_late_once_and_quietly(tmp_path: Path) -> None:
    make_warehouse(tmp_path / "w.duckdb")
    program = f"""
import sys
from pathlib import Path
from orchestration.expectations import audit, _great_expectations
assert "great_expectations" not in sys.modules, "imported too early"
for _ in range(2):
    audit("warehouse", Path({str(tmp_path / "w.duckdb")!r})).raise_if_failed()
assert _great_expectations.cache_info().misses == 1
_, context = _great_expectations()
assert context.config.analytics_enabled is False
assert not context.data_sources.all()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_each_suite_of_a_gate_has_its_result(tmp_path: Path) -> None:
    make_warehouse(tmp_path / "w.duckdb")
    assert list(audit("warehouse", tmp_path / "w.duckdb").by_table()) == suites_of("warehouse")
