"""Readers in other processes while releases are swapped under them."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from killed import FORKS
from marked_release import build, markers_by_database, markers_by_parquet, publish_marked

from orchestration.publishing.current import point_current

PUBLISHES = 50
SWAPS = 500
READERS = {"database": markers_by_database, "parquet": markers_by_parquet}


def read_until_told(home: Path, way: str, line: Connection) -> None:
    """Read again and again; at the end send what each read saw, or how it failed."""
    seen: list[list[int] | str] = []
    line.send("ready")
    told = False
    while not told:
        told = line.poll()  # once more after that: it has to see the last swap
        try:
            seen.append(sorted(READERS[way](home)))
        except Exception as error:
            seen.append(repr(error))
        time.sleep(0.01)
    line.send(seen)


def look_until_told(home: Path, line: Connection) -> None:
    """Look for the served file without a pause; at the end send how often it was there or not."""
    found: Counter[bool] = Counter()
    line.send("ready")
    database = home / "releases" / "current" / "customer_tiers.duckdb"
    while not line.poll():
        found.update(database.exists() for _ in range(100))
    line.send(found)


def start(target: Callable[..., None], *arguments: object) -> tuple[Connection, BaseProcess]:
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=target, args=(*arguments, theirs))
    process.daemon = True
    process.start()
    assert ours.recv() == "ready"
    return ours, process


def test_readers_see_old_or_new_never_mixed_or_missing(tmp_path: Path) -> None:
    build(tmp_path, 0)
    publish_marked(tmp_path, grace=timedelta(hours=1))
    readers = {way: start(read_until_told, tmp_path, way) for way in READERS}
    for marker in range(1, PUBLISHES + 1):
        build(tmp_path, marker, rows=200)
        publish_marked(tmp_path, grace=timedelta(hours=1))
    for way, (line, process) in readers.items():
        line.send("enough")
        seen = line.recv()
        process.join()
        assert [what for what in seen if isinstance(what, str) or len(what) != 1] == [], way
        markers = [what[0] for what in seen]
        assert markers == sorted(markers), f"{way}: a reader went back to an older release"
        assert markers[-1] == PUBLISHES, way
        assert len(set(markers)) > PUBLISHES / 5, f"{way}: too slow to see the swaps"


def test_there_is_no_moment_without_a_served_file(tmp_path: Path) -> None:
    build(tmp_path, 0, rows=1)
    ids = [publish_marked(tmp_path).id for _ in range(2)]
    line, process = start(look_until_told, tmp_path)
    for number in range(SWAPS):
        point_current(tmp_path / "releases", ids[number % 2])
    line.send("enough")
    found = line.recv()
    process.join()
    assert found[False] == 0
    assert found[True] > SWAPS
