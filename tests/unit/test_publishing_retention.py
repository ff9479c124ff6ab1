"""Which releases stay: the last ones, the served one, and any that a reader may still be in."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from small_release import Company

from orchestration.publishing import rollback
from orchestration.publishing.recovery import REMOVING
from orchestration.publishing.retention import remove_old_releases, remove_release

NONE = timedelta(0)
HOUR = timedelta(hours=1)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_the_last_n_releases_stay(company: Company) -> None:
    ids = [company.publish(keep=3, grace=NONE).id for _ in range(5)]
    assert company.ids() == ids[2:]


def test_older_days_of_a_backfill_do_not_push_out_what_was_served(company: Company) -> None:
    """Ten days decided again, the newest last: the release before them is still there."""
    before = company.publish(as_of=date(2024, 7, 10), keep=2, grace=NONE)
    days = [company.publish(as_of=date(2024, 7, 1 + n), keep=2, grace=NONE).id for n in range(10)]
    assert company.ids() == sorted([before.id, *days[7:]])
    assert rollback(company.releases, before.id).is_current


def test_numbers_of_removed_releases_are_not_given_again(company: Company) -> None:
    for _ in range(3):
        company.publish(keep=1, grace=NONE)
    assert company.publish(keep=1, grace=NONE).sequence == 4


def test_a_young_release_stays_however_many_there_are(company: Company) -> None:
    ids = [company.publish(keep=1, grace=HOUR).id for _ in range(4)]
    assert company.ids() == ids
    removed = remove_old_releases(
        company.releases, keep=1, grace=HOUR, now=datetime.now(UTC) + timedelta(hours=2)
    )
    assert [release.id for release in removed] == ids[:3]
    assert company.ids() == ids[3:]


def test_what_current_leads_to_stays_however_old(company: Company) -> None:
    ids = [company.publish(keep=9).id for _ in range(4)]
    rollback(company.releases, ids[0])
    year = datetime.now(UTC) + timedelta(days=365)
    remove_old_releases(company.releases, keep=2, grace=HOUR, now=year)
    assert company.ids() == [ids[0], ids[2], ids[3]]


def test_an_old_release_that_was_served_until_just_now_stays_for_its_readers(
    company: Company,
) -> None:
    """Its age does not count: a reader may have entered a moment before `current` left it."""
    old, _, newest = (company.publish(keep=9) for _ in range(3))
    manifest = old.path / "manifest.json"
    manifest.chmod(0o644)
    built = {**json.loads(manifest.read_text("utf-8")), "created_at": "2024-07-01T06:00:00+00:00"}
    manifest.write_text(json.dumps(built), "utf-8")
    rollback(company.releases, old.id)
    rollback(company.releases, newest.id)
    left = datetime.now(UTC)
    remove_old_releases(company.releases, keep=1, grace=HOUR, now=left + HOUR / 2)
    assert old.id in company.ids()
    remove_old_releases(company.releases, keep=1, grace=HOUR, now=left + HOUR)
    assert company.ids() == [newest.id]


def test_what_a_kill_left_of_a_removal_goes_with_the_next(company: Company) -> None:
    first, second = company.publish(), company.publish()
    for left in (first, second):
        shutil.copytree(left.path, company.releases / REMOVING / left.id)
    remove_release(company.releases, first.id)
    assert company.ids() == [second.id]
    assert not list((company.releases / REMOVING).iterdir())


def test_folders_that_are_no_release_are_left_alone_and_noted(company: Company) -> None:
    company.publish(keep=1, grace=NONE)
    (company.releases / "notes of an analyst").mkdir()
    broken = company.releases / "2017-12-30T000000-broken00"
    broken.mkdir()
    (broken / "manifest.json").write_text('{"release": "2017-12-30T0000')
    told: list[str] = []
    last = company.publish(keep=1, grace=NONE, report=told.append)
    assert company.ids() == [broken.name, last.id, "notes of an analyst"]
    for name in (broken.name, "notes of an analyst"):
        assert [text for text in told if text.startswith(f"recover: {name} in ")]
