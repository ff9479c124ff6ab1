"""A store and the homes that are its working copies: nothing lost, nothing half, one `current`."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from erasing_home import PERSON, build_warehouse, erase_what_is_kept, is_trace
from marked_release import DAY, build, markers_by_database, publish_marked
from pyarrow import parquet
from s3_fixture import Stored
from s3_server import BUCKET
from store_home import at, content, go_on, land, look, make_filled, make_stored, told_by

from orchestration.history import drop_from
from orchestration.landing import committed_loads, reject
from orchestration.publishing import current_release, list_releases, rollback
from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import StoreError
from orchestration.store.head import Overtaken
from orchestration.store.reading import fetch_release
from orchestration.store.working_copy import WorkingCopy


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home beside its sources."""
    return make_filled(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def first(filled: Path, stored: Stored, tmp_path: Path) -> Settings:
    """A machine that has put what it has."""
    return make_stored(filled, tmp_path / "first", stored)


@pytest.fixture
def second(first: Settings, tmp_path: Path) -> Settings:
    """Another, which has brought it."""
    settings = at(tmp_path / "second", first)
    with working_in(settings, "the second"):
        pass
    return settings


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
    build_warehouse(first.warehouse, DAY)
    with working_in(first, "erase"):
        erase_what_is_kept(first)
    assert not persons_in(stored, tmp_path / "after")
    with working_in(second, "later"):
        assert content(second.home) == content(first.home)
    land(second, "new", PERSON)  # by the hashes that came with the store
    assert not [row for row in rows_of(second.landing) if is_trace(row)]


def test_what_is_lost_here_by_mishap_is_brought_again(first: Settings) -> None:
    before = content(first.home)
    shutil.rmtree(first.landing / "orders")
    load = committed_loads(first.landing, "customers")[0]
    load.path.write_bytes(load.path.read_bytes()[:-1])
    with working_in(first, "again"):
        assert content(first.home) == before


def test_what_a_killed_command_had_done_is_put_and_what_it_could_not_have_done_is_undone(
    first: Settings, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), working_in(first, "killed"):
        take_back(first)
        raise KeyboardInterrupt
    done = content(first.home)
    shutil.rmtree(first.landing / "orders")
    committed_loads(first.landing)[0].path.unlink()
    shutil.rmtree(next(first.history.glob("2*")))
    with working_in(first, "the next"):
        assert content(first.home) == done
    assert look(tmp_path / "fresh", first) == done


def test_a_store_becomes_what_the_home_is_when_somebody_says_so(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    shutil.rmtree(first.landing / ".rejected")
    damage(stored, "releases/", b"")
    WorkingCopy(first.home, stored.bucket, "by hand", print).put_as_here()
    assert look(tmp_path / "fresh", first) == content(first.home)
    assert not (tmp_path / "fresh" / "landing" / ".rejected").exists()


def test_two_truths_that_never_met_are_not_mixed(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "other" / "home"
    other = stored.settings(Settings(home, first.sources))
    land(other, "other")
    before = content(home)
    with pytest.raises(StoreError, match="two different truths"), working_in(other, "mixing"):
        pass
    assert content(home) == before


@pytest.mark.parametrize("part", ["landing/customers/", "history/", "releases/", "listings/"])
@pytest.mark.parametrize("spoilt", [b"", None], ids=["emptied", "removed"])
def test_an_object_that_is_not_what_was_put_is_told_of_by_name(
    stored: Stored, first: Settings, tmp_path: Path, part: str, spoilt: bytes | None
) -> None:
    key = damage(stored, part, spoilt)
    home = tmp_path / "fresh"
    with pytest.raises(StoreError, match="damaged") as told:
        look(home, first)
    assert key in str(told.value)
    assert not content(home).keys() - {"current"}, "nothing came in"


def test_a_reader_gets_the_release_whole_or_not_at_all(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "for a BI tool"
    release = fetch_release(stored.bucket, folder)
    database = folder / "current" / "customer_tiers.duckdb"
    with duckdb.connect(database, read_only=True) as con:
        assert con.execute("select distinct marker from left_half").fetchall() == [(1,)]
    go_on(first, "newer")
    key = f"releases/{told_by(stored)[0].release}/left_half.parquet"
    whole = stored.objects()[key]
    damage(stored, key, b"PAR1")
    with pytest.raises(StoreError, match="left_half"):
        fetch_release(stored.bucket, folder)
    assert (folder / "current").resolve() == release
    stored.bucket.put(key, whole)
    newer = fetch_release(stored.bucket, folder)
    assert (folder / "current").resolve() == newer


def test_a_reader_loses_a_release_that_the_store_has_no_more(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    release = fetch_release(stored.bucket, tmp_path / "bi")
    for name in ("newer", "newest"):
        go_on(first, name)
    newest = fetch_release(stored.bucket, tmp_path / "bi")
    assert not release.exists()
    assert (tmp_path / "bi" / "current").resolve() == newest


def test_a_release_is_read_from_the_bucket_by_its_pointer(stored: Stored, first: Settings) -> None:
    files, place = stored.server.files, f"{BUCKET}/{stored.prefix}"
    pointer = json.loads(files.open_input_stream(f"{place}/current").readall())
    path = f"{place}/releases/{pointer['release']}/left_half.parquet"
    assert set(parquet.read_table(path, filesystem=files)["marker"].to_pylist()) == {1}


def take_back_and_put(settings: Settings) -> None:
    """A load that is rejected, and the last day of history set aside."""
    with working_in(settings, "taking back"):
        take_back(settings)


def take_back(settings: Settings) -> None:
    """The same, in a home that somebody works in."""
    reject(settings.landing, committed_loads(settings.landing)[0].load_id, "wrong")
    drop_from(settings.history, DAY.replace(year=2024, month=1, day=3))


def damage(stored: Stored, part: str, spoilt: bytes | None) -> str:
    """Spoil the first object of this beginning; returns its key."""
    key = min(key for key in stored.bucket.listed() if key.startswith(part))
    if spoilt is None:
        stored.server.files.delete_file(f"{BUCKET}/{stored.prefix}/{key}")
    else:
        stored.bucket.put(key, spoilt)
    return key


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
