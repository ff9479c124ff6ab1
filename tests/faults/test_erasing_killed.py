"""An erasure that is killed at any moment goes on from there, and nobody else loses a row."""

import itertools
import random
import shutil
import time
from pathlib import Path

import pytest
from erasing_home import (
    FIRST,
    PERSON,
    build_warehouse,
    erase_what_is_kept,
    make_home,
    pull,
    request_of,
    state_of_others,
    traces,
)
from erasing_maker import nobody_is_merged
from killed import killed_before_change
from small_release import Company

from orchestration.erasing.recovery import clean_what_is_kept
from orchestration.erasing.releases import finish_requests
from orchestration.erasing.requests import FOLDER, suppression
from orchestration.publishing import current_release, list_releases
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
        assert list((home.history / ".dropped").rglob("classes.parquet")), number
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


def test_a_kill_while_releases_go_leaves_whole_ones_and_the_next_run_removes_the_rest(
    before: Settings, tmp_path: Path
) -> None:
    home = copied(before, tmp_path / "erased")
    shutil.rmtree(home.releases)
    company = Company(home.home)
    for run in ("r1", "r2"):
        company.build(run=run)
        company.publish()
    nobody_is_merged(company.warehouse)
    erase_what_is_kept(home)
    time.sleep(1)  # a request counts whole seconds
    company.build(run="r3")
    last = company.publish()
    for number in itertools.count(1):
        was_killed = killed_before_change(number, finish_requests, home)
        current = current_release(home.releases)
        assert current is not None
        assert current.id == last.id
        if not was_killed:
            break
    assert number > 4, "the moments of a removal were not seen"
    assert list((home.releases / ".removing").iterdir()) == []
    assert [release.id for release in list_releases(home.releases)] == [last.id]
    assert request_of(home)["finished_at"] is not None


def test_what_comes_in_of_somebody_erased_leaves_the_warehouse_alone(tmp_path: Path) -> None:
    """It was made without that person, and each day goes on from it."""
    settings = make_home(tmp_path / "home")
    erase_what_is_kept(settings)
    build_warehouse(settings.warehouse, FIRST)
    known = suppression(settings.home / FOLDER).digest
    content = f"order_id,customer_id,ordered_at,amount\nERZUK-9,{PERSON},2024-01-03,2\n"
    (tmp_path / "orders9.csv").write_text(content)
    pull(settings, "orders")
    assert suppression(settings.home / FOLDER).digest != known, "the new key is known"
    clean_what_is_kept(settings, print)
    assert settings.warehouse.exists()
