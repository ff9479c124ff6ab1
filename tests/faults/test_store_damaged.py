"""What is lost or spoilt, here or in the store, is brought again or told of."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from s3_fixture import Stored
from store_home import (
    at,
    content,
    damage,
    land,
    look,
    take_back,
    told_by,
)

from orchestration.landing import committed_loads
from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import StoreError
from orchestration.store.state import listing_content
from orchestration.store.working_copy import WorkingCopy


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


@pytest.mark.parametrize("name", ["left_half.parquet", "customer_tiers.duckdb", "manifest.json"])
@pytest.mark.parametrize("spoilt", [b"other", None], ids=["changed", "removed"])
def test_a_release_that_was_damaged_before_a_kill_or_after_is_brought_again(
    stored: Stored, first: Settings, tmp_path: Path, name: str, spoilt: bytes | None
) -> None:
    """No work changes a file of a release, so none is put in the place of one that readers have."""
    before = content(first.home)
    with pytest.raises(KeyboardInterrupt), working_in(first, "killed"):
        raise KeyboardInterrupt
    file = first.releases / str(before["current"]) / name
    file.unlink()
    if spoilt is not None:
        file.write_bytes(spoilt)
    with working_in(first, "the next"):
        assert content(first.home) == before
    assert look(tmp_path / "fresh", first) == before


@pytest.mark.parametrize("folder", ["erasures", "history/calibrations"])
@pytest.mark.parametrize("went_on", [False, True])
def test_what_persons_said_is_not_taken_back_by_a_mishap_after_a_kill(
    first: Settings, tmp_path: Path, folder: str, went_on: bool
) -> None:
    said = first.home / folder / "2024-01-03-said.json"
    with working_in(first, "said"):
        said.parent.mkdir(exist_ok=True)
        said.write_text("{}")
    with pytest.raises(KeyboardInterrupt), working_in(first, "killed"):
        raise KeyboardInterrupt
    said.unlink()
    if went_on:
        with working_in(at(tmp_path / "other", first), "another machine"):
            (tmp_path / "other" / "history" / "any").write_text("new")
    with working_in(first, "the next"):
        assert said.exists()


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


@pytest.mark.parametrize("path", ["", ".env", "landing/../../elsewhere", "/elsewhere"])
def test_a_listing_that_somebody_else_wrote_brings_nothing_to_elsewhere(
    stored: Stored, first: Settings, tmp_path: Path, path: str
) -> None:
    """Whoever may write to the bucket need not be one who may write to the machine."""
    pointer, listing = told_by(stored)
    changed = listing_content({**listing, path: next(iter(listing.values()))})
    written = json.dumps(changed).encode()
    stored.bucket.put(pointer.listing, written)
    sha256 = hashlib.sha256(written).hexdigest()
    stored.bucket.put("current", replace(pointer, listing_sha256=sha256).content())
    with pytest.raises(StoreError, match="which no store holds"):
        look(tmp_path / "fresh", first)
