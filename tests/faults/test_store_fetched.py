"""What readers get out of a store: a release, whole, and no more than the store has."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from pyarrow import parquet
from s3_fixture import Stored
from s3_server import BUCKET
from store_home import damage, go_on, told_by

from orchestration.publishing.current import check_content
from orchestration.publishing.releases import find_release
from orchestration.run_lock import RunLocked
from orchestration.settings import Settings
from orchestration.store import bringing, reading
from orchestration.store.bucket import Bucket, StoreError
from orchestration.store.reading import fetch_release
from orchestration.store.state import Listing


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


@pytest.mark.usefixtures("first")
def test_what_a_reader_fetched_can_be_read_by_everybody_and_written_by_nobody(
    stored: Stored, tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        release = fetch_release(stored.bucket, tmp_path / "bi")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in release.iterdir()} == {0o444}
    assert release.stat().st_mode & 0o777 == 0o755


def test_a_reader_loses_a_release_that_the_store_has_no_more(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    release = fetch_release(stored.bucket, tmp_path / "bi")
    for name in ("newer", "newest"):
        go_on(first, name)
    newest = fetch_release(stored.bucket, tmp_path / "bi")
    assert not release.exists()
    assert (tmp_path / "bi" / "current").resolve() == newest


def test_a_reader_keeps_its_release_when_the_store_calls_current_what_it_has_not(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    release = fetch_release(stored.bucket, tmp_path / "bi")
    lost = replace(told_by(stored)[0], release="2024-06-01T000009-gone")
    stored.bucket.put("current", lost.content())
    with pytest.raises(StoreError, match="does not hold 2024-06-01T000009-gone"):
        fetch_release(stored.bucket, tmp_path / "bi")
    assert (tmp_path / "bi" / "current").resolve() == release


def test_two_that_fetch_into_one_folder_do_not_meet(
    stored: Stored, first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch_too() -> None:
        with pytest.raises(RunLocked, match="tiers store fetch"):
            fetch_release(stored.bucket, tmp_path / "bi")

    before_the_first_file(monkeypatch, fetch_too)
    check_content(find_release(tmp_path / "bi", fetch_release(stored.bucket, tmp_path / "bi").name))


@pytest.mark.parametrize("name", ["left_half.parquet", "manifest.json"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_release_that_is_not_whole_here_is_fetched_again(
    stored: Stored, first: Settings, tmp_path: Path, name: str, is_there: bool
) -> None:
    release = fetch_release(stored.bucket, tmp_path / "bi")
    (release / name).unlink()
    if is_there:
        (release / name).write_bytes(b"half")
    assert fetch_release(stored.bucket, tmp_path / "bi") == release
    check_content(find_release(tmp_path / "bi", release.name))


def test_what_a_killed_fetch_left_goes_with_the_next(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    leftovers = tmp_path / "bi" / ".fetching", tmp_path / "bi" / ".removing"
    for leftover in leftovers:
        (leftover / "2024-06-01T000001-any").mkdir(parents=True)
    fetch_release(stored.bucket, tmp_path / "bi")
    assert not [path for leftover in leftovers for path in leftover.glob("*")]


def test_what_went_from_the_store_during_a_fetch_is_not_missed(
    stored: Stored, first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publish_two() -> None:
        for name in ("newer", "newest"):
            go_on(first, name)

    before_the_first_file(monkeypatch, publish_two)
    release = fetch_release(stored.bucket, tmp_path / "bi")
    assert release.name == told_by(stored)[0].release
    assert (tmp_path / "bi" / "current").resolve() == release


def test_what_is_missing_although_the_store_has_not_moved_is_damaged(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    key = damage(stored, f"releases/{told_by(stored)[0].release}/", None)
    with pytest.raises(StoreError, match="damaged") as told:
        fetch_release(stored.bucket, tmp_path / "bi")
    assert key in str(told.value)


def before_the_first_file(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do something when a fetch has read the listing and no file yet."""
    fetch, acts = bringing.fetch_files, iter([act])

    def later(bucket: Bucket, wanted: Listing, folder: Path) -> None:
        for each in acts:
            each()
        fetch(bucket, wanted, folder)

    monkeypatch.setattr(reading, "fetch_files", later)


def test_a_release_is_read_from_the_bucket_by_its_pointer(stored: Stored, first: Settings) -> None:
    files, place = stored.server.files, f"{BUCKET}/{stored.prefix}"
    pointer = json.loads(files.open_input_stream(f"{place}/current").readall())
    path = f"{place}/releases/{pointer['release']}/left_half.parquet"
    assert set(parquet.read_table(path, filesystem=files)["marker"].to_pylist()) == {1}
