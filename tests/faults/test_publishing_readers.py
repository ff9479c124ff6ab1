"""Readers in other processes while releases are swapped under them."""

from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from marked_release import build, publish_marked
from readers import start, watch

from orchestration.publishing.current import point_current

# `make faults` has 16 readers, 100 publishes and 10,000 reads.
READERS, PUBLISHES, READS = 4, 40, 400
SWAPS = 500


def look_until_told(home: Path, line: Connection) -> None:
    """Look for the served file without a pause; at the end send how often it was there or not."""
    found: Counter[bool] = Counter()
    line.send("ready")
    database = home / "releases" / "current" / "customer_tiers.duckdb"
    while not line.poll():
        found.update(database.exists() for _ in range(100))
    line.send(found)


def test_readers_see_old_or_new_never_mixed_or_missing(tmp_path: Path) -> None:
    watched = watch(tmp_path, PUBLISHES, READERS, READS)
    assert watched.torn == []
    assert watched.reads >= READS
    assert watched.backwards == 0, "a reader went back to an older release"
    assert watched.last == {PUBLISHES}
    assert watched.least > PUBLISHES / 5, "too slow to see the swaps"


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
