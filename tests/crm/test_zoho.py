"""Zoho CRM, as its documentation says that it behaves, through a pull to what landed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from contract_server import Answer, Record
from crm_shop import CrmShop, by
from requests import PreparedRequest, Session

from orchestration.sources.crm.vendor import vendor
from orchestration.sources.errors import SourceError

AT = "2026-03-01T09:00:00+08:00"
OWNER = {"name": "Invented Owner", "id": "360000000000900001", "email": "owner@example.com"}
ACCOUNT = {"name": "Invented Trading", "id": "360000000000000001"}
CONTACT = {"name": "Chen Invented", "id": "360000000000000002"}


def land(zoho: CrmShop, table: str, name: str, *records: Record) -> list[dict[str, Any]]:
    """What lands of records; each is of the moment AT."""
    stamped = {"Created_Time": "2026-02-01T08:30:00+08:00", "Modified_Time": AT}
    for number, record in enumerate(records):
        zoho.server.put(name, {"id": f"3600000000009{number:05d}", **stamped, **record})
    return zoho.land(table, f"object: {name}")


def test_accounts_land_as_customers(zoho: CrmShop) -> None:
    account = {
        "Account_Name": "Invented Trading",
        "Account_Type": "Reseller",
        "Phone": "+86 571 5550 0100",
        "Industry": "Retail",
        "Billing_Country": "中国",
        "Billing_State": "浙江",
        "Billing_City": "杭州",
        "Owner": OWNER,
    }
    (row,) = land(zoho, "customers", "Accounts", account)
    assert row == {
        "_row": 1,
        "_malformed": None,
        "_cursor": AT,
        "customer_id": "360000000000900000",
        "name": "Invented Trading",
        "phone": "+86 571 5550 0100",
        "party_kind": "channel",
        "channel_kind": "dealer",
        "organisation_kind": "enterprise",
        "industry": "Retail",
        "country": "中国",
        "region": "浙江",
        "city": "杭州",
        "owner_id": OWNER["id"],
        "created_at": "2026-02-01T08:30:00+08:00",
        "updated_at": AT,
        "is_deleted": "false",
    }


def test_contacts_and_leads_land_as_customers(zoho: CrmShop) -> None:
    contact: Record = {"Full_Name": "Chen Invented", "Mobile": "138 0000 0000", "Phone": "0571"}
    contact |= {"Date_of_Birth": "1990-05-06", "Email_Opt_Out": True, "Mailing_City": "上海"}
    (row,) = land(zoho, "customers", "Contacts", contact)
    assert (row["name"], row["phone"], row["birth_date"], row["city"], row["is_opted_out"]) == (
        "Chen Invented",
        "138 0000 0000",
        "1990-05-06",
        "上海",
        "true",
    )
    assert (row["party_kind"], row["organisation_kind"]) == ("consumer", "individual")
    leads = [
        {"Full_Name": "A", "Phone": "0571", "Lead_Status": "Contact in Future"},
        {"Full_Name": "B", "Lead_Status": "Lost Lead", "Lead_Source": "Trade Show"},
        {"Full_Name": "C", "Lead_Status": "Attempted to Contact"},
    ]
    landed = by("name", land(zoho, "customers", "Leads", *leads))
    intents = {name: row["declared_intent"] for name, row in landed.items()}
    assert intents == {"A": "not_now", "B": "never", "C": None}
    assert landed["A"]["phone"] == "0571"
    assert landed["B"]["source_channel"] == "Trade Show"


def test_sales_orders_land_as_orders(zoho: CrmShop) -> None:
    orders: list[Record] = [
        {"Account_Name": ACCOUNT, "Grand_Total": "100.10", "Status": "Created"},
        {"Account_Name": None, "Contact_Name": CONTACT, "Grand_Total": "1", "Status": "已取消"},
        {"Account_Name": ACCOUNT, "Contact_Name": CONTACT, "Status": "Delivered"},
    ]
    landed = land(zoho, "orders", "Sales_Orders", *orders)
    assert [row["status"] for row in landed] == ["created", "cancelled", "completed"]
    assert [row["customer_id"] for row in landed] == [ACCOUNT["id"], CONTACT["id"], ACCOUNT["id"]]
    assert landed[0]["amount"] == "100.10"
    assert landed[0]["ordered_at"] == "2026-02-01T08:30:00+08:00"


def test_the_only_object_of_a_table_need_not_be_named(zoho: CrmShop) -> None:
    zoho.server.put("Sales_Orders", {"id": "1", "Grand_Total": "1", "Account_Name": ACCOUNT})
    assert len(zoho.land("orders", "overlap: 1 hour")) == 1


def test_deals_land_as_opportunities(zoho: CrmShop) -> None:
    deal: Record = {"Account_Name": ACCOUNT, "Amount": "5000", "Closing_Date": "2026-06-30"}
    stages = ["Negotiation/Review", "Closed Won", "closed lost", "成交", "丢单"]
    landed = land(zoho, "opportunities", "Deals", *({**deal, "Stage": each} for each in stages))
    told = [(row["stage"], row["closed_at"], row["is_won"]) for row in landed]
    assert told == [
        ("Negotiation/Review", None, None),
        ("won", "2026-06-30", "true"),
        ("lost", "2026-06-30", "false"),
        ("won", "2026-06-30", "true"),
        ("lost", "2026-06-30", "false"),
    ]
    assert {row["expected_close_at"] for row in landed} == {"2026-06-30"}
    assert {row["amount"] for row in landed} == {"5000"}


def test_quotes_and_cases_land_as_interactions_and_complaints(zoho: CrmShop) -> None:
    (quote,) = land(zoho, "interactions", "Quotes", {"Account_Name": ACCOUNT, "Quote_Stage": "On"})
    assert (quote["kind"], quote["direction"], quote["outcome"]) == ("quote", "out", "On")
    cases: list[Record] = [
        {"Account_Name": ACCOUNT, "Status": "New", "Case_Origin": "Phone"},
        {"Related_To": CONTACT, "Status": "Closed"},
    ]
    landed = land(zoho, "interactions", "Cases", *cases)
    assert [row["customer_id"] for row in landed] == [ACCOUNT["id"], CONTACT["id"]]
    assert {(row["kind"], row["direction"]) for row in landed} == {("support", "in")}
    assert landed[0]["channel"] == "Phone"
    complaints = zoho.land("feedback", "object: Cases")
    assert [(row["kind"], row["resolved_at"]) for row in complaints] == [
        ("complaint", None),
        ("complaint", AT),
    ]


def test_requests_keep_to_the_documented_limits(zoho: CrmShop) -> None:
    zoho.put_many(2_300)
    assert len(zoho.land()) == 2_300
    lists = [asked for asked in zoho.server.asked if asked.route == "list"]
    assert len(lists) == 12
    for asked in lists:
        assert asked.params["per_page"] == "200"
        assert (asked.params["sort_by"], asked.params["sort_order"]) == ("id", "asc")
        assert len(asked.params["fields"].split(",")) <= 50
        assert "page" not in asked.params
        assert asked.headers["authorization"].startswith("Zoho-oauthtoken ")
    assert len({asked.params.get("page_token") for asked in lists}) == 12


def test_secrets_stand_in_no_address(zoho: CrmShop) -> None:
    zoho.put(1)
    zoho.pull()
    (token,) = [asked for asked in zoho.server.asked if asked.route == "token"]
    assert token.params == {}
    assert {name: values[0] for name, values in parse_qs(token.body).items()} == {
        "grant_type": "refresh_token",
        **zoho.server.secrets,
    }


def test_only_changes_and_deletions_since_the_position_are_asked_for(zoho: CrmShop) -> None:
    zoho.server.put("Accounts", {**zoho.known.record(1, "Invented"), "Modified_Time": AT})
    zoho.pull()
    zoho.pull()
    later = zoho.server.asked[-2:]
    assert [asked.route for asked in later] == ["list", "deleted"]
    assert {asked.headers["if-modified-since"] for asked in later} == {"2026-03-01T00:00:00+00:00"}
    assert later[1].params["type"] == "all"
    assert "if-modified-since" not in zoho.server.asked[1].headers


def test_more_fields_than_may_be_asked_for_are_refused(
    zoho: CrmShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = vendor("zoho")
    few = known.listing.model_copy(update={"most_fields": 5})
    scarce = known.model_copy(update={"listing": few})
    monkeypatch.setattr("orchestration.sources.crm.rows.vendor", lambda name: scarce)
    error = zoho.fails()
    assert "needs 11 fields, and Zoho CRM gives at most 5" in str(error)
    assert error.field == "tables.customers[1].columns"


def test_too_many_tokens_are_waited_for(zoho: CrmShop, pauses: list[float]) -> None:
    zoho.put(1)
    said = "You have made too many requests continuously. Please try again after some time."
    denied = Answer(400, {"error": "Access Denied", "error_description": said})
    zoho.server.fault("token", denied, denied)
    assert len(zoho.land()) == 1
    assert pauses == [1, 2]


@pytest.mark.parametrize(
    ("secret", "named"),
    [
        ("refresh_token", "what ZOHO_REFRESH_TOKEN holds"),
        ("client_secret", "what ZOHO_CLIENT_ID or ZOHO_CLIENT_SECRET holds"),
    ],
)
def test_a_secret_that_is_not_taken_is_named(
    zoho: CrmShop, monkeypatch: pytest.MonkeyPatch, secret: str, named: str
) -> None:
    monkeypatch.setenv(zoho.variable(secret), "1000.of+another/day")
    error = str(zoho.fails())
    assert named in error
    assert "1000.of" not in error


@pytest.mark.parametrize(
    ("region", "host"),
    [("cn", "accounts.zoho.com.cn"), ("us", "accounts.zoho.com"), ("eu", "accounts.zoho.eu")],
)
def test_each_region_has_its_own_hosts(
    zoho: CrmShop, monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    asked: list[str] = []

    def answer(self: Session, request: PreparedRequest, **kwargs: Any) -> Any:
        asked.append(str(request.url))
        raise SourceError("not called in a test")

    monkeypatch.setattr(Session, "send", answer)
    entry = zoho.entry("customers", f"object: Accounts, region: {region}")
    with pytest.raises(SourceError, match="not called"):
        zoho.shop.pull(entry.replace(f"host: '{zoho.server.url}',", ""), "customers")
    assert asked == [f"https://{host}/oauth/v2/token"]
