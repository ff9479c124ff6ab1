"""One run at a time, and nothing to clean up after one that was killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.run_lock import LOCK, RunLocked, run_lock

HOLD = """
import sys, time
from pathlib import Path
from orchestration.run_lock import run_lock
with run_lock(Path(sys.argv[1]), "tiers run --as-of 2017-12-31"):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input ends."""
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_run_is_told_who_works_and_what_to_do(
    other_run: subprocess.Popen[str], tmp_path: Path
) -> None:
    with pytest.raises(RunLocked) as refusal, run_lock(tmp_path, "tiers rollback"):
        pass
    message = str(refusal.value)
    assert "tiers run --as-of 2017-12-31" in message
    assert f"process {other_run.pid} on" in message
    assert f"kill {other_run.pid}" in message
    assert "since 20" in message


def test_a_killed_run_leaves_the_lock_free(
    other_run: subprocess.Popen[str], tmp_path: Path
) -> None:
    other_run.send_signal(signal.SIGKILL)
    other_run.wait()
    with run_lock(tmp_path, "tiers run"):
        assert f'"pid": {os.getpid()}' in (tmp_path / LOCK).read_text("utf-8")


def test_the_lock_is_free_after_a_run_and_after_a_failed_one(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), run_lock(tmp_path / "new home", "tiers run"):
        raise ZeroDivisionError
    with run_lock(tmp_path / "new home", "tiers run"):
        pass
    assert (tmp_path / "new home" / LOCK).read_bytes() == b""


def test_one_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with run_lock(tmp_path, "the outer"):
        with pytest.raises(RunLocked, match="the outer"), run_lock(tmp_path, "the inner"):
            pass
        with pytest.raises(RunLocked, match="the outer"), run_lock(tmp_path, "the third"):
            pass


def test_two_homes_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with run_lock(tmp_path / "a", "tiers run"), run_lock(tmp_path / "b", "tiers run"):
        pass


def test_a_lock_whose_note_is_not_written_yet_still_says_what_to_do(tmp_path: Path) -> None:
    with run_lock(tmp_path, "tiers run"):
        (tmp_path / LOCK).write_bytes(b"")
        with pytest.raises(RunLocked, match="has just begun"), run_lock(tmp_path, "tiers run"):
            pass
