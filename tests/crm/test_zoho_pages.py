"""Lists of Zoho CRM that end otherwise than is documented lose no record in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract_server import Answer
from crm_shop import CrmShop

from orchestration.sources.crm.vendor import vendor

NOWHERE = {"more_records": True, "next_page_token": None}


def leading_nowhere(answer: Answer) -> Answer:
    """The answer, which says that there are more records but not where."""
    return replace(answer, content={**answer.content, "info": NOWHERE})


def listing(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """The service lists so many records at most."""
    known = vendor("zoho")
    short = known.model_copy(update={"listing": known.listing.model_copy(update={"most": most})})
    monkeypatch.setattr("orchestration.sources.crm.rows.vendor", lambda name: short)


def test_more_records_without_a_way_to_them_are_refused(zoho: CrmShop) -> None:
    zoho.put_many(200)
    zoho.server.fault("list", leading_nowhere)
    assert "more records, and no way to the next page" in str(zoho.fails())
    assert len(zoho.land()) == 200


def test_an_empty_page_does_not_end_a_list_of_deleted_ones_that_goes_on(zoho: CrmShop) -> None:
    zoho.put_many(2)
    zoho.pull()
    zoho.delete(1)
    zoho.server.fault("deleted", Answer(content={"data": [], "info": {"more_records": True}}))
    assert "more records, and no way to the next page" in str(zoho.fails())
    assert [row["is_deleted"] for row in zoho.land()] == ["true"]


def test_a_last_page_that_leads_nowhere_is_of_a_list_that_is_too_long(
    zoho: CrmShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing(monkeypatch, most=200)
    zoho.put_many(201)
    zoho.server.fault("list", leading_nowhere)
    assert "has more than 200 records" in str(zoho.fails())


def test_a_list_that_gives_no_more_than_it_may_is_refused(
    zoho: CrmShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing(monkeypatch, most=400)
    zoho.put_many(400)
    assert len(zoho.land()) == 400
    zoho.put_many(401)
    zoho.shop.landing = zoho.shop.folder / "another"
    assert "has more than 400 records" in str(zoho.fails())


def test_empty_pages_without_an_end_end(zoho: CrmShop) -> None:
    zoho.put_many(400)
    info = {"more_records": True, "next_page_token": "x"}
    empty = Answer(content={"data": [], "info": info})
    zoho.server.fault("list", lambda answer: answer, *[empty] * 50)
    assert "the same pages again and again" in str(zoho.fails())


def test_pages_that_do_not_say_whether_there_are_more_are_refused(zoho: CrmShop) -> None:
    zoho.put(1, "Secretly Invented")
    zoho.server.fault("list", lambda answer: Answer(content={"data": answer.content["data"]}))
    error = str(zoho.fails())
    assert "its pages cannot be followed" in error
    assert "Secretly" not in error
