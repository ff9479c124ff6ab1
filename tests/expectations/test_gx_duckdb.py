"""The dialect through which Great Expectations reads DuckDB, and whether it is still needed."""

import logging
from pathlib import Path

import duckdb
import pytest
import sqlalchemy

from orchestration.auditing.gx_duckdb import open_for_gate


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.duckdb"
    with duckdb.connect(path) as new:
        new.execute("create schema s; create table s.numbers as select range as i from range(7)")
    return path


def test_upstream_still_needs_our_dialect(database: Path) -> None:
    """When this fails, great-expectations reads DuckDB by itself: take gx_duckdb.py out."""
    import great_expectations
    from great_expectations.expectations.core import expect_table_row_count_to_be_between as core

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
    context = great_expectations.get_context(mode="ephemeral")
    source = context.data_sources.add_sql(
        "plain", connection_string=f"duckdb:///{database}", create_temp_table=False
    )
    asset = source.add_query_asset("numbers", "select * from s.numbers")
    batch = asset.add_batch_definition_whole_table("whole").get_batch()
    result = batch.validate(core.ExpectTableRowCountToBeBetween(min_value=7))
    source.get_execution_engine().close()
    source.get_engine().dispose()
    context.data_sources.delete("plain")
    assert "list index out of range" in str(result.exception_info)


def test_rows_can_be_taken_after_the_connection_was_given_back(database: Path) -> None:
    with open_for_gate(database, {}, {}) as opened:
        engine = sqlalchemy.create_engine(opened.url)
        with engine.connect() as connection:
            first = connection.execute(sqlalchemy.text("select i from s.numbers order by i"))
            second = connection.execute(sqlalchemy.text("select count(*) from s.numbers"))
        assert second.scalar() == 7
        assert first.scalars().all() == list(range(7))


def test_what_a_statement_worked_with_is_let_go_of_though_nobody_reads_its_result(
    database: Path,
) -> None:
    joined = "from range(100000) a (i) full join range(100000) b (i) using (i)"
    with open_for_gate(database, {}, {}) as opened:
        connection = sqlalchemy.create_engine(opened.url).connect()
        kept = connection.execute(sqlalchemy.text(f"select count(*) {joined}"))
        (held,) = opened.connection.execute(
            "select sum(memory_usage_bytes) from duckdb_memory() where tag = 'HASH_TABLE'"
        ).fetchall()
        assert held == (0,)
        assert kept.scalar() == 100_000


def test_a_gate_keeps_to_the_limits_of_the_run(database: Path, tmp_path: Path) -> None:
    config = {"threads": "1", "memory_limit": "64MiB"}
    path = tmp_path / "one.parquet"
    duckdb.execute("copy (select 1 as i) to $path (format parquet)", {"path": str(path)})
    for file, parquet in ((database, {}), (None, {"one": str(path)})):
        # Another connection of the process, with the settings of its own.
        with duckdb.connect(database, read_only=True), open_for_gate(file, parquet, config) as gate:
            found = gate.connection.execute(
                "select current_setting('threads'), current_setting('memory_limit')"
            ).fetchone()
            assert found == (1, "64.0 MiB")


def test_columns_are_found_in_the_schema_that_is_asked_for(database: Path) -> None:
    with duckdb.connect(database) as new:
        new.execute("create schema t; create table t.numbers (j int, k varchar)")
    with open_for_gate(database, {}, {}) as opened:
        assert opened.columns == {("s", "numbers"): ("i",), ("t", "numbers"): ("j", "k")}
        inspector = sqlalchemy.inspect(sqlalchemy.create_engine(opened.url))
        assert [one["name"] for one in inspector.get_columns("numbers", "t")] == ["j", "k"]
        opened.schema = "s"
        inspector = sqlalchemy.inspect(sqlalchemy.create_engine(opened.url))
        assert [one["name"] for one in inspector.get_columns("numbers")] == ["i"]


def test_nothing_can_be_written(database: Path) -> None:
    with (
        open_for_gate(database, {}, {}) as opened,
        sqlalchemy.create_engine(opened.url).connect() as connection,
        pytest.raises(sqlalchemy.exc.SQLAlchemyError, match="read-only"),
    ):
        connection.execute(sqlalchemy.text("delete from s.numbers"))


def test_the_file_is_let_go_of_though_results_and_engine_live_on(database: Path) -> None:
    with open_for_gate(database, {}, {}) as opened:
        engine = sqlalchemy.create_engine(opened.url)
        kept = [engine.connect().execute(sqlalchemy.text("from s.numbers")) for _ in range(3)]
    with duckdb.connect(database) as writer:
        writer.execute("delete from s.numbers")
    assert len(kept) == 3


def test_the_file_is_let_go_of_after_an_error(database: Path) -> None:
    with pytest.raises(RuntimeError, match="on the way"), open_for_gate(database, {}, {}):
        raise RuntimeError("on the way")
    with duckdb.connect(database) as writer:
        writer.execute("delete from s.numbers")


def test_parquet_files_of_any_name_become_views(tmp_path: Path) -> None:
    path = tmp_path / "o'hara $x.parquet"
    duckdb.execute("copy (select 1 as i) to $path (format parquet)", {"path": str(path)})
    with open_for_gate(None, {"order": str(path)}, {}) as opened:
        assert opened.columns["main", "order"] == ("i",)
        assert opened.cursor().execute('select i from "order"').fetchone() == (1,)
