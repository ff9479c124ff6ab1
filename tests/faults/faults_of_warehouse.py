"""A warehouse that is damaged, foreign, or held by another process."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
from arena import Arena
from damage import damages, foreign_log, garbage_log, overwrite, truncate
from killed import FORKS
from trials import FAILED, Case, Fault


def _remove_what_is_told(arena: Arena, told: str) -> None:
    (command,) = set(re.findall(r"`(rm -rf [^`]+)`", told))
    for path in map(Path, command.split()[2:]):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _sqlite(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("create table theirs (id integer)")
    other.close()


def _other_duckdb(path: Path) -> None:
    path.unlink()
    with duckdb.connect(path) as other:
        other.execute("create schema landing; create table landing.orders as select 1 as theirs")
        other.execute("create schema staging; create view staging.orders as select 2 as theirs")
        other.execute("create table customers as select 3 as theirs")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _warehouse(arena: Arena) -> Path:
    return arena.settings.warehouse


def _hold(database: str, line: Connection) -> None:
    with duckdb.connect(database):
        line.send("open")
        line.recv()


@contextmanager
def _held_open(arena: Arena) -> Iterator[None]:
    ours, theirs = FORKS.Pipe()
    holder = FORKS.Process(target=_hold, args=(str(arena.settings.warehouse), theirs))
    holder.start()
    assert ours.recv() == "open"
    yield
    ours.send("enough")
    holder.join()


WAREHOUSE = {
    "truncated": truncate,
    "garbage": overwrite,
    "an SQLite file": _sqlite,
    "somebody else's DuckDB": _other_duckdb,
    "a folder": _folder,
    "a foreign write-ahead log beside it": foreign_log,
}


FAULTS = (
    Fault(
        "Warehouse broken or foreign",
        "refused: the message names the file to remove; nothing is lost with it",
        {
            name: Case(damages(_warehouse, way), FAILED, "rm -rf", _remove_what_is_told)
            for name, way in WAREHOUSE.items()
        }
        | {"a garbage write-ahead log beside it": Case(damages(_warehouse, garbage_log))},
        ("garbage",),
    ),
    Fault(
        "Warehouse open elsewhere",
        "refused: the message names the process to end",
        {"for writing": Case(_held_open, FAILED, r"(?s)warehouse\.duckdb.*process")},
    ),
)
