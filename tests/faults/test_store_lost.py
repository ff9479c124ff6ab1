"""A store that was emptied, begun anew or put back takes nothing from the homes that know it."""

from pathlib import Path

import pytest
from s3_fixture import Stored
from store_home import at, content, go_on, land, look, told_by

from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import StoreError
from orchestration.store.state import number_of
from orchestration.store.working_copy import WorkingCopy


@pytest.mark.parametrize("lost", ["", "current"], ids=["all of it", "the pointer"])
def test_a_store_that_was_emptied_empties_no_home_and_is_put_again_when_somebody_says_so(
    stored: Stored, first: Settings, second: Settings, tmp_path: Path, lost: str
) -> None:
    before = content(first.home)
    stored.bucket.delete([key for key in stored.bucket.listed() if key.startswith(lost)])
    left = stored.objects()
    for machine in (first, first, second):
        refused(machine)
    assert content(second.home) == content(first.home) == before
    assert stored.objects() == left, "what is left is for a person to look at"
    put_as_here(stored, first)
    for machine in (first, second):
        came(machine)
        assert content(machine.home) == before
    assert look(tmp_path / "fresh", first) == before
    assert len(stored.objects()) == len(told_by(stored)[1]) + 2, "nothing else is left there"


def test_a_store_without_its_pointer_is_not_begun_by_a_machine_that_never_met_it(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    stored.bucket.delete(["current"])
    left = stored.objects()
    with pytest.raises(StoreError, match="no store of this project, or a damaged one"):
        look(tmp_path / "fresh", first)
    assert stored.objects() == left


def test_an_empty_store_is_begun_with_what_a_home_has_that_never_met_it(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    before = content(first.home)
    empty(stored)
    (first.home / "store.json").unlink()
    came(first)
    assert look(tmp_path / "fresh", first) == content(first.home) == before


@pytest.mark.parametrize("further", [False, True])
def test_a_store_that_another_machine_began_anew_is_not_taken_for_the_one_that_was(
    stored: Stored, first: Settings, tmp_path: Path, further: bool
) -> None:
    before, known = content(first.home), number_of(told_by(stored)[0].token)
    empty(stored)
    new = at(tmp_path / "new", first)
    came(new)
    while further and number_of(told_by(stored)[0].token) <= known + 1:
        with working_in(new, "a new machine"):
            land(new, f"n{len(stored.objects())}")
    for _ in range(2):
        refused(first)
    assert content(first.home) == before
    put_as_here(stored, first)
    for machine in (first, new):
        came(machine)
        assert content(machine.home) == before


@pytest.mark.parametrize("further", [False, True])
def test_a_store_that_was_put_back_to_an_older_state_puts_no_home_back(
    stored: Stored, first: Settings, second: Settings, further: bool
) -> None:
    older = stored.objects()
    go_on(first, "newer")
    known = number_of(told_by(stored)[0].token)
    empty(stored)
    for key, put in older.items():
        stored.bucket.put(key, put)
    came(second)
    while further and number_of(told_by(stored)[0].token) <= known:
        with working_in(second, "going on from the older state"):
            land(second, f"n{len(stored.objects())}")
    before = content(first.home)
    for _ in range(2):
        refused(first)
    assert content(first.home) == before
    put_as_here(stored, first)
    for machine in (first, second):
        came(machine)
        assert content(machine.home) == before


def test_the_home_that_knows_more_does_not_follow_one_that_put_what_it_knew_less(
    stored: Stored, first: Settings, second: Settings
) -> None:
    go_on(second, "newer")
    before, known = content(second.home), number_of(told_by(stored)[0].token)
    empty(stored)
    put_as_here(stored, first)
    refused(second)
    while number_of(told_by(stored)[0].token) <= known:
        with working_in(first, "going on"):
            land(first, f"n{len(stored.objects())}")
    refused(second)
    assert content(second.home) == before
    put_as_here(stored, second)
    came(first)
    assert content(first.home) == before


def test_a_command_in_whose_midst_the_store_is_emptied_loses_nothing_of_what_it_did(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="--as-here"), working_in(first, "a run"):
        land(first, "late")
        empty(stored)
    done = content(first.home)
    refused(first)
    assert content(first.home) == done
    put_as_here(stored, first)
    assert look(tmp_path / "fresh", first) == content(first.home) == done


def empty(stored: Stored) -> None:
    """Remove every object, as a rule of a lifecycle does, or a hand."""
    stored.bucket.delete(stored.bucket.listed())


def came(settings: Settings) -> None:
    """Come into step."""
    with working_in(settings, "coming into step"):
        pass


def refused(settings: Settings) -> None:
    """Fail to, and be told what to do."""
    with pytest.raises(StoreError, match="tiers store sync --as-here"):
        came(settings)


def put_as_here(stored: Stored, settings: Settings) -> None:
    """Let the store be what this home is."""
    WorkingCopy(settings.home, stored.bucket, "by hand", print).put_as_here()
