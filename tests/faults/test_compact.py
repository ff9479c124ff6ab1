"""Compaction: what is published and what lands stays the same; receipts tell what came."""

import random
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from killed import killed_before_change
from shell import Shell
from small_company import FIRST_DAY, SmallCompany, orders_until

from orchestration.compacting import compact, find_compactable
from orchestration.landing import LandingError, committed_loads, pull_table, reject
from orchestration.sources.source_file import load_source_file

pytestmark = pytest.mark.slow

CHANGED, REPEATED, NEW = 40, 5, 3
SEED, KILLS = 20240602, 5


@dataclass(frozen=True)
class Landed:
    """Three loads: the first; one that changes its rows, and repeats itself; one that adds some."""

    company: SmallCompany
    content_hash: str


@pytest.fixture(scope="module")
def landed(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """A company whose rows came in several versions. Only read it, or copy it."""
    company = first_run.copy(tmp_path_factory.mktemp("versions"))
    rows = orders_until(FIRST_DAY)
    changed = [(*row[:3], "99.00") for row in rows[:CHANGED]]
    company.export("second", [*changed, *changed[:REPEATED], ("n0", "c01", "soon", "1.00")])
    company.export("third", [(f"n{n}", "c02", f"{FIRST_DAY}", "7.00") for n in range(1, NEW + 1)])
    return Landed(company, company.run().release.content_hash)


def rows_of(company: SmallCompany) -> list[int]:
    """How many rows each load has; its receipt says so too."""
    found = []
    with duckdb.connect() as con:
        for load in committed_loads(company.settings.landing):
            rows = con.execute("select count(*) from read_parquet(?)", [str(load.path)]).fetchone()
            assert rows == (load.kept_rows,)
            found.append(load.kept_rows)
    return found


def pull(company: SmallCompany) -> int:
    """Pull again; returns how many loads landed."""
    pulled = pull_table(
        "orders",
        load_source_file(company.settings.sources),
        company.settings.landing,
        audit=lambda table, parquet: None,
        report=print,
    )
    return len(pulled.landed)


def test_the_same_is_published_of_fewer_rows(landed: Landed, tmp_path: Path) -> None:
    company = landed.company.copy(tmp_path)
    came = rows_of(company)
    compact(company.settings, 0)
    assert rows_of(company) == [came[0] - CHANGED, came[1] - REPEATED, came[2]]
    assert [load.rows for load in committed_loads(company.settings.landing)] == came
    assert pull(company) == 0
    assert company.run().release.content_hash == landed.content_hash
    with duckdb.connect(company.settings.warehouse, read_only=True) as con:
        ledger = con.execute(
            "select sum(landed), sum(superseded), sum(duplicate), sum(compacted), sum(quarantined)"
            " from staging.ledger"
        ).fetchone()
    assert ledger == (sum(came), 0, 0, CHANGED + REPEATED, 1)
    assert find_compactable(company.settings, 0) == []


def test_young_loads_stay_whole(landed: Landed) -> None:
    assert find_compactable(landed.company.settings, 1) == []


def test_a_load_in_whose_favour_rows_went_is_not_rejected_by_the_way(
    landed: Landed, tmp_path: Path
) -> None:
    company = landed.company.copy(tmp_path)
    compact(company.settings, 0)
    landing = company.settings.landing
    first, second, third = (load.load_id for load in committed_loads(landing))
    with pytest.raises(LandingError, match=first):
        reject(landing, second, "wrong")
    reject(landing, third, "wrong")
    assert reject(landing, second, "wrong", although_compacted=True).load_id == second


def test_a_landing_that_changed_since_the_last_run_is_not_compacted(
    landed: Landed, tmp_path: Path
) -> None:
    company = landed.company.copy(tmp_path)
    company.export("later", [("n9", "c02", f"{FIRST_DAY}", "7.00")])
    assert pull(company) == 1
    with pytest.raises(LandingError, match="tiers run"):
        compact(company.settings, 0)


def test_a_kill_leaves_each_load_compacted_or_as_it_was(landed: Landed, tmp_path: Path) -> None:
    came = rows_of(landed.company)
    done = [came[0] - CHANGED, came[1] - REPEATED, came[2]]
    for number in sorted(random.Random(SEED).sample(range(2, 30), KILLS)):
        company = landed.company.copy(tmp_path / str(number))
        killed_before_change(number, compact, company.settings, 0)
        for was, now, then in zip(came, rows_of(company), done, strict=True):
            assert now in (was, then)
        assert pull(company) == 0


def test_a_person_sees_what_would_go_and_is_asked(
    landed: Landed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell = Shell(landed.company.copy(tmp_path), monkeypatch)
    code, out, err = shell.tiers("compact", "--older-than", "0", "--dry-run")
    assert code == 0, err
    assert f" {CHANGED + REPEATED} " in out
    code, out, err = shell.tiers("compact", "--older-than", "0", "--yes")
    assert code == 0, err
    assert "2 loads are compacted" in out
    code, _, err = shell.tiers("compact", "--older-than", "0", "--dry-run")
    assert (code, "tiers run" in err) == (2, True)
