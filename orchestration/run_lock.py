"""One run at a time: a lock from pull to swap, let go by the kernel however the run ends."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from orchestration.durable import make_folder
from orchestration.private import kept_private

LOCK = "run.lock"


class RunLocked(RuntimeError):
    """Another process works in the same home; says which, since when, and what to do."""


@contextmanager
def run_lock(home: Path, holder: str) -> Iterator[None]:
    """Hold the one lock of `home` (TIERS_HOME) while the block runs, as `locked` does.

    Whoever holds it writes for the owner and the group only (`orchestration.private`).
    """
    with locked(home, holder), kept_private(home):
        yield


@contextmanager
def locked(folder: Path, holder: str) -> Iterator[None]:
    """Hold the one lock of a folder while the block runs.

    `holder` is what a person who has to wait is told, such as "tiers run --as-of 2017-12-31".
    Raises RunLocked at once, without waiting, when another process, or this one, holds it.
    """
    make_folder(folder)
    # The file stays when the lock goes: removing it would let two runs lock two files of one name.
    with (folder / LOCK).open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunLocked(_who_holds_it(file, folder / LOCK)) from None
        _write_holder(file, holder)
        try:
            yield
        finally:
            file.truncate(0)


def _write_holder(file: BinaryIO, holder: str) -> None:
    note = {
        "holder": holder,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    file.truncate(0)
    file.write(json.dumps(note, ensure_ascii=False).encode())
    file.flush()


def _who_holds_it(file: BinaryIO, path: Path) -> str:
    file.seek(0)
    try:
        note = json.loads(file.read())
        who = (
            f"{note['holder']} (process {note['pid']} on {note['host']}) "
            f"has worked here since {note['since']}"
        )
        stop = f"or end it with `kill {note['pid']}` on {note['host']}"
    except (ValueError, KeyError, TypeError):
        # Between another run's lock and its note lies a moment.
        who, stop = "Another run has just begun", "or end it"
    return (
        f"{who} and holds {path}. Wait until it is done, {stop}: "
        "the lock goes with its process, nothing has to be removed by hand."
    )
