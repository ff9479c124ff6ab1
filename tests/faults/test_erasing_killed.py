"""An erasure that is killed at any moment goes on from there, and nobody else loses a row."""

import itertools
import random
import shutil
from pathlib import Path

import pytest
from erasing_home import (
    erase_what_is_kept,
    make_home,
    pull,
    request_of,
    state_of_others,
    traces,
)
from killed import killed_before_change

from orchestration.erasing.releases import finish_requests
from orchestration.erasing.requests import FOLDER
from orchestration.settings import Settings

SEED, KILLS = 20240601, 8


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that knows the person. Only copy it."""
    return make_home(tmp_path_factory.mktemp("erasing") / "home")


def copied(before: Settings, folder: Path) -> Settings:
    shutil.copytree(before.home.parent, folder)
    return Settings(home=folder / "home", sources=folder / "source.yml", threads=1)


@pytest.fixture(scope="module")
def changes(before: Settings, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many changes of the file system an erasure makes."""
    folder = tmp_path_factory.mktemp("counting")
    for number in itertools.count(16, 16):
        if not killed_before_change(
            number, erase_what_is_kept, copied(before, folder / str(number))
        ):
            return number
    raise AssertionError


@pytest.mark.slow
def test_a_kill_before_any_change_of_an_erasure_is_made_good_by_the_next_run(
    before: Settings, changes: int, tmp_path: Path
) -> None:
    others = state_of_others(before)
    assert changes > 40, "the moments of an erasure were not seen"
    for number in sorted(random.Random(SEED).sample(range(1, changes), KILLS)):
        home = copied(before, tmp_path / str(number))
        killed_before_change(number, erase_what_is_kept, home)
        erase_what_is_kept(home)
        # The referrer of `a` is emptied; no row is gone, none is there twice.
        assert traces(home) == [], number
        found = state_of_others(home)
        assert {name: len(rows) for name, rows in found.items()} == {
            name: len(rows) for name, rows in others.items()
        }, number
        assert not list((home.home / FOLDER).glob(".*")), number


def test_what_landed_before_an_erasure_does_not_land_again(
    before: Settings, tmp_path: Path
) -> None:
    home = copied(before, tmp_path / "erased")
    erase_what_is_kept(home)
    assert [pull(home, table) for table in ("customers", "orders", "order_lines")] == [0, 0, 0]
    assert traces(home) == []


def test_a_second_look_changes_nothing(before: Settings, tmp_path: Path) -> None:
    home = copied(before, tmp_path / "erased")
    erase_what_is_kept(home)
    assert request_of(home)["finished_at"] is None
    finish_requests(home)  # no release shows anybody
    assert request_of(home)["finished_at"] is not None
    assert not killed_before_change(1, erase_what_is_kept, home), "a search wrote something"
