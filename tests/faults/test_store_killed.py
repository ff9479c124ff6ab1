"""Machines that die while they put or bring: the store has the old or the new, and both whole."""

import shutil
from itertools import count
from pathlib import Path

import pytest
from killed import killed_before_change
from s3_fixture import Stored
from store_home import (
    Content,
    at,
    content,
    go_on,
    killed_before_put,
    land,
    look,
    told_by,
)

from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.state import key_of

pytestmark = pytest.mark.slow


def test_killed_at_any_put_the_store_is_whole_and_the_next_run_completes_it(
    stored: Stored, first: Settings, tmp_path: Path
) -> None:
    for number in count(1, 2):
        before = content(first.home)
        was_killed = killed_before_put(number, first, f"n{number}")
        fresh = look(tmp_path / f"fresh{number}", first)
        assert fresh["current"] in {before["current"], newest_release(first)}
        assert loads(fresh) in (loads(before), loads(content(first.home)))
        with working_in(first, "the next"):
            land(first, f"m{number}")
        assert listed(stored) == content(first.home)
        assert listed(stored)["current"] == fresh["current"], "readers are not sent back"
        assert loads(content(first.home)) > loads(before), "what it landed is not lost"
        assert sorted(stored.bucket.listed()) == counting(stored), "what it left behind is gone"
        if not was_killed:
            break
    assert number > 12, "each file, the listing, the pointer and the sweep, three times"


def test_killed_at_any_change_of_the_home_a_bringing_is_completed_by_the_next(
    first: Settings, tmp_path: Path
) -> None:
    behind = at(tmp_path / "behind", first)
    bring(behind)
    for name in ("newer", "newest"):
        go_on(first, name)
    served = {content(settings.home)["current"] for settings in (behind, first)}
    assert not (first.releases / str(min(map(str, served)))).exists(), "what is served goes"
    for number in count(1, 4):
        home = at(tmp_path / f"home{number}", first)
        shutil.copytree(behind.home, home.home, symlinks=True)
        was_killed = killed_before_change(number, bring, home)
        assert content(home.home)["current"] in served, "readers have one of the two, whole"
        bring(home)
        assert content(home.home) == content(first.home)
        if not was_killed:
            break
    assert number > 30, "there are that many"


def bring(settings: Settings) -> None:
    """Bring a home into step."""
    with working_in(settings, "bringing"):
        pass


def newest_release(settings: Settings) -> str:
    """The release that was built last."""
    return max(path.name for path in settings.releases.glob("2*"))


def loads(seen: dict[str, str | None]) -> set[str]:
    """The receipts."""
    return {path for path in seen if path.endswith("load.json")}


def counting(stored: Stored) -> list[str]:
    """The keys of all that counts."""
    pointer, listing = told_by(stored)
    keys = [key_of(path, each.token) for path, each in listing.items()]
    return sorted([*keys, pointer.listing, "current"])


def listed(stored: Stored) -> Content:
    """What a machine would bring."""
    pointer, listing = told_by(stored)
    hashes = {path: each.sha256 for path, each in listing.items()}
    return {**hashes, "current": pointer.release}
