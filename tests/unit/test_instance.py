"""Dagster's records: quick to write while a run is at work."""

from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import Engine, create_engine

from orchestration.instance import open_instance, run_kept_open
from orchestration.settings import Settings


@dg.op
def noted(context: dg.OpExecutionContext) -> None:
    context.log.info("noted")


@dg.job
def one_step() -> None:
    noted()


def engine_of(database: str) -> Engine:
    made: Engine = vars(sqlite_event_log)["create_engine"](database)
    return made


def test_the_event_log_keeps_its_engines_while_it_is_open(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    database = f"sqlite:///{tmp_path / 'any.db'}"
    with open_instance(settings) as instance:
        result = one_step.execute_in_process(instance=instance)
        log = [entry.message for entry in instance.all_logs(result.run_id)]
        engine = engine_of(database)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("pragma synchronous").scalar() == 1  # normal
            opened = connection.connection.dbapi_connection
        engine.dispose()
        with engine.connect() as connection:
            assert connection.connection.dbapi_connection is opened
        with run_kept_open(settings, result.run_id):
            assert engine_of(database) is not create_engine(database)
        assert engine_of(database) is engine
    assert vars(sqlite_event_log)["create_engine"] is create_engine
    assert "noted" in log
    with open_instance(settings) as again:
        assert [entry.message for entry in again.all_logs(result.run_id)] == log
