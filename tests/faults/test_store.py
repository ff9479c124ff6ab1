"""A store and the homes that are its working copies: nothing lost, nothing half, one `current`."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from erasing_home import PERSON, build_warehouse, erase_what_is_kept, is_trace
from marked_release import DAY, build, markers_by_database, publish_marked
from s3_fixture import Stored
from store_home import (
    at,
    content,
    go_on,
    land,
    look,
    take_back,
    told_by,
)

from orchestration.erasing.recovery import recover
from orchestration.landing import committed_loads
from orchestration.publishing import current_release, list_releases, rollback
from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import StoreError
from orchestration.store.head import Overtaken


def test_a_machine_with_nothing_but_the_settings_gets_all_of_it(
    first: Settings, second: Settings
) -> None:
    assert content(second.home) == content(first.home)
    assert markers_by_database(second.home) == {1}
    assert [load.path.exists() for load in committed_loads(second.landing)] == [True] * 4
    release = current_release(second.releases)
    assert release and {path.stat().st_mode & 0o777 for path in release.path.iterdir()} == {0o444}


def test_nothing_is_put_or_brought_twice(stored: Stored, first: Settings, second: Settings) -> None:
    before = stored.objects()
    told: list[str] = []
    for settings in (first, second, first):
        with working_in(settings, "again", told.append):
            pass
    assert (stored.objects(), told) == (before, [])


def test_a_bucket_holds_what_counts_and_nothing_else(stored: Stored, first: Settings) -> None:
    take_back_and_put(first)
    pointer, listing = told_by(stored)
    hashes = {each.sha256 for each in listing.values()}
    assert len(stored.objects()) == len(listing) + 2  # the listing, and `current`
    assert hashes == {file for path, file in content(first.home).items() if path != "current"}
    assert pointer.release == content(first.home)["current"]


def test_of_two_machines_one_is_first_and_the_other_is_told(
    stored: Stored, first: Settings, second: Settings
) -> None:
    with (
        pytest.raises(Overtaken, match=r"the winner on .*Run again") as told,
        working_in(second, "the loser") as store,
    ):
        go_on(first, "the winner")
        land(second, "late")
        build(second.home, 3)
        publish_marked(second.home, before_swap=store.keep, run_id="late")
    assert "secret" not in str(told.value)
    assert markers_by_database(second.home) == {1}, "readers here were not moved either"
    assert told_by(stored)[0].release == content(first.home)["current"]
    heard: list[str] = []
    with working_in(second, "again", heard.append):
        assert content(second.home) == content(first.home)
        land(second, "late")
    assert "given up" in heard[0]
    assert "orders_late.csv" in {load.origin for load in committed_loads(second.landing)}


@pytest.fixture
def umask_of_one_process() -> Iterator[None]:
    """Machines have a process each; threads share its umask, and leave that of who ends last."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask_of_one_process")
def test_of_many_machines_at_one_moment_exactly_one_moves_current(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    homes = [at(tmp_path / f"home{number}", first) for number in range(4)]
    together = threading.Barrier(len(homes))
    won: list[Settings] = []

    def race(settings: Settings) -> None:
        with working_in(settings, settings.home.name) as store:
            build(settings.home, 7)
            together.wait()
            publish_marked(settings.home, before_swap=store.keep, run_id=settings.home.name)
            won.append(settings)

    threads = [threading.Thread(target=_quietly, args=(race, home)) for home in homes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert told_by(stored)[0].release == content(won[0].home)["current"]
    assert look(tmp_path / "fresh", first) == content(won[0].home)


def test_a_load_that_is_taken_back_and_days_that_are_set_aside_are_so_everywhere(
    first: Settings, second: Settings
) -> None:
    take_back_and_put(first)
    with working_in(second, "later"):
        assert content(second.home) == content(first.home)
    assert len(committed_loads(second.landing)) == 3


def test_a_rollback_is_one_for_everybody(first: Settings, second: Settings, tmp_path: Path) -> None:
    go_on(first, "newer")
    old, new = list_releases(first.releases)
    assert look(tmp_path / "before", first)["current"] == new.id
    with working_in(second, "back") as store:
        rollback(second.releases, old.id, store.keep)
    assert look(tmp_path / "after", first)["current"] == old.id


def test_whoever_is_erased_is_in_no_object_and_comes_back_from_none(
    stored: Stored, first: Settings, second: Settings, tmp_path: Path
) -> None:
    assert persons_in(stored, tmp_path / "before")
    for machine in (first, second):
        build_warehouse(machine.warehouse, DAY)
    with working_in(first, "erase"):
        erase_what_is_kept(first)
    assert not persons_in(stored, tmp_path / "after")
    with working_in(second, "later"):
        recover(second, print)
        assert content(second.home) == content(first.home)
    assert not second.warehouse.exists(), "it was made of what the store had then"
    land(second, "new", PERSON)  # by the hashes that came with the store
    assert not [row for row in rows_of(second.landing) if is_trace(row)]


def take_back_and_put(settings: Settings) -> None:
    """A load that is rejected, and the last day of history set aside."""
    with working_in(settings, "taking back"):
        take_back(settings)


def persons_in(stored: Stored, folder: Path) -> list[str]:
    """Keys of the objects in which the person stands, as bytes or in the rows of Parquet."""
    folder.mkdir()
    found = []
    for number, (key, put) in enumerate(stored.objects().items()):
        (folder / f"{number}.parquet").write_bytes(put)
        rows = _rows(folder / f"{number}.parquet") if key.endswith(".parquet") else ()
        if PERSON.encode() in put or any(is_trace(row) for row in rows):
            found.append(key)
    return found


def rows_of(landing: Path) -> Iterator[tuple[object, ...]]:
    """Every row that counts."""
    for load in committed_loads(landing):
        yield from _rows(load.path)


def _rows(parquet: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return con.execute("from read_parquet(?)", [str(parquet)]).fetchall()


def _quietly(action: Callable[[Settings], None], settings: Settings) -> None:
    with suppress(StoreError):
        action(settings)
