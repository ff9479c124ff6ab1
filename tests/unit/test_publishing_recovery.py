"""What a start finds and puts in order, without moving `current`."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from small_release import Company

from orchestration.publishing import list_releases, recover
from orchestration.publishing.current import point_current
from orchestration.publishing.ledger import LEDGER, read_ledger


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def events(company: Company) -> list[tuple[str, str, str | None]]:
    return [
        (line.event, line.release, line.current) for line in read_ledger(company.releases).lines
    ]


def test_nothing_is_noted_and_nothing_changes_where_all_is_well(company: Company) -> None:
    company.publish()
    before = company.served(), (company.releases / LEDGER).read_bytes()
    assert recover(company.releases) == []
    assert (company.served(), (company.releases / LEDGER).read_bytes()) == before


def test_leftovers_of_killed_runs_go(company: Company) -> None:
    release = company.publish()
    before = company.served()
    for folder in (".building/2018-01-01T000009-killed00", ".building/spill-x", ".removing/old"):
        shutil.copytree(release.path, company.releases / folder)
    (company.releases / ".current.4711").symlink_to("2018-01-01T000009-killed00")
    (company.releases / f".{LEDGER}.4711.building").write_bytes(b"half")
    assert len(recover(company.releases)) == 5
    assert sorted(path.name for path in company.releases.rglob(".*")) == [".building", ".removing"]
    assert not any((company.releases / ".building").iterdir())
    assert company.served() == before


def test_a_torn_last_line_is_cut_off_and_written_anew(company: Company) -> None:
    company.publish()
    last = company.publish()
    ledger = company.releases / LEDGER
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:-40])
    assert [release.id for release in list_releases(company.releases)][-1] == last.id
    notes = recover(company.releases)
    assert [note for note in notes if "torn" in note]
    assert events(company)[-1] == ("repaired", last.id, last.id)
    assert ledger.read_bytes().endswith(b"\n")
    assert read_ledger(company.releases).torn_bytes == 0


def test_a_lost_ledger_is_made_again_from_what_is_there(company: Company) -> None:
    ids = [company.publish(as_of=date(2024, 7, day)).id for day in (1, 3, 2)]
    (company.releases / LEDGER).unlink()
    recover(company.releases)
    assert events(company) == [("repaired", release, ids[1]) for release in ids]


def test_a_swap_that_was_not_written_down_is_added(company: Company) -> None:
    first, second = company.publish(), company.publish()
    point_current(company.releases, first.id)  # a rollback, killed before its line
    assert recover(company.releases) == [f"added the missing ledger line of {first.id}"]
    assert events(company)[-1] == ("repaired", first.id, first.id)
    assert [release.is_current for release in list_releases(company.releases)] == [True, False]
    assert second.id in company.ids()


def test_an_unreadable_line_is_noted_and_left_for_a_person(company: Company) -> None:
    company.publish()
    ledger = company.releases / LEDGER
    ledger.write_bytes(b"edited by hand\n" + ledger.read_bytes())
    assert [note for note in recover(company.releases) if "line 1 " in note]
    assert ledger.read_bytes().startswith(b"edited by hand\n")
    assert len(events(company)) == 1


def test_a_write_ahead_log_beside_a_release_is_set_aside(company: Company, tmp_path: Path) -> None:
    """Somebody wrote to a copy and put its log here: a reader would see what nobody published."""
    release = company.publish()
    copy = tmp_path / "copy.duckdb"
    shutil.copy(release.database, copy)
    copy.chmod(0o644)
    with duckdb.connect(copy) as con:
        con.execute("set wal_autocheckpoint = '1TB'; pragma disable_checkpoint_on_shutdown")
        con.execute("update customer_facts set net_amount = 0")
    log = copy.with_name("copy.duckdb.wal")
    beside = release.database.with_name(f"{release.database.name}.wal")
    shutil.copy(log, beside)

    def amounts() -> list[tuple[object, ...]]:
        with duckdb.connect(release.database, read_only=True) as con:
            return con.execute("select distinct net_amount = 0 from customer_facts").fetchall()

    assert amounts() == [(True,)]
    notes = recover(company.releases)
    assert [note for note in notes if "opened" in note and str(release.database) in note]
    assert amounts() == [(False,)]
    assert not beside.exists()
    aside = company.releases / ".set_aside" / f"{release.id}.{beside.name}"
    assert aside.read_bytes() == log.read_bytes()
