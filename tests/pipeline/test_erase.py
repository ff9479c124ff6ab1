"""Erasing a person: nothing of it is left anywhere, nobody else is touched, and it stays out."""

import json
import shutil
from pathlib import Path

import pytest
from erased_company import LAST_DAY, PERSON, SECOND_DAY, SURVIVOR, TRACES, ErasedCompany
from small_company import SmallCompany

from orchestration.erasing.command import Erased, erase, look_for
from orchestration.erasing.recovery import recover
from orchestration.erasing.releases import old_releases
from orchestration.landing import committed_loads, rejected_loads
from orchestration.progress import Silent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def before(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> ErasedCompany:
    """A company of three days that knows the person. Only read it, or copy it."""
    return ErasedCompany.after(first_run, tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def erased(
    before: ErasedCompany, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ErasedCompany, Erased]:
    """The same after the person was erased."""
    company = before.with_copy(tmp_path_factory.mktemp("after"))
    done = erase(
        company.settings, [PERSON], by="Data protection", reason="asked for", progress=Silent()
    )
    return company, done


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


def test_nothing_of_the_person_is_left_in_any_byte(erased: tuple[ErasedCompany, Erased]) -> None:
    company, _ = erased
    assert company.traces() == []


def test_readers_have_one_release_of_the_newest_day(erased: tuple[ErasedCompany, Erased]) -> None:
    company, done = erased
    assert done.day == LAST_DAY
    assert len(done.removed) == 3
    kept = [path.name for path in company.settings.releases.iterdir() if path.name[0] == "2"]
    assert [company.served()["current"]] == kept
    assert company.query("select count(*) from customer_facts") == [(30,)]


def test_receipts_say_how_much_and_not_whom(erased: tuple[ErasedCompany, Erased]) -> None:
    company, done = erased
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
    assert done.request is not None
    assert all(
        done.request.request_id in str(note["why"]) for load in loads for note in load.rewritten
    )


def test_all_others_are_as_they_were(
    before: ErasedCompany, erased: tuple[ErasedCompany, Erased]
) -> None:
    company, _ = erased
    was, now = before.history_of_others(), company.history_of_others()
    for name in ("classes", "changes", "cuts"):
        assert set(was[name]) <= set(now[name]), name
    # The referral of c02 by the person counts no more; all else of everybody else does.
    facts = "select * exclude (referral_count_365d, referrer_id) from customer_facts"
    others = f"{facts} where customer_id not like 'K-%' order by all"
    assert company.query(others) == before.query(others)


def test_it_does_not_come_back(erased: tuple[ErasedCompany, Erased], tmp_path: Path) -> None:
    company = erased[0].with_copy(tmp_path)
    loads = committed_loads(company.settings.landing)
    old = (company.folder / "orders_2.csv").read_text()
    (company.folder / "orders_again.csv").write_text(f"{old}ERZ-91,{PERSON},2024-05-26,5.00\n")
    company.write(
        "order_lines", "again", [("order_id", "line_no"), ("ERZ-11", "9"), ("ERZ-91", "1")]
    )
    company.run(LAST_DAY)
    assert company.traces() == []
    new = [load for load in committed_loads(company.settings.landing) if load not in loads]
    assert {load.origin: load.erased_rows for load in new} == {
        "orders_again.csv": 8,
        "order_lines_again.csv": 2,
    }


def test_a_backup_that_brings_it_back_is_cleaned_by_the_next_run(
    before: ErasedCompany, erased: tuple[ErasedCompany, Erased], tmp_path: Path
) -> None:
    company = before.with_copy(tmp_path)
    home = company.settings.home
    shutil.rmtree(home / "erasures")
    shutil.copytree(erased[0].settings.home / "erasures", home / "erasures")
    said: list[str] = []
    recover(company.settings, said.append)
    assert said
    assert len(old_releases(company.settings)) == 3
    shutil.rmtree(company.settings.releases)
    assert company.traces() == []
    again: list[str] = []
    recover(company.settings, again.append)
    assert again == []
