"""A home that an earlier version left is read by this one, and gets the columns that are new.

`homes/DAY.tgz` holds what the version of that day left of the small company's first two days: its
exports, landing and history. `homes/DAY.json` is what it published: table to content hash.
"""

import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from paced_policy import write_paced_policy
from small_company import COLUMNS, FIRST_DAY, SmallCompany, orders_of

from orchestration.landing import committed_loads
from orchestration.publishing import Release, list_releases
from orchestration.settings import Settings

HOMES = sorted((Path(__file__).parent / "homes").glob("*.tgz"))
# What an upgrade alone must not change: who is what, since when, and why.
DECIDED = ("customer_facts", "customer_classes", "class_history", "class_changes")
LAST_DAY = FIRST_DAY + timedelta(1)
NEXT_DAY = FIRST_DAY + timedelta(2)

pytestmark = pytest.mark.slow


@pytest.fixture(params=HOMES, ids=lambda path: path.stem)
def upgraded(
    request: pytest.FixtureRequest, tmp_path: Path, new_home: Callable[[Path], Settings]
) -> tuple[SmallCompany, dict[str, str]]:
    """The old home under the new version, and what the old version published."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    company = SmallCompany(tmp_path / "exports", new_home(tmp_path / "home"))
    return company, json.loads(request.param.with_suffix(".json").read_text("utf-8"))


def rows(release: Release, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(release.database, read_only=True) as con:
        return con.execute(query).fetchall()


def test_the_new_version_decides_what_the_old_one_decided_and_goes_on(
    upgraded: tuple[SmallCompany, dict[str, str]], tmp_path: Path
) -> None:
    company, published = upgraded
    loads = [load.load_id for load in committed_loads(company.settings.landing)]
    again = company.run(LAST_DAY).release
    assert {name: again.content[name] for name in DECIDED} == {
        name: published[name] for name in DECIDED
    }
    assert [load.load_id for load in committed_loads(company.settings.landing)] == loads

    # The upgrade after that brings a column to the sources and a scheme to the policy.
    policy = write_paced_policy(tmp_path / "policy")
    company.settings = replace(company.settings, policy_dir=policy)
    orders = [(*row, "web") for row in orders_of(NEXT_DAY, range(1, 6))]
    lines = [(*COLUMNS, "channel"), *orders]
    text = "".join(f"{','.join(line)}\n" for line in lines)
    (company.folder / "orders_with_channel.csv").write_text(text, "utf-8")
    wider = company.run(NEXT_DAY).release
    assert rows(wider, "select count(pace) = count(*) from customer_classes") == [(True,)]
    old_days = f"from class_history where as_of_date <= date '{LAST_DAY}'"
    assert rows(wider, f"select count(pace) {old_days}") == [(0,)]
    assert rows(wider, f"select count(*) {old_days}") == rows(
        again, "select count(*) from class_history"
    )
    assert rows(wider, f"select * exclude (pace) {old_days} order by all") == rows(
        again, "from class_history order by all"
    )
    assert [release.id for release in list_releases(company.settings.releases)] == [
        again.id,
        wider.id,
    ]
