"""A vendor is its mapping file: another kind of access, paging and moment needs no program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from contract_server import Answer, Asked, ContractServer, Record

from orchestration.sources.crm import vendor as vendors
from orchestration.sources.crm.paging import pages
from orchestration.sources.crm.service import Service
from orchestration.sources.crm.vendor import Vendor
from orchestration.sources.errors import SourceError

KEEP_PACE = Service.keep_pace  # the fixtures take it away
MAPPING = """
title: Invented CRM
documentation: [https://crm.example.com/docs]
limits: [at most 3 records a page]
credentials: {access_token: of a private application, shop: its name}
regions: {all: {api: "https://{shop}.example.com"}}
sign: {headers: {Authorization: "Bearer {access_token}"}}
answers:
  message: [category]
  rules:
  - {status: [401], means: credentials, names: [access_token]}
key: id
cursor: {field: updated, kind: epoch_s}
listing:
  ask: {method: GET, url: "{api}/v3/{object}", params: {limit: 3, properties: "{fields}"}}
  since: {params: {updated_since: "{since}"}}
  records: results
  paginator: {type: header_link}
tables: {}
"""


class InventedServer(ContractServer):
    """Pages follow each other by a Link header, and the token never changes."""

    key = "id"
    secrets: ClassVar[dict[str, str]] = {"access_token": "invented", "shop": "one"}

    def stamped(self, record: Record, at: datetime) -> Record:
        return {"updated": int(at.timestamp()), **record}

    def remove(self, name: str, key: str, at: datetime) -> None:
        del self.records[name][key]

    def route(self, path: str, body: str) -> str:
        return "list"

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != "Bearer invented":
            return Answer(401, {"category": "INVALID_AUTHENTICATION"})
        since, start = int(asked.params.get("updated_since", 0)), int(asked.params.get("at", 0))
        found = [record for record in self.records["people"].values() if record["updated"] >= since]
        link = f'<{self.url}{asked.path}?limit=3&at={start + 3}>; rel="next"'
        headers = {"Link": link} if len(found) > start + 3 else {}
        return Answer(content={"results": found[start : start + 3]}, headers=headers)


@pytest.fixture
def server() -> Iterator[InventedServer]:
    with InventedServer() as server:
        for number in range(8):
            server.put("people", {"id": str(number)}, datetime(2026, 1, 1 + number, tzinfo=UTC))
        yield server


def asked(server: InventedServer, token: str = "invented", **values: object) -> list[Record]:
    known = Vendor.model_validate(yaml.safe_load(MAPPING))
    given = {"api": server.url, "access_token": token, "shop": "one"}
    variables = {"access_token": "INVENTED_TOKEN", "shop": "INVENTED_SHOP"}
    service = Service("invented", known, given, variables)
    wanted = {**service.values, "object": "people", "fields": ["id", "updated"], **values}
    listed = pages(service, known.listing, wanted, "invented", known.key)
    return [dict(record) for page in listed for record in page]


def test_its_pages_are_followed(server: InventedServer) -> None:
    assert [record["id"] for record in asked(server)] == [str(number) for number in range(8)]
    assert server.count("list") == 3
    assert server.asked[0].params == {"limit": "3", "properties": "id,updated"}


def test_its_changes_are_asked_for(server: InventedServer) -> None:
    since = int(datetime(2026, 1, 6, tzinfo=UTC).timestamp())
    assert [record["id"] for record in asked(server, since=str(since))] == ["5", "6", "7"]


def test_a_token_that_it_refuses_is_named(server: InventedServer) -> None:
    with pytest.raises(SourceError, match="does not accept what INVENTED_TOKEN holds"):
        asked(server, token="another")


def test_requests_keep_the_pace_of_a_vendor() -> None:
    known = Vendor.model_validate({**yaml.safe_load(MAPPING), "pace": 0.1})
    service = Service("invented", known, {}, {})
    started = time.monotonic()
    for _ in range(4):
        KEEP_PACE(service)
    assert 0.3 <= time.monotonic() - started < 1


def test_a_folder_with_a_mapping_is_a_vendor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendors, "FOLDER", tmp_path)
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented" / "mapping.yml").write_text(MAPPING, "utf-8")
    (tmp_path / "__pycache__").mkdir()
    assert vendors.vendors() == ("invented",)
    assert vendors.vendor("invented").title == "Invented CRM"
    first = vendors.vendor_hash("invented")
    (tmp_path / "invented" / "mapping.yml").write_text(MAPPING + "# changed\n", "utf-8")
    assert vendors.vendor_hash("invented") != first
