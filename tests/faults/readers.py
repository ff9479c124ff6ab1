"""Processes that read `current` again and again while releases are swapped under them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from killed import FORKS
from marked_release import build, markers_by_database, markers_by_parquet, publish_marked

WAYS = {"database": markers_by_database, "parquet": markers_by_parquet}
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Watched:
    """What all readers together saw.

    Attributes:
        reads: how many there were.
        torn: those that failed, or saw rows of more than one release, each as text.
        backwards: how many readers saw an older release after a newer one.
        last: the releases that the readers saw last.
        least: how many releases the reader saw that saw the fewest.
    """

    reads: int
    torn: list[str]
    backwards: int
    last: set[int]
    least: int


def watch(home: Path, publishes: int, readers: int, reads: int) -> Watched:
    """Publish so often, evenly over at least so many reads; the readers go by both ways."""
    build(home, 0)
    publish_marked(home, grace=GRACE)
    counted = FORKS.Value("q", 0)
    ways = (list(WAYS) * readers)[:readers]
    started = [start(_read_until_told, home, way, counted) for way in ways]
    for marker in range(1, publishes + 1):
        build(home, marker, rows=200)
        publish_marked(home, grace=GRACE)
        while counted.value < reads * marker / publishes:
            time.sleep(0.01)
    seen = []
    for line, process in started:
        line.send("enough")
        seen.append(line.recv())
        process.join()
    return _told(seen)


def start(target: Callable[..., None], *arguments: object) -> tuple[Connection, BaseProcess]:
    """Start a process that says that it is ready; returns it and the line to it."""
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=target, args=(*arguments, theirs))
    process.daemon = True
    process.start()
    assert ours.recv() == "ready"
    return ours, process


def _read_until_told(home: Path, way: str, counted: Any, line: Connection) -> None:
    """Read again and again; at the end send what each read saw, or how it failed."""
    seen: list[list[int] | str] = []
    line.send("ready")
    told = False
    while not told:
        told = line.poll()  # once more after that: it has to see the last swap
        try:
            seen.append(sorted(WAYS[way](home)))
        except Exception as error:
            seen.append(repr(error))
        with counted.get_lock():
            counted.value += 1
        time.sleep(0.01)
    line.send(seen)


def _told(seen: list[list[list[int] | str]]) -> Watched:
    whole = [
        [what[0] for what in each if not isinstance(what, str) and len(what) == 1] for each in seen
    ]
    return Watched(
        reads=sum(map(len, seen)),
        torn=[
            str(what) for each in seen for what in each if isinstance(what, str) or len(what) != 1
        ],
        backwards=sum(markers != sorted(markers) for markers in whole),
        last={markers[-1] for markers in whole},
        least=min(len(set(markers)) for markers in whole),
    )
