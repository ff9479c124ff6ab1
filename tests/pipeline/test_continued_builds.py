"""A build that continues the last one leaves what a build of everything would."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import pytest
from home_fixtures import MakeSettings
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from oracle.companies import RandomCompany, companies
from oracle.workshop import Workshop
from small_company import FIRST_DAY, SmallCompany

from orchestration import inputs
from orchestration.landing import committed_loads

# Of the company's own day: forwards, on the spot, over the edge of every window, and backwards.
DAYS = (-400, -366, -200, -181, -95, -31, -30, -8, -1, 0, 0, 1, 35)
# What a run says of itself, and what a whole build has no need to know.
OF_THE_RUN = {"_run_id", "_counted_for"}
NOT_COMPARED = {"touched_customers", "changing_orders", "windows"}


@pytest.fixture(scope="module")
def workshop(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where builds continue."""
    settings = replace(new_home(tmp_path_factory.mktemp("continued")), threads=1)
    return Workshop(settings, selection=("--select", "staging", "facts"))


@pytest.fixture(scope="module")
def other(
    workshop: Workshop, new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Workshop:
    """Where everything is built from the same landing."""
    settings = replace(new_home(tmp_path_factory.mktemp("whole")), threads=1)
    settings.landing.symlink_to(workshop.settings.landing)
    return Workshop(settings, selection=workshop.selection)


def arrivals(company: RandomCompany, folder: Path, random: Random, steps: int) -> Iterator[Path]:
    """The company's files in so many steps, in any order, and the source file to read them by.

    The last step brings the correction of the source file too.
    """
    written, exported = folder / "written", folder / "exported"
    written.mkdir()
    sources = list(company.write(written))
    shutil.copytree(written, exported, ignore=shutil.ignore_patterns("*.csv"))
    files = sorted(written.glob("*.csv"))
    for file in files:  # what is not there yet is empty, not missing
        header = file.read_text("utf-8").splitlines()[0]
        (exported / f"{file.stem}_none.csv").write_text(f"{header}\n", "utf-8")
    random.shuffle(files)
    for step in range(steps):
        for file in files[step::steps]:
            shutil.copy(file, exported)
        yield exported / sources[step == steps - 1].name


def rows(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of staging and facts, in the order of its values."""
    with duckdb.connect(warehouse, read_only=True) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where schema_name in ('staging', 'facts') order by all"
        ).fetchall()
        found = {}
        for (table,) in tables:
            if table.partition(".")[2] in NOT_COMPARED:
                continue
            columns = [row[0] for row in con.execute(f"describe {table}").fetchall()]
            chosen = ", ".join(name for name in columns if name not in OF_THE_RUN)
            found[table] = con.execute(f"select {chosen} from {table} order by all").fetchall()
    return found


def check_same(workshop: Workshop, other: Workshop) -> None:
    mine, whole = rows(workshop.settings.warehouse), rows(other.settings.warehouse)
    assert set(mine) == set(whole)
    assert {name for name in mine if mine[name] != whole[name]} == set()


@examples(
    max_examples=9,
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    company=companies(),
    days=st.lists(st.sampled_from(DAYS), min_size=2, max_size=4),
    seed=st.integers(0, 999),
)
def test_whatever_comes_in_whatever_order_continuing_is_building_everything(
    company: RandomCompany, days: Sequence[int], seed: int, workshop: Workshop, other: Workshop
) -> None:
    workshop.pull([])
    workshop.settings.warehouse.unlink(missing_ok=True)
    with TemporaryDirectory() as folder:
        sources = arrivals(company, Path(folder), Random(seed), len(days))
        for distance, source in zip(days, sources, strict=True):
            workshop.land(source)
            day = company.as_of + timedelta(distance)
            workshop.go_on(day)
        other.source = workshop.source
        other.make(day)
    check_same(workshop, other)


@examples(
    max_examples=5,
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    company=companies(),
    days=st.sets(st.sampled_from((*DAYS, 90, 150, 179, 181, 360)), min_size=3, max_size=5),
)
def test_days_that_bring_nothing_new_take_off_what_leaves_each_window(
    company: RandomCompany, days: set[int], workshop: Workshop, other: Workshop
) -> None:
    workshop.pull([])
    workshop.settings.warehouse.unlink(missing_ok=True)
    with TemporaryDirectory() as folder:
        (source,) = arrivals(company, Path(folder), Random(0), steps=1)
        workshop.land(source)
        for distance in sorted(days):
            day = company.as_of + timedelta(distance)
            workshop.go_on(day)
        other.source = workshop.source
        other.make(day)
    check_same(workshop, other)


@pytest.mark.parametrize("later", [0, 1, 2, 31])
def test_a_build_that_is_repeated_takes_nothing_off_twice(
    later: int, workshop: Workshop, other: Workshop, tmp_path: Path
) -> None:
    company = SmallCompany.found(tmp_path / "exports", workshop.settings)
    workshop.pull([company.settings.sources])
    workshop.settings.warehouse.unlink(missing_ok=True)
    workshop.go_on(FIRST_DAY)
    workshop.go_on(FIRST_DAY + timedelta(later))
    workshop.repeat()
    other.source = workshop.source
    other.make(FIRST_DAY + timedelta(later))
    check_same(workshop, other)


def test_bytes_that_land_again_under_another_mapping_are_read_again(
    workshop: Workshop, other: Workshop, tmp_path: Path
) -> None:
    company = SmallCompany.found(tmp_path / "exports", workshop.settings)
    workshop.pull([company.settings.sources])
    workshop.settings.warehouse.unlink(missing_ok=True)
    workshop.go_on(FIRST_DAY)
    (load,) = committed_loads(workshop.settings.landing, "orders")
    shutil.rmtree(load.path.parent)
    entry = {"from": "files", "path": "orders_*.csv", "constants": {"status": "cancelled"}}
    company.describe(tables={"orders": [entry]})
    workshop.land(company.settings.sources)
    (again,) = committed_loads(workshop.settings.landing, "orders")
    assert again.load_id == load.load_id
    workshop.go_on(FIRST_DAY)
    other.source = workshop.source
    other.make(FIRST_DAY)
    check_same(workshop, other)


def test_another_version_of_the_program_builds_everything(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = SmallCompany.found(tmp_path / "exports", workshop.settings)
    workshop.pull([company.settings.sources])
    workshop.settings.warehouse.unlink(missing_ok=True)
    workshop.go_on(FIRST_DAY)
    continued = []
    for version in ("other rules", "other rules"):
        monkeypatch.setattr(inputs, "program", lambda version=version: version)
        workshop.go_on(FIRST_DAY)
        with duckdb.connect(workshop.settings.warehouse, read_only=True) as con:
            continued += con.execute("select continues_from from landing.run_parameters").fetchall()
    assert continued == [(None,), (FIRST_DAY,)]
