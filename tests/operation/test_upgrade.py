"""A home that an earlier version left is read by this one, and gets the columns that are new.

`homes/DAY.tgz` holds what the version of that day left of the small company's first two days: its
exports, landing and history. `homes/DAY.json` is what it published: content hashes, and the columns
where more came since.
"""

import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from paced_policy import write_paced_policy
from small_company import COLUMNS, FIRST_DAY, SmallCompany, orders_of

from orchestration.duckdb_files import attach_read_only, working_connection, write_parquet
from orchestration.duckdb_sql import quote_name
from orchestration.landing import committed_loads
from orchestration.publishing import Release, list_releases
from orchestration.publishing.tables import file_sha256
from orchestration.settings import Settings

HOMES = sorted((Path(__file__).parent / "homes").glob("*.tgz"))
# What an upgrade alone must not change: who is what, since when, and why.
DECIDED = ("customer_facts", "customer_classes", "class_history", "class_changes")
LAST_DAY = FIRST_DAY + timedelta(1)
NEXT_DAY = FIRST_DAY + timedelta(2)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Published:
    """Of each table the hash of its content; and its columns, where there are more by now."""

    content: dict[str, str]
    columns: dict[str, list[str]]


@pytest.fixture(params=HOMES, ids=lambda path: path.stem)
def upgraded(
    request: pytest.FixtureRequest, tmp_path: Path, new_home: Callable[[Path], Settings]
) -> tuple[SmallCompany, Published]:
    """The old home under the new version, and what the old version published."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    company = SmallCompany(tmp_path / "exports", new_home(tmp_path / "home"))
    return company, Published(**json.loads(request.param.with_suffix(".json").read_text("utf-8")))


def rows(release: Release, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(release.database, read_only=True) as con:
        return con.execute(query).fetchall()


def content(release: Release, table: str, published: Published, folder: Path) -> str:
    """The hash of a table, with no other columns than the old version had."""
    if table not in published.columns:
        return release.content[table]
    with working_connection(folder, None) as con:
        attach_read_only(con, release.database, "release")
        columns = ", ".join(map(quote_name, published.columns[table]))
        write_parquet(con, f"select {columns} from release.main.{table}", folder / table)
    return file_sha256(folder / table)


def test_the_new_version_decides_what_the_old_one_decided_and_goes_on(
    upgraded: tuple[SmallCompany, Published], tmp_path: Path
) -> None:
    company, published = upgraded
    loads = [load.load_id for load in committed_loads(company.settings.landing)]
    again = company.run(LAST_DAY).release
    assert {name: content(again, name, published, tmp_path) for name in DECIDED} == {
        name: published.content[name] for name in DECIDED
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
