"""What every vendor's contract keeps: what is read, when, and what lands of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from contract_server import Answer, Record
from crm_shop import CrmShop, by
from source_maker import rows
from vendors import LONG_AGO

from orchestration.sources.check import check_sources
from orchestration.sources.mapping import mapping_hash

PAGES = 3


def test_all_pages_land_once(crm: CrmShop) -> None:
    count = 2 * crm.known.size + 50
    crm.put_many(count)
    landed = crm.land()
    assert sorted(row["customer_id"] for row in landed) == [crm.key(n) for n in range(count)]
    assert crm.server.count("list") == PAGES
    assert crm.server.served == {crm.known.customers: count}
    assert crm.server.count("token") == 1


def test_the_next_pull_reads_only_what_changed(crm: CrmShop) -> None:
    crm.put_many(30)
    crm.put(29, "Last", at=LONG_AGO + timedelta(days=30))
    crm.land()
    served = crm.server.served[crm.known.customers]
    crm.put(3, "Changed")
    crm.put(99, "New")
    landed = by("customer_id", crm.land())
    assert {key: row["name"] for key, row in landed.items()} == {
        crm.key(3): "Changed",
        crm.key(99): "New",
    }
    # The last of the first pull lies within the overlap.
    assert crm.server.served[crm.known.customers] - served == 3


def test_nothing_new_lands_nothing(crm: CrmShop) -> None:
    crm.put_many(5)
    assert len(crm.pull().landed) == 1
    again = crm.pull()
    assert (again.landed, again.unchanged) == ((), 1)
    assert crm.server.count("token") == 1


def test_a_service_without_records_is_no_mistake(crm: CrmShop) -> None:
    assert crm.pull().landed == ()
    crm.put(1)
    assert len(crm.land()) == 1


def test_the_overlap_finds_what_was_told_late(crm: CrmShop) -> None:
    crm.put(1, at=LONG_AGO)
    crm.land()
    crm.put(2, at=LONG_AGO - timedelta(minutes=59))
    crm.put(3, at=LONG_AGO - timedelta(minutes=61))
    assert [row["customer_id"] for row in crm.land()] == [crm.key(2)]
    more = f"object: {crm.known.customers}, overlap: 2 hours"
    assert [row["customer_id"] for row in crm.land(more=more)] == [crm.key(3)]


def test_a_deleted_record_lands_once_more_as_deleted(crm: CrmShop) -> None:
    crm.put_many(3)
    crm.land()
    crm.delete(1)
    (row,) = crm.land()
    assert (row["customer_id"], row["is_deleted"], row["name"]) == (crm.key(1), "true", "Invented")
    assert crm.land() == []


def test_a_restored_record_lands_as_it_is_again(crm: CrmShop) -> None:
    crm.put_many(3)
    crm.land()
    crm.delete(1)
    crm.land()
    crm.put(1)
    (row,) = crm.land()
    assert (row["customer_id"], row["is_deleted"]) == (crm.key(1), "false")
    assert crm.land() == []


def test_more_deletions_than_a_page_has_all_land(crm: CrmShop) -> None:
    count = 2 * crm.known.size + 7
    crm.put_many(count)
    crm.land()
    for number in range(count):
        crm.delete(number)
    landed = crm.land()
    assert len(by("customer_id", landed)) == count
    assert {row["is_deleted"] for row in landed} == {"true"}


def test_a_record_that_was_never_read_is_not_told_to_be_deleted(crm: CrmShop) -> None:
    crm.put(1, at=LONG_AGO)
    crm.land()
    crm.put(2)
    crm.delete(2)
    assert [row["customer_id"] for row in crm.land() if row["is_deleted"] != "true"] == []


def test_a_record_that_moved_to_the_next_page_lands_once(crm: CrmShop) -> None:
    crm.put_many(crm.known.size + 1)
    moved: list[Record] = []

    def keep(answer: Answer) -> Answer:
        moved.extend(_records(answer)[-1:])
        return answer

    def repeat(answer: Answer) -> Answer:
        _records(answer).extend(moved)
        return answer

    crm.server.fault("list", keep, repeat)
    assert len(by("customer_id", crm.land())) == crm.known.size + 1


def test_a_record_that_changes_while_pages_are_read_lands_in_both_versions(crm: CrmShop) -> None:
    crm.put_many(crm.known.size + 10)
    moved: list[Record] = []

    def keep(answer: Answer) -> Answer:
        moved.extend({**record, crm.known.modified: None} for record in _records(answer)[:1])
        return answer

    def change(answer: Answer) -> Answer:
        at = crm.known.moment(datetime(2026, 2, 1, tzinfo=UTC))
        _records(answer).extend({**record, crm.known.modified: at} for record in moved)
        return answer

    crm.server.fault("list", keep, change)
    versions = [row["updated_at"] for row in crm.land() if row["customer_id"] == crm.key(0)]
    assert len(versions) == 2
    assert len({version[:10] for version in versions}) == 2


def test_no_record_is_skipped_when_others_change_go_and_come_meanwhile(crm: CrmShop) -> None:
    count = 3 * crm.known.size
    crm.put_many(count)

    def disturb(answer: Answer) -> Answer:
        for number in range(0, 40, 2):
            crm.put(number, "Changed")
            crm.delete(number + 1)
        crm.put(count, "New")
        return answer

    crm.server.fault("list", disturb)
    landed = {row["customer_id"] for row in crm.land()}
    assert {crm.key(number) for number in range(count)} <= landed
    crm.land()
    assert crm.land() == []


@pytest.mark.parametrize("hours", [-9, 9])
def test_clocks_that_differ_by_hours_overlook_nothing(crm: CrmShop, hours: int) -> None:
    crm.server.skew = timedelta(hours=hours)
    for number in range(4):
        crm.put(number, f"At {number}")
        assert [row["name"] for row in crm.land()] == [f"At {number}"]
    crm.put(2, "Again")
    crm.delete(1)
    assert {(row["name"], row["is_deleted"]) for row in crm.land()} == {
        ("Again", "false"),
        ("At 1", "true"),
    }


def test_a_record_of_the_future_does_not_hide_those_of_today(crm: CrmShop) -> None:
    crm.put(1, at=crm.server.now() + timedelta(days=400))
    crm.land()
    crm.put(2)
    assert crm.key(2) in {row["customer_id"] for row in crm.land()}


def test_the_receipt_tells_how_far_a_pull_reached_by_the_service_s_clock(crm: CrmShop) -> None:
    crm.put(1, at=LONG_AGO)
    crm.put(2, at=crm.server.now() + timedelta(hours=2))
    (load,) = crm.pull().landed
    assert load.cursor is not None
    assert load.cursor["column"] == crm.known.modified
    assert load.cursor["since"] is None
    assert load.cursor["least"] == load.cursor["reached"] == "2026-01-01 00:00:00+00:00"
    assert str(load.cursor["greatest"]) > "2026-01-01 00:00:00+00:00"


def test_numbers_and_lists_land_as_they_were_sent(crm: CrmShop) -> None:
    record = crm.known.record(1, "Invented")
    record |= {
        "Revenue__c": Decimal("0.10"),
        "Big__c": 9007199254740993123,
        "Tags__c": ["甲", {"rate": Decimal("1.50"), "on": True}],
        "Nested__c": {"inner": {"code": "007"}},
    }
    crm.server.put(crm.known.customers, record)
    columns = "contract_amount: Revenue__c, credit_score: Big__c, products_owned: Tags__c"
    (row,) = crm.land(
        more=f"object: {crm.known.customers},"
        f" columns: {{{columns}, income_band: Nested__c.inner.code}}"
    )
    assert (row["contract_amount"], row["credit_score"]) == ("0.10", "9007199254740993123")
    assert json.loads(row["products_owned"]) == ["甲", {"rate": 1.5, "on": True}]
    assert '"rate": 1.50' in row["products_owned"]
    assert row["income_band"] == "007"


def test_text_that_no_file_can_hold_is_no_reason_to_stop(crm: CrmShop) -> None:
    crm.put(1, "half \ud83d a letter, and \0 nothing; 😀")
    crm.server.fault("list", lambda answer: Answer(text=json.dumps(answer.content)))
    (row,) = crm.land()
    assert row["name"] == "half ? a letter, and ? nothing; 😀"


def test_an_entry_says_more_and_otherwise_than_its_vendor(crm: CrmShop) -> None:
    record = {**crm.known.record(1, "Invented"), "Grade__c": " VIP ", "Kind__c": "channel"}
    crm.server.put(crm.known.customers, record)
    (row,) = crm.land(
        more=f"object: {crm.known.customers},"
        " columns: {income_band: Grade__c, party_kind: Kind__c, industry: ~},"
        " values: {income_band: {vip: high}}, constants: {organisation_kind: government}"
    )
    assert (row["income_band"], row["party_kind"]) == ("high", "channel")
    assert row["organisation_kind"] == "government"
    assert "industry" not in row


def test_another_mapping_file_reads_everything_anew(
    crm: CrmShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.put_many(3)
    crm.land()
    source = crm.shop.source(crm.entry("customers", f"object: {crm.known.customers}"))
    (entry,) = source.tables["customers"]
    before = mapping_hash(entry)
    monkeypatch.setattr("orchestration.sources.entries.vendor_hash", lambda name: "changed")
    assert mapping_hash(entry) != before
    assert len(crm.land()) == 3


def test_the_check_looks_at_the_first_pages_only(crm: CrmShop) -> None:
    crm.put_many(40 * crm.known.size)
    source = crm.shop.source(crm.entry("customers", f"object: {crm.known.customers}"))
    checked = check_sources(source)
    assert checked.passed
    (entry,) = checked.entries
    assert 0 < entry.sampled <= 1_000
    assert "customer_id" in {column.name for column in entry.columns}
    assert crm.server.count("list") <= 20


def test_an_earlier_version_of_a_record_is_the_same_row_again(crm: CrmShop) -> None:
    crm.put(1, "First", at=LONG_AGO)
    first = crm.pull().landed
    crm.put(1, "Second", at=LONG_AGO + timedelta(days=1))
    second = crm.pull().landed
    assert [row["name"] for load in (*first, *second) for row in rows(load)] == ["First", "Second"]


def _records(answer: Answer) -> list[Record]:
    content = answer.content["data"]
    records: list[Record] = content if isinstance(content, list) else content["dataList"]
    return records
