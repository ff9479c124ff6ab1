"""The daily job on machines that vanish: what they landed and decided lies in a bucket."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import MakeSettings
from s3_fixture import Stored
from small_company import FIRST_DAY, SmallCompany, orders_of

from orchestration.history import committed_days
from orchestration.landing import committed_loads
from orchestration.publishing import current_release, list_releases

DAYS = [FIRST_DAY + timedelta(number) for number in range(3)]

pytestmark = pytest.mark.slow


def test_a_fresh_machine_goes_on_where_the_last_one_stopped(
    stored: Stored, tmp_path: Path, new_home: MakeSettings
) -> None:
    lone = SmallCompany.found(tmp_path / "lone", new_home(tmp_path / "lone-home"))
    moving = SmallCompany.found(tmp_path / "moving", new_home(tmp_path / "machine0"))
    for number, day in enumerate(DAYS):
        for company in (lone, moving):
            company.export(f"of_{day}", orders_of(day, range(1 + number, 9 + number)))
        lone.run(day)
        machine = SmallCompany(moving.folder, new_home(tmp_path / f"machine{number + 1}"))
        stored.company(machine).run(day)
        shutil.rmtree(tmp_path / f"machine{number}")
    left, right = lone.settings, machine.settings
    assert _decided(left.history) == _decided(right.history)
    assert _landed(left.landing) == _landed(right.landing)
    ours, theirs = current_release(left.releases), current_release(right.releases)
    assert ours and theirs and ours.content == theirs.content
    assert [one.as_of for one in list_releases(right.releases)] == DAYS


def _decided(history: Path) -> list[tuple[object, ...]]:
    return [
        (commit.as_of, commit.sequence, commit.rows, (commit.path / "classes.parquet").read_bytes())
        for commit in committed_days(history)
    ]


def _landed(landing: Path) -> list[tuple[object, ...]]:
    return [(load.load_id, load.rows, load.path.read_bytes()) for load in committed_loads(landing)]
