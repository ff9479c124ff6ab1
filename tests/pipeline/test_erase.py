"""Erasing a person: nothing of it is left anywhere, nobody else is touched, and it stays out."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from erased_company import LAST_DAY, PERSON, SECOND_DAY, SURVIVOR, TRACES, ErasedCompany, Told
from small_company import FIRST_DAY, SmallCompany

from orchestration.erasing.command import look_for
from orchestration.erasing.recovery import recover
from orchestration.erasing.releases import old_releases
from orchestration.landing import committed_loads, rejected_loads

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def before(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> ErasedCompany:
    """A company of three days that knows the person. Only read it, or copy it."""
    return ErasedCompany.after(first_run, tmp_path_factory.mktemp("before"))


@dataclass(frozen=True)
class Erasure:
    """The company after the person was erased, and what `tiers` told: of a failure, and after."""

    company: ErasedCompany
    failed: Told
    resumed: Told


@pytest.fixture(scope="module")
def erased(before: ErasedCompany, tmp_path_factory: pytest.TempPathFactory) -> Erasure:
    """The source has a bad file when the person is to be erased, so that nothing is published."""
    company = before.with_copy(tmp_path_factory.mktemp("after"))
    bad = company.folder / "orders_late.csv"
    bad.write_text("")
    asked = ("--reason", "asked for", "--by", "Data protection", "--yes")
    failed = company.tiers("erase", PERSON, *asked)
    bad.unlink()
    return Erasure(company, failed, company.tiers("erase", "--resume"))


def test_before_it_every_trace_stands_somewhere(before: ErasedCompany) -> None:
    found = before.traces()
    for trace in TRACES:
        assert any(line.endswith(trace) for line in found), trace


def test_what_will_go_is_told_first(before: ErasedCompany) -> None:
    found = look_for(before.settings, [PERSON])
    assert sorted(found.ids) == sorted([PERSON, SURVIVOR])
    assert set(found.rows) == {
        *("customers", "orders", "order_lines", "refunds", "interactions", "opportunities"),
        *("feedback", "attributes", "declared_classes", "customer_merges"),
    }
    assert found.rows["orders"] == 3 * 7
    assert found.emptied == 1
    assert str(SECOND_DAY) in found.days
    assert len(found.releases) == 3


def test_nothing_of_the_person_is_left_in_any_byte(erased: Erasure) -> None:
    company = erased.company
    assert company.traces() == []


def test_readers_have_one_release_of_the_newest_day(erased: Erasure) -> None:
    company = erased.company
    kept = [path.name for path in company.settings.releases.iterdir() if path.name[0] == "2"]
    assert [company.served()["current"]] == kept
    assert company.query("select count(*) from customer_facts") == [(30,)]


def test_a_run_that_fails_says_where_the_person_still_is_and_what_to_do(erased: Erasure) -> None:
    assert erased.failed.code == 1
    assert "orders_late.csv" in erased.failed.err
    releases = [f"{day}T" for day in (FIRST_DAY, SECOND_DAY, LAST_DAY)]
    assert "still in the releases" in erased.failed.err
    assert all(release in erased.failed.err for release in releases)
    assert "`tiers erase --resume`" in erased.failed.err


def test_the_operator_is_told_how_it_ended(erased: Erasure) -> None:
    assert erased.resumed.code == 0, erased.resumed.err
    assert f"{LAST_DAY} is published again, 3 releases are removed" in erased.resumed.out
    listed = erased.company.tiers("erasures")
    assert "Data protection" in listed.out
    assert "done" in listed.out


def test_receipts_say_how_much_and_not_whom(erased: Erasure) -> None:
    company = erased.company
    (path,) = (company.settings.home / "erasures").glob("2*.json")
    told = json.loads(path.read_text())
    assert (told["by"], told["reason"]) == ("Data protection", "asked for")
    assert told["finished_at"] is not None
    assert told["rows"]["orders"] == 21
    loads = [
        *committed_loads(company.settings.landing),
        *(each.load for each in rejected_loads(company.settings.landing)),
    ]
    assert sum(load.erased_rows for load in loads) == sum(told["rows"].values())
    assert {note["why"] for load in loads for note in load.rewritten} == {f"erasure {path.stem}"}


def test_all_others_are_as_they_were(before: ErasedCompany, erased: Erasure) -> None:
    company = erased.company
    was, now = before.history_of_others(), company.history_of_others()
    for name in ("classes", "changes", "cuts"):
        assert set(was[name]) <= set(now[name]), name
    # The referral of c02 by the person counts no more; all else of everybody else does.
    facts = "select * exclude (referral_count_365d, referrer_id) from customer_facts"
    others = f"{facts} where customer_id not like 'K-%' order by all"
    assert company.query(others) == before.query(others)


def test_it_does_not_come_back(erased: Erasure, tmp_path: Path) -> None:
    company = erased.company.with_copy(tmp_path)
    loads = committed_loads(company.settings.landing)
    old = (company.folder / "orders_2.csv").read_text()
    (company.folder / "orders_again.csv").write_text(f"{old}ERZUK-91,{PERSON},2024-05-26,5.00\n")
    company.write(
        "order_lines", "again", [("order_id", "line_no"), ("ERZUK-11", "9"), ("ERZUK-91", "1")]
    )
    company.run(LAST_DAY)
    assert company.traces() == []
    new = [load for load in committed_loads(company.settings.landing) if load not in loads]
    assert {load.origin: load.erased_rows for load in new} == {
        "orders_again.csv": 8,
        "order_lines_again.csv": 2,
    }


def test_a_backup_that_brings_it_back_is_cleaned_by_the_next_run(
    before: ErasedCompany, erased: Erasure, tmp_path: Path
) -> None:
    company = before.with_copy(tmp_path)
    home = company.settings.home
    shutil.rmtree(home / "erasures")
    shutil.copytree(erased.company.settings.home / "erasures", home / "erasures")
    said: list[str] = []
    recover(company.settings, said.append)
    assert said
    assert len(old_releases(company.settings)) == 3
    shutil.rmtree(company.settings.releases)
    assert company.traces() == []
    again: list[str] = []
    recover(company.settings, again.append)
    assert again == []
