"""纷享销客, as its documentation says that it behaves, through a pull to what landed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contract_server import Answer, Record
from crm_shop import CrmShop, by
from fxiaoke_server import FxiaokeServer
from vendors import LONG_AGO

CREATED = datetime(2026, 2, 1, 0, 30, 0, 125_000, tzinfo=UTC)
CHANGED = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
OWNER = ["FSUID_0000000000000000000000000000000A"]
ACCOUNT = "5f3a3de57c604a00017d0001"


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def land(
    fxiaoke: CrmShop, table: str, name: str, *records: Record, more: str = ""
) -> list[dict[str, Any]]:
    """What lands of records."""
    stamped = {"create_time": ms(CREATED), "last_modified_time": ms(CHANGED)}
    for number, record in enumerate(records):
        fxiaoke.server.put(name, {"_id": f"5f3a3de57c604a00017e{number:04d}", **stamped, **record})
    return fxiaoke.land(table, f"object: {name}{more}")


def test_customers_land_with_their_moments(fxiaoke: CrmShop) -> None:
    account = {
        "name": "虚构贸易",
        "tel": "0571-5550100",
        "industry_level1": "12",
        "industry_level1__r": "零售",
        "country": "248",
        "country__r": "中国",
        "province": "255",
        "city__r": "杭州市",
        "account_source": "3",
        "owner": OWNER,
    }
    (row,) = land(fxiaoke, "customers", "AccountObj", account)
    assert row == {
        "_row": 1,
        "_malformed": None,
        "_cursor": str(ms(CHANGED)),
        "customer_id": "5f3a3de57c604a00017e0000",
        "name": "虚构贸易",
        "email": None,
        "phone": "0571-5550100",
        "party_kind": "business",
        "organisation_kind": "enterprise",
        "industry": "零售",
        "country": "中国",
        "region": "255",
        "city": "杭州市",
        "source_channel": "3",
        "owner_id": OWNER[0],
        "created_at": "2026-02-01 00:30:00.125+00:00",
        "updated_at": "2026-03-01 01:00:00+00:00",
        "is_deleted": "false",
    }


def test_contacts_and_leads_land_as_customers(fxiaoke: CrmShop) -> None:
    # A day is told as its first moment in Beijing.
    birth = datetime(1990, 5, 5, 16, tzinfo=UTC)
    contact = {"name": "陈虚构", "mobile1": "13800000000", "date_of_birth": ms(birth)}
    (row,) = land(fxiaoke, "customers", "ContactObj", contact)
    assert (row["name"], row["phone"], row["birth_date"]) == (
        "陈虚构",
        "13800000000",
        "1990-05-05 16:00:00+00:00",
    )
    lead = {"name": "李虚构", "tel": "0571", "source": "2", "source__r": "展会"}
    (row,) = land(fxiaoke, "customers", "LeadsObj", lead)
    assert (row["phone"], row["source_channel"]) == ("0571", "展会")


def test_orders_land_with_their_states_in_either_form(fxiaoke: CrmShop) -> None:
    order = {"account_id": ACCOUNT, "order_time": ms(CREATED), "order_amount": "100.10"}
    states = {"7": "confirmed", "已确认": "confirmed", "99": "cancelled", "已取消": "cancelled"}
    orders = [{**order, "order_status": state} for state in states]
    landed = land(fxiaoke, "orders", "SalesOrderObj", *orders)
    assert [row["status"] for row in landed] == list(states.values())
    assert {row["amount"] for row in landed} == {"100.10"}
    assert {row["customer_id"] for row in landed} == {ACCOUNT}
    assert {row["ordered_at"] for row in landed} == {"2026-02-01 00:30:00.125+00:00"}


def test_opportunities_of_both_kinds_land(fxiaoke: CrmShop) -> None:
    closed = "2026-02-20 00:00:00+00:00"
    deal: Record = {
        "account_id": ACCOUNT,
        "amount": "5000",
        "sales_stage": "s2",
        "sales_stage__r": "报价",
    }
    deal["stg_changed_time"] = ms(datetime(2026, 2, 20, tzinfo=UTC))
    deals = [{**deal, "sales_status": status} for status in ("1", "2", "3", "4", "赢单")]
    landed = land(fxiaoke, "opportunities", "NewOpportunityObj", *deals)
    told = [(row["stage"], row["closed_at"], row["is_won"]) for row in landed]
    assert told == [
        ("报价", None, None),
        ("won", closed, "true"),
        ("lost", closed, "false"),
        ("lost", closed, "false"),
        ("won", closed, "true"),
    ]
    older: Record = {"account_id": ACCOUNT, "biz_status": "win", "expected_deal_amount": "7"}
    older["sales_stg_changed_time"] = deal["stg_changed_time"]
    (row,) = land(fxiaoke, "opportunities", "OpportunityObj", older)
    assert (row["stage"], row["closed_at"], row["amount"]) == ("won", closed, "7")


def test_activities_land_as_interactions_of_their_account(fxiaoke: CrmShop) -> None:
    related = [
        {"id": "5f3a3de57c604a00017d0009", "describe_api_name": "NewOpportunityObj"},
        {"id": ACCOUNT, "describe_api_name": "AccountObj"},
    ]
    records: list[Record] = [
        {"related_object_data": related, "active_record_type__r": "电话"},
        {"related_object_data": related[1:], "active_record_type": "3"},
        {"account_id": ACCOUNT, "active_record_type__r": "邮件"},
    ]
    landed = land(fxiaoke, "interactions", "ActiveRecordObj", *records)
    assert [row["kind"] for row in landed] == ["call", "visit", "email"]
    assert {row["customer_id"] for row in landed} == {ACCOUNT}


def test_quotes_and_cases_land(fxiaoke: CrmShop) -> None:
    (quote,) = land(fxiaoke, "interactions", "QuoteObj", {"account_id": ACCOUNT})
    assert (quote["kind"], quote["customer_id"]) == ("quote", ACCOUNT)
    (case,) = land(fxiaoke, "interactions", "CasesObj", {"account_id": ACCOUNT})
    assert (case["kind"], case["direction"]) == ("support", "in")
    (complaint,) = fxiaoke.land("feedback", "object: CasesObj")
    assert complaint["kind"] == "complaint"


def test_a_field_of_the_company_may_hold_a_date(fxiaoke: CrmShop) -> None:
    record = {
        "name": "虚构",
        "want__c": ms(datetime(2026, 6, 29, 16, tzinfo=UTC)),
        "text__c": "即将",
    }
    more = ", columns: {expected_buy_date: want__c, birth_date: text__c}"
    (row,) = land(fxiaoke, "customers", "AccountObj", record, more=more)
    assert (row["expected_buy_date"], row["birth_date"]) == ("2026-06-29 16:00:00+00:00", "即将")


def test_requests_keep_to_the_documented_limits(fxiaoke: CrmShop) -> None:
    fxiaoke.put_many(1_050)
    assert len(fxiaoke.land()) == 1_050
    asked = [json.loads(a.body) for a in fxiaoke.server.asked if a.route == "list"]
    assert len(asked) == 11
    for body in asked:
        query = body["data"]["search_query_info"]
        assert (query["limit"], query["offset"]) == (100, 0)
        assert query["orders"] == [{"fieldName": "_id", "isAsc": True}]
        assert len(query["filters"]) <= 1
        assert body["corpAccessToken"] in fxiaoke.server.tokens
        assert (body["corpId"], body["currentOpenUserId"]) == ("FSCID_INVENTED", "FSUID_INVENTED")
    assert all(a.params == {} for a in fxiaoke.server.asked)


def test_only_changes_since_the_position_are_asked_for(fxiaoke: CrmShop) -> None:
    fxiaoke.put(1, at=LONG_AGO)
    fxiaoke.pull()
    fxiaoke.pull()
    since = {
        "field_name": "last_modified_time",
        "operator": "GTE",
        "field_values": [str(ms(LONG_AGO - timedelta(hours=1)))],
    }
    later = [
        json.loads(asked.body)["data"]["search_query_info"]["filters"]
        for asked in fxiaoke.server.asked[-2:]
    ]
    invalid = {"field_name": "life_status", "operator": "EQ", "field_values": ["invalid"]}
    assert later == [[since], [invalid, since]]


@pytest.mark.parametrize("lists_invalid", [True, False])
def test_an_invalid_record_is_deleted_whether_or_not_the_list_tells_it(
    fxiaoke: CrmShop, lists_invalid: bool
) -> None:
    assert isinstance(fxiaoke.server, FxiaokeServer)
    fxiaoke.server.lists_invalid = lists_invalid
    fxiaoke.put_many(3)
    fxiaoke.land()
    fxiaoke.delete(1)
    (row,) = fxiaoke.land()
    assert (row["customer_id"], row["is_deleted"]) == (fxiaoke.key(1), "true")
    assert fxiaoke.land() == []
    fxiaoke.put(1)
    assert [row["is_deleted"] for row in fxiaoke.land()] == ["false"]


def test_a_record_that_says_it_is_deleted_lands_so(fxiaoke: CrmShop) -> None:
    records: list[Record] = [
        {"is_deleted": True},
        {"life_status": "normal"},
        {"life_status": "作废"},
    ]
    landed = by("customer_id", land(fxiaoke, "customers", "AccountObj", *records))
    assert [row["is_deleted"] for row in landed.values()] == ["true", "false", "true"]


@pytest.mark.parametrize("code", [10013, 20017, 30002, 99999])
def test_an_error_with_status_200_is_an_error(fxiaoke: CrmShop, code: int) -> None:
    fxiaoke.put(1)
    said = {"errorCode": code, "errorMessage": "不可以", "data": {"dataList": []}}
    fxiaoke.server.fault("list", Answer(content=said))
    error = fxiaoke.fails()
    assert f"{code}: 不可以" in str(error)
    assert not error.transient


def test_an_answer_without_an_error_code_is_an_error(fxiaoke: CrmShop) -> None:
    fxiaoke.put(1)
    fxiaoke.server.fault("list", Answer(content={"data": {"dataList": []}}))
    assert "answered with HTTP 200" in str(fxiaoke.fails())


def test_a_service_that_says_later_is_waited_for(fxiaoke: CrmShop, pauses: list[float]) -> None:
    fxiaoke.put(1)
    later = Answer(content={"errorCode": -1, "errorMessage": "系统繁忙"})
    fxiaoke.server.fault("list", later, later)
    assert len(fxiaoke.land()) == 1
    assert pauses == [1, 2]
