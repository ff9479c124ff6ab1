"""What a person is told to do when the machine is at fault."""

import sqlite3
from pathlib import Path

import duckdb
import pytest

from orchestration.exits import FAILED, told_to_people
from orchestration.troubles import what_to_do


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("[Errno 28] No space left on device: '/data/x'", "Free some space"),
        ("(sqlite3.OperationalError) database or disk is full", "Free some space"),
        ("[Errno 27] File too large", "ulimit -f"),
        ("[Errno 30] Read-only file system: '/data/run.lock'", "may not be written"),
        ("attempt to write a readonly database", "may not be written"),
        ("Out of Memory Error: could not allocate block of size 256.0 KiB", "TIERS_MEMORY_LIMIT"),
        ("RuntimeError: can't start new thread", "TIERS_MEMORY_LIMIT"),
    ],
)
def test_trouble_of_the_machine_is_known_by_its_words(error: str, advice: str) -> None:
    told = what_to_do(error)
    assert told and advice in told and "run again" in told


def test_other_errors_get_no_advice() -> None:
    assert what_to_do('Binder Error: Referenced column "full" not found') is None


def test_the_words_are_those_of_the_engine(tmp_path: Path) -> None:
    with (
        duckdb.connect(config={"memory_limit": "1MB", "temp_directory": ""}) as con,
        pytest.raises(duckdb.Error) as full,
    ):
        con.execute("create table t as select range as n from range(10_000_000)")
    assert "memory" in (what_to_do(str(full.value)) or "")
    with pytest.raises(sqlite3.OperationalError) as closed:
        sqlite3.connect(tmp_path / "missing" / "runs.db")
    assert "may not be written" in (what_to_do(str(closed.value)) or "")


def test_a_full_disk_is_no_error_to_report(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, told_to_people():
        raise OSError(28, "No space left on device", "run.lock")
    told = capsys.readouterr().err
    assert ended.value.code == FAILED
    assert "Free some space" in told
    assert "report it" not in told
