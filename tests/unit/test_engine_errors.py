"""Errors of the engine say what is wrong and where, and not which value it was."""

import duckdb
import pytest

from orchestration.engine_errors import spark_without_values, values_kept_back, without_values

NAME = "O'Quixley to INT32"
SETUP = """
create table people (name varchar primary key, amount decimal(18, 4), number bigint);
insert into people values ($name, 99999999999999.1234, 9223372036854775807)
"""
QUOTING = {
    "select cast(name as date) from people": "column name",
    "select cast(list_value(name)[1] as integer) from people": "fit INT",
    "select strptime(name, '%Y') from people": "Invalid Input",
    "select json(name) from people": "Invalid Input",
    "select number + number from people": "Out of Range",
    "select cast(number as integer) from people": "column number, value is out of range",
    "insert into people (name) select name from people": "Constraint",
    "select cast(sum(amount) as decimal(18, 4)) from (select amount from people, range(1000))": (
        "DECIMAL(18,4) in column sum, value is out of range"
    ),
    "select error(name || chr(10) || chr(10) || 'LINE 1: ' || name) from people": "Invalid Input",
}


@pytest.fixture
def people() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for statement in SETUP.split(";"):
        con.execute(statement, {"name": NAME} if "$name" in statement else {})
    return con


@pytest.mark.parametrize(("query", "told"), QUOTING.items())
def test_an_error_about_a_value_does_not_quote_it(
    people: duckdb.DuckDBPyConnection, query: str, told: str
) -> None:
    with pytest.raises(duckdb.Error) as quoting:
        people.execute(query).fetchall()
    values = (NAME, "9223372036854775807", "99999999999999")
    assert any(value in str(quoting.value) for value in (*values, "9999999999999912"))
    with pytest.raises(type(quoting.value)) as kept, values_kept_back():
        people.execute(query).fetchall()
    assert told in str(kept.value)
    assert "may be personal" in str(kept.value)
    assert not any(value in str(kept.value) for value in (*values, "Quixley"))
    assert kept.value.__cause__ is None
    assert kept.value.__suppress_context__


@pytest.mark.parametrize("query", ["select nobody from people", "from nowhere", "select select"])
def test_an_error_about_names_is_told_as_it_is(
    people: duckdb.DuckDBPyConnection, query: str
) -> None:
    with pytest.raises(duckdb.Error) as error:
        people.execute(query)
    assert without_values(str(error.value)) == str(error.value)


def test_what_is_no_error_of_the_engine_is_raised_as_it_was() -> None:
    with pytest.raises(ValueError, match="as it was"), values_kept_back():
        raise ValueError("as it was")


def test_a_commit_says_that_the_disk_is_full_and_no_value() -> None:
    full = "Could not write file: No space left on device"
    told = without_values(f"TransactionContext Error: Failed to commit: {full} {NAME}")
    assert told == "TransactionContext Error: the commit failed: No space left on device"
    broken = f'Failed to commit: PRIMARY KEY constraint violated: duplicate key "{NAME}"'
    assert NAME not in without_values(f"TransactionContext Error: {broken}")


def test_an_error_of_spark_about_a_value_does_not_quote_it() -> None:
    message = (
        "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent failure:"
        f" SparkArithmeticException: [NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION] The {NAME} cannot"
        " be represented as Decimal(18, 4). SQLSTATE: 22003 [CAST_OVERFLOW]"
    )
    told = spark_without_values(message)
    assert told.startswith(
        "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION, CAST_OVERFLOW: a value does not fit"
        " DECIMAL(18,4), value is out of range"
    )
    assert "may be personal" in told
    assert "Quixley" not in told


def test_an_error_of_sparks_machines_is_told_as_such() -> None:
    message = (
        "An error occurred while calling o1.sql. : org.apache.spark.SparkException: Job aborted due"
        f" to stage failure: ExecutorLostFailure (executor 1 exited) for {NAME}; Reason: Executor"
        " heartbeat timed out after 130 s; java.io.IOException: No space left on device"
    )
    assert spark_without_values(message) == (
        "Spark failed: org.apache.spark.SparkException, ExecutorLostFailure,"
        " Executor heartbeat timed out, java.io.IOException, No space left on device"
    )
    assert spark_without_values(f"it broke at {NAME}") == (
        "Spark failed: why is in the logs of its executors"
    )
