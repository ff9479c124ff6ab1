"""Erasing a person: nothing of it is left anywhere, nobody else is touched, and it stays out."""

import json
from pathlib import Path

import pytest
from conftest import MakeSettings
from erased_company import DAYS, LAST_DAY, PERSON, SURVIVOR, TRACES, ErasedCompany

from orchestration.erasing.command import Erased, erase, look_for, resume
from orchestration.landing import committed_loads, rejected_loads
from orchestration.progress import Silent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> ErasedCompany:
    """A company of three days that knows the person. Only read it, or copy it."""
    folder = tmp_path_factory.mktemp("before")
    return ErasedCompany.with_person(folder / "exports", new_home(folder / "home"))


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
    assert set(found.days) == {str(day) for day in DAYS[:1]} | set(found.days)
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
    company.run(LAST_DAY)
    assert committed_loads(company.settings.landing) == loads
    old = (company.folder / "orders_new.csv").read_text()
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


def test_a_backup_that_brings_it_back_is_cleaned_again(
    before: ErasedCompany, erased: tuple[ErasedCompany, Erased], tmp_path: Path
) -> None:
    company = before.with_copy(tmp_path)
    erasures = erased[0].settings.home / "erasures"
    (company.settings.home / "erasures").mkdir()
    for path in erasures.iterdir():
        (company.settings.home / "erasures" / path.name).write_bytes(path.read_bytes())
    done = resume(company.settings, Silent())
    assert company.traces() == []
    assert len(done.removed) == 3
