"""Where `current` leads: to newer days by itself, to older ones by hand, never to nothing."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from small_release import Company

from orchestration.publishing import (
    BrokenCurrent,
    DamagedRelease,
    PublishError,
    UnknownRelease,
    current_release,
    list_releases,
    rollback,
)
from orchestration.publishing.ledger import read_ledger

MONDAY, TUESDAY, WEDNESDAY = date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 3)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def served_day(company: Company) -> date | None:
    release = current_release(company.releases)
    return release.as_of if release else None


def test_a_later_day_and_the_same_day_again_move_current(company: Company) -> None:
    company.publish(as_of=MONDAY)
    company.publish(as_of=TUESDAY)
    again = company.publish(as_of=TUESDAY)
    assert again.is_current
    assert (company.releases / "current").readlink() == Path(again.id)


def test_an_older_day_is_kept_and_never_moves_current(company: Company) -> None:
    newest = company.publish(as_of=TUESDAY)
    told: list[str] = []
    older = company.publish(as_of=MONDAY, report=told.append)
    assert (older.is_current, older.moved_current) == (False, False)
    assert served_day(company) == TUESDAY
    assert [text for text in told if text.startswith("swap: not done") and newest.id in text]
    assert [release.id for release in list_releases(company.releases)] == [newest.id, older.id]


def test_rolling_back_serves_the_older_release_until_the_next_day(company: Company) -> None:
    first = company.publish(as_of=MONDAY)
    second = company.publish(as_of=TUESDAY)
    back = rollback(company.releases, first.id)
    assert (back.id, back.is_current) == (first.id, True)
    assert [release.is_current for release in list_releases(company.releases)] == [True, False]
    assert [(line.event, line.current) for line in read_ledger(company.releases).lines] == [
        ("published", first.id),
        ("published", second.id),
        ("rolled_back", first.id),
    ]
    assert company.publish(as_of=WEDNESDAY).is_current


def test_rolling_back_to_what_is_served_changes_nothing(company: Company) -> None:
    release = company.publish()
    before = (company.releases / "ledger.jsonl").read_bytes()
    assert rollback(company.releases, release.id).is_current
    assert (company.releases / "ledger.jsonl").read_bytes() == before


def test_rolling_back_cuts_the_line_that_a_kill_tore(company: Company) -> None:
    first = company.publish(as_of=MONDAY)
    company.publish(as_of=TUESDAY)
    ledger = company.releases / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-40])
    rollback(company.releases, first.id)
    found = read_ledger(company.releases)
    assert (found.unreadable, found.torn_bytes) == ([], 0)
    assert [line.event for line in found.lines] == ["published", "rolled_back"]


@pytest.mark.parametrize("unknown", ["2024-07-01T000009-nobody", "..", "current", ".building"])
def test_an_unknown_release_is_named_with_the_ones_there_are(
    company: Company, unknown: str
) -> None:
    release = company.publish()
    with pytest.raises(UnknownRelease, match=release.id):
        rollback(company.releases, unknown)


def test_a_release_whose_files_were_changed_is_not_served_again(company: Company) -> None:
    first = company.publish(as_of=MONDAY)
    second = company.publish(as_of=TUESDAY)
    parquet = first.path / "customer_facts.parquet"
    content = bytearray(parquet.read_bytes())
    content[len(content) // 2] ^= 1
    parquet.chmod(0o644)
    parquet.write_bytes(content)
    with pytest.raises(DamagedRelease, match=r"customer_facts\.parquet was changed"):
        rollback(company.releases, first.id)
    assert (company.releases / "current").readlink() == Path(second.id)


def test_a_current_that_leads_nowhere_stops_publishing_and_names_the_way_out(
    company: Company,
) -> None:
    first = company.publish(as_of=MONDAY)
    second = company.publish(as_of=TUESDAY)
    shutil.rmtree(second.path)
    with pytest.raises(BrokenCurrent, match=f"tiers rollback {first.id}"):
        company.publish(as_of=WEDNESDAY)
    rollback(company.releases, first.id)
    assert served_day(company) == MONDAY
    assert company.publish(as_of=WEDNESDAY).sequence == 3


def test_a_current_without_its_database_can_only_be_left(company: Company) -> None:
    first = company.publish(as_of=MONDAY)
    second = company.publish(as_of=TUESDAY)
    second.database.unlink()
    with pytest.raises(BrokenCurrent, match=f"tiers rollback {first.id}"):
        current_release(company.releases)
    with pytest.raises(DamagedRelease, match="is missing"):
        rollback(company.releases, second.id)


def test_with_no_whole_release_left_the_message_says_how_to_begin_anew(company: Company) -> None:
    release = company.publish()
    shutil.rmtree(release.path)
    with pytest.raises(BrokenCurrent, match="remove the symlink"):
        company.publish()
    (company.releases / "current").unlink()
    assert company.publish().is_current


def test_a_current_outside_of_the_releases_is_refused(company: Company, tmp_path: Path) -> None:
    release = company.publish()
    elsewhere = tmp_path / "elsewhere" / release.id
    shutil.copytree(release.path, elsewhere)
    (company.releases / "current").unlink()
    (company.releases / "current").symlink_to(elsewhere)
    with pytest.raises(BrokenCurrent, match="outside of this folder"):
        company.publish()
    assert rollback(company.releases, release.id).is_current
    assert (company.releases / "current").readlink() == Path(release.id)
    assert read_ledger(company.releases).lines[-1].event == "rolled_back"


def test_a_folder_in_the_place_of_current_is_never_replaced(company: Company) -> None:
    release = company.publish()
    (company.releases / "current").unlink()
    shutil.copytree(release.path, company.releases / "current")
    with pytest.raises(PublishError, match="is no symlink"):
        company.publish()
    with pytest.raises(PublishError, match="is no symlink"):
        rollback(company.releases, release.id)


def test_the_whole_home_can_be_moved(company: Company, tmp_path: Path) -> None:
    company.publish()
    company.releases.rename(tmp_path / "moved")
    moved = current_release(tmp_path / "moved")
    assert moved is not None
    assert moved.database.exists()


def test_before_the_first_release_there_is_none(tmp_path: Path) -> None:
    assert current_release(tmp_path / "nowhere") is None
    assert list_releases(tmp_path / "nowhere") == []
    with pytest.raises(UnknownRelease, match="run `tiers run`"):
        rollback(tmp_path / "nowhere", "2024-07-01T000001-run00001")
