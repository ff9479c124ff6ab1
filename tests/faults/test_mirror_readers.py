"""Releases are swapped in PostgreSQL under readers, and publishers and servers are killed."""

import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest
from killed import killed_after_report, killed_at_report
from marked_release import build, publish_marked
from mirrored_schema import MirroredSchema, nothing_to_say
from readers import start

from bench.servers import Server
from orchestration.publishing import Release, current_release
from orchestration.publishing.postgresql import MirrorError, Target, mirror

JOINED = (
    "select marker from customer_tiers.left_half union select marker from customer_tiers.right_half"
)
ROWS = 300
SWAPS = 6


def in_one_query(connection: psycopg.Connection) -> list[int]:
    """The markers that one query finds in both tables."""
    with connection.transaction():
        return [marker for (marker,) in connection.execute(JOINED)]


def in_one_transaction(connection: psycopg.Connection) -> list[int]:
    """The markers that two queries find, one after the other."""
    found: set[int] = set()
    with connection.transaction():
        for half in ("right_half", "left_half"):
            time.sleep(0.05)
            query = f"select marker from customer_tiers.{half}".encode()
            found |= {marker for (marker,) in connection.execute(query)}
    return sorted(found)


def in_an_old_snapshot(connection: psycopg.Connection) -> list[int]:
    """The same in a transaction whose snapshot is older than what it reads may be."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        connection.execute("select count(*) from pg_class").fetchall()
        time.sleep(0.1)
        found = connection.execute(JOINED).fetchall()
        counts = connection.execute("select count(*) from customer_tiers.left_half").fetchall()
    return [*(marker for (marker,) in found), *([] if counts == [(ROWS,)] else [-1])]


WAYS = {way.__name__: way for way in (in_one_query, in_one_transaction, in_an_old_snapshot)}


def _read_until_told(url: str, way: str, line: Connection) -> None:
    seen: list[list[int] | str] = []
    line.send("ready")
    told = False
    with psycopg.connect(url, autocommit=True) as connection:
        while not told:
            told = line.poll()  # once more after that: it has to see the last swap
            try:
                seen.append(WAYS[way](connection))
            except Exception as error:
                seen.append(repr(error))
            time.sleep(0.02)
    line.send(seen)


def marked(home: Path, marker: int, rows: int = ROWS) -> Release:
    build(home, marker, rows)
    return publish_marked(home)


def mirror_current(home: Path, url: str, report: Callable[[str], None]) -> None:
    """What a publisher does; for a process of its own."""
    release = current_release(home / "releases")
    assert release is not None
    mirror(release, Target(url, "customer_tiers"), config={}, report=report)


def shown(schema: MirroredSchema) -> list[tuple[int]]:
    return schema.query(JOINED)


@pytest.mark.slow
def test_readers_see_whole_releases_only(tmp_path: Path, schema: MirroredSchema) -> None:
    schema.show(marked(tmp_path, 0))
    readers = [start(_read_until_told, schema.url, way) for way in WAYS]
    for marker in range(1, SWAPS + 1):
        schema.show(marked(tmp_path, marker))
        time.sleep(0.2)
    for way, (line, process) in zip(WAYS, readers, strict=True):
        line.send("enough")
        seen = line.recv()
        process.join()
        torn = [what for what in seen if isinstance(what, str) or len(what) != 1]
        assert torn == [], f"{way}: {len(torn)} of {len(seen)}"
        markers = [what[0] for what in seen]
        assert markers == sorted(markers)
        assert markers[-1] == SWAPS
        assert len(set(markers)) > SWAPS / 2, "the swaps were not seen"


@pytest.fixture
def home(tmp_path: Path, schema: MirroredSchema) -> Iterator[Path]:
    """A home that is about to show release 2 where 1 is shown."""
    schema.show(marked(tmp_path, 1))
    marked(tmp_path, 2)
    yield tmp_path
    assert schema.schemas() == ["customer_tiers"]


def assert_old_then_new(home: Path, schema: MirroredSchema) -> None:
    assert shown(schema) == [(1,)]
    assert schema.schemas() == ["customer_tiers"]
    mirror_current(home, schema.url, nothing_to_say)
    assert shown(schema) == [(2,)]


@pytest.mark.parametrize("moment", ["loading left_half", "loading right_half", "2017-12-31"])
def test_a_killed_publisher_leaves_the_old_release(
    home: Path, schema: MirroredSchema, moment: str
) -> None:
    assert killed_at_report(f"postgresql: {moment}", mirror_current, home, schema.url)
    assert_old_then_new(home, schema)


def test_a_publisher_that_is_killed_while_it_copies_leaves_the_old_release(
    home: Path, schema: MirroredSchema
) -> None:
    marked(home, 2, rows=300_000)
    assert killed_after_report(
        "postgresql: loading left_half", 0.1, mirror_current, home, schema.url
    )
    assert_old_then_new(home, schema)


def test_a_killed_server_shows_the_old_release_when_it_is_back(
    home: Path, schema: MirroredSchema, postgresql_server: Server
) -> None:
    def kill(text: str) -> None:
        if "right_half" in text:
            postgresql_server.kill()

    with pytest.raises(MirrorError, match="is as it was before"):
        mirror_current(home, schema.url, kill)
    postgresql_server.start()
    assert_old_then_new(home, schema)


def test_a_transaction_that_is_left_open_is_named_and_waits_for_nothing(
    home: Path, schema: MirroredSchema
) -> None:
    release = current_release(home / "releases")
    assert release is not None
    with schema.connect() as idle:
        idle.execute("set application_name = 'left open'")
        idle.execute(JOINED.encode())
        with pytest.raises(MirrorError, match=r"now it is \d+ \(left open\)\. End sessions"):
            schema.show(release, patience=1.0)
        assert idle.execute(JOINED.encode()).fetchall() == [(1,)]
    assert_old_then_new(home, schema)
