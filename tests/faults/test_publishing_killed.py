"""Publishing, killed with SIGKILL at every moment: readers see the old release or the new one."""

import itertools
from pathlib import Path

import pytest
from killed import killed_after_report, killed_at_report, killed_before_change
from marked_release import build, markers_by_database, markers_by_parquet, publish_marked

from orchestration.publishing import STEPS, current_release, list_releases, rollback
from orchestration.publishing.ledger import read_ledger

OLD, NEW = 1, 2


def served(home: Path) -> int:
    """The one marker that readers see, whichever way they read."""
    (marker,) = markers_by_database(home) | markers_by_parquet(home)
    return marker


def assert_the_next_publish_recovers(home: Path) -> None:
    release = publish_marked(home)
    releases = home / "releases"
    assert current_release(releases) == release
    assert {path.name for path in releases.iterdir()} == {
        *(kept.id for kept in list_releases(releases)),
        *("current", "ledger.jsonl", ".building", ".removing"),
    }
    assert not any((releases / ".building").iterdir())
    assert not any((releases / ".removing").iterdir())
    lines = read_ledger(releases)
    assert {line.release for line in lines.lines} >= {kept.id for kept in list_releases(releases)}
    assert lines.lines[-1].current == release.id
    assert (lines.torn_bytes, list(lines.unreadable)) == (0, [])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that serves OLD, keeps one release more than it may, and is about to publish NEW."""
    build(tmp_path, OLD)
    publish_marked(tmp_path)
    publish_marked(tmp_path)
    build(tmp_path, NEW)
    return tmp_path


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_a_step_leaves_old_or_new_and_the_next_run_recovers(
    home: Path, step: str
) -> None:
    assert killed_at_report(f"{step}:", publish_marked, home)
    swapped = STEPS.index(step) > STEPS.index("swap")
    assert served(home) == (NEW if swapped else OLD)
    assert_the_next_publish_recovers(home)
    assert served(home) == NEW


@pytest.mark.parametrize("step", ["database", "parquet"])
def test_a_kill_while_duckdb_writes_leaves_the_old_release(home: Path, step: str) -> None:
    build(home, NEW, rows=1_000_000)
    assert killed_after_report(f"{step}:", 0.05, publish_marked, home)
    assert served(home) == OLD
    assert len(list((home / "releases" / ".building").iterdir())) > 0
    assert_the_next_publish_recovers(home)


def test_a_kill_before_any_change_leaves_old_or_new_and_the_next_run_recovers(home: Path) -> None:
    """Killed before the first change to the file system, then before the second, and so on.

    The recovery is killed, too, before it may do its own work.
    """
    for number in itertools.count(1):
        old = served(home)
        build(home, old + 1)
        was_killed = killed_before_change(number, publish_marked, home)
        assert served(home) in ({old, old + 1} if was_killed else {old + 1})
        if not was_killed:
            break
        killed_before_change(1 + number % 4, publish_marked, home)
        assert served(home) in {old, old + 1}
        assert_the_next_publish_recovers(home)
        assert served(home) == old + 1
    assert number > 20, "the moments of a publish were not seen"


def test_a_kill_before_any_change_of_a_rollback_leaves_old_or_new(home: Path) -> None:
    for number in itertools.count(1):
        publish_marked(home)
        older, newer = (release.id for release in list_releases(home / "releases"))
        was_killed = killed_before_change(number, rollback, home / "releases", older)
        pointed = current_release(home / "releases")
        assert pointed is not None
        assert pointed.id in ({older, newer} if was_killed else {older})
        assert_the_next_publish_recovers(home)
        if not was_killed:
            break
    assert number > 3, "the moments of a rollback were not seen"
