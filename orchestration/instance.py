"""Dagster's own home: the one instance of run records that the command line and the UI share."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import Engine, QueuePool, create_engine, event

from orchestration.settings import Settings

TEMPLATE = Path(__file__).with_name("dagster.yaml")


def prepare_instance(settings: Settings) -> Path:
    """Make the folder for `DAGSTER_HOME`; a dagster.yaml that is there already stays as it is."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster_home / TEMPLATE.name
    if not configuration.exists():
        shutil.copyfile(TEMPLATE, configuration)
    return settings.dagster_home


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance of this home."""
    folder = prepare_instance(settings)
    with (
        dg.DagsterInstance.from_config(str(folder)) as instance,
        _kept_open([folder / "history" / "runs.db", folder / "history" / "runs" / "index.db"]),
    ):
        yield instance


@contextmanager
def run_kept_open(settings: Settings, run_id: str) -> Iterator[None]:
    """Make it quick to record the events of one run, for as long as the block lasts."""
    with _kept_open([settings.dagster_home / "history" / "runs" / f"{run_id}.db"]):
        yield


@contextmanager
def _kept_open(databases: Iterable[Path]) -> Iterator[None]:
    """Hold SQLite files open, those that are there: an instance may keep its records elsewhere.

    Dagster opens and closes them for each of hundreds of events. The last connection to close
    writes the log back and waits for the disk several times; with this one it is never the last.
    """
    with ExitStack() as stack:
        stack.enter_context(_one_engine_per_database())
        for database in databases:
            if database.exists():
                connection = stack.enter_context(closing(sqlite3.connect(database)))
                connection.execute("select count(*) from sqlite_master").fetchone()
        yield


@contextmanager
def _one_engine_per_database() -> Iterator[None]:
    """Let Dagster's event log keep its engines: it makes several for each of hundreds of events.

    A new engine compiles every statement anew, and opens the file again. Nor does it wait for the
    disk after each event: the write-ahead log keeps the file whole, and what a power cut takes are
    the last events of a run that it ended.
    """
    engines: dict[str, Engine] = {}

    def engine_of(url: str, **options: Any) -> Engine:
        if url not in engines:
            engines[url] = create_engine(url, **options | {"poolclass": _KeptOpen})
            event.listen(engines[url], "connect", _do_not_wait)
        return engines[url]

    names = vars(sqlite_event_log)
    before = names["create_engine"]
    names["create_engine"] = engine_of
    try:
        yield
    finally:
        names["create_engine"] = before
        for engine in engines.values():
            assert isinstance(engine.pool, _KeptOpen)
            engine.pool.close()


class _KeptOpen(QueuePool):
    """Connections that stay when Dagster disposes of their engine, as it does after each event."""

    def dispose(self) -> None:
        """Not yet."""

    def recreate(self) -> QueuePool:
        """There is nothing to make anew."""
        return self

    def close(self) -> None:
        """Now."""
        super().dispose()


def _do_not_wait(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("pragma synchronous = normal")


def close_dead_runs(instance: dg.DagsterInstance, besides: Collection[str]) -> list[str]:
    """Mark runs as failed whose process is gone; returns their ids. The caller holds the run lock.

    No other run can be at work then, but those of the jobs `besides`, which do without it. A killed
    process cannot say so itself, and its run would stay in the queue's way until its time is up.
    """
    at_work = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    found = instance.get_runs(filters=dg.RunsFilter(statuses=at_work))
    dead = [run for run in found if run.job_name not in besides]
    for run in dead:
        instance.report_run_failed(run, "The process of this run is gone: it was killed.")
    return [run.run_id for run in dead]
