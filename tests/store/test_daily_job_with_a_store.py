"""The daily job on machines that vanish: what they landed and decided lies in a bucket."""

import shutil
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
from home_fixtures import MakeSettings
from pyarrow import parquet
from s3_fixture import Stored
from small_company import NEWCOMER, NEXT_DAY, SmallCompany, orders_of_next_day

from orchestration.erasing.command import erase
from orchestration.history import committed_days
from orchestration.landing import committed_loads
from orchestration.progress import Silent
from orchestration.publishing import current_release
from orchestration.settings import Settings
from orchestration.store import working_in

pytestmark = pytest.mark.slow


def test_a_fresh_machine_goes_on_where_the_last_stopped_and_erases_for_all_of_them(
    company: SmallCompany,
    second_day: SmallCompany,
    stored: Stored,
    tmp_path: Path,
    new_home: MakeSettings,
) -> None:
    company.export("next", orders_of_next_day())
    first = stored.company(company)
    with working_in(first.settings, "the first machine"):
        """It has run for the first day, and puts what it has."""
    shutil.rmtree(first.settings.home)
    second = SmallCompany(company.folder, stored.settings(new_home(tmp_path / "second")))
    second.run(NEXT_DAY)
    assert decided(second.settings) == decided(second_day.settings)
    assert landed(second.settings) == landed(second_day.settings)
    assert published(second.settings) == published(second_day.settings)
    assert len(places_of_person(stored, tmp_path)) > 3

    third = stored.settings(new_home(tmp_path / "third"))
    third = SmallCompany(company.folder, third).settings
    erase(third, [NEWCOMER], by="a person", reason="asked", progress=Silent())
    assert places_of_person(stored, tmp_path) == []
    with working_in(second.settings, "the second again"):
        assert landed(second.settings) == landed(third)
        assert published(second.settings) == published(third)


def decided(settings: Settings) -> list[tuple[object, ...]]:
    """What each day decided."""
    return [
        (commit.as_of, commit.sequence, commit.rows, (commit.path / "classes.parquet").read_bytes())
        for commit in committed_days(settings.history)
    ]


def landed(settings: Settings) -> list[tuple[object, ...]]:
    """What came."""
    loads = committed_loads(settings.landing)
    return [(load.load_id, load.rows, load.path.read_bytes()) for load in loads]


def published(settings: Settings) -> object:
    """What readers see, by its hashes."""
    release = current_release(settings.releases)
    assert release
    return release.as_of, release.content


def places_of_person(stored: Stored, scratch: Path) -> list[str]:
    """The objects in which the person stands: as bytes, or in the rows of a table."""
    return [
        key
        for key, put in stored.objects().items()
        if NEWCOMER.encode() in put or NEWCOMER in rows_of(key, put, scratch / "looked_at")
    ]


def rows_of(key: str, put: bytes, scratch: Path) -> str:
    """The rows of an object, as text."""
    if key.endswith(".parquet"):
        return str(parquet.read_table(BytesIO(put)).to_pylist())
    if not key.endswith(".duckdb"):
        return ""
    scratch.write_bytes(put)
    with duckdb.connect(scratch, read_only=True) as con:
        tables = con.execute("select table_name from duckdb_tables()").fetchall()
        return str([con.execute(f"from {table}").fetchall() for (table,) in tables])
