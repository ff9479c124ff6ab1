"""What a source file may say of a CRM, and what it is told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from source_maker import HEAD

from orchestration.sources.entries import CrmEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.source_file import SourceFile, load_source_file

CREDENTIALS = "{client_id: env:A, client_secret: env:B, refresh_token: env:C}"
ENTRY = {"from": "zoho", "object": "Accounts", "credentials": CREDENTIALS, "region": "cn"}


def source(
    folder: Path, changes: Mapping[str, str | None] | None = None, table: str = "customers"
) -> SourceFile:
    lines = {
        name: value for name, value in {**ENTRY, **(changes or {})}.items() if value is not None
    }
    entry = "\n".join(f"    {name}: {value}" for name, value in lines.items())
    others = "" if table in ("customers", "orders") else "  orders: [{from: files, path: o.csv}]\n"
    path = folder / "sources.yml"
    path.write_text(f"{HEAD}{others}  {table}:\n  -\n{entry}\n", "utf-8")
    return load_source_file(path)


def test_an_entry_is_completed_with_its_vendors_mapping(tmp_path: Path) -> None:
    (entry,) = source(tmp_path).tables["customers"]
    assert isinstance(entry, CrmEntry)
    assert entry.columns["name"] == "Account_Name"
    assert entry.values["party_kind"]["Reseller"] == "channel"
    assert (entry.cursor, entry.name) == ("Modified_Time", "customers")
    assert entry.origin == "zoho A: Accounts"
    assert entry.finds_deletes


def test_what_an_entry_says_itself_counts(tmp_path: Path) -> None:
    (entry,) = source(
        tmp_path,
        {
            "columns": "{name: Nick__c, organisation_kind: Kind__c, city: ~}",
            "values": "{party_kind: {RESELLER: business, Friend: consumer}}",
            "constants": "{country: CN}",
        },
    ).tables["customers"]
    assert entry.columns["name"] == "Nick__c"
    assert entry.columns["organisation_kind"] == "Kind__c"
    assert "city" not in entry.columns
    assert entry.constants == {"country": "CN"}
    assert "country" not in entry.columns
    words = entry.values["party_kind"]
    assert (words["RESELLER"], words["Friend"], words["Partner"]) == (
        "business",
        "consumer",
        "channel",
    )
    assert "Reseller" not in words


def test_a_column_mapped_to_nothing_is_left_out(tmp_path: Path) -> None:
    columns = "{organisation_kind: ~, party_kind: ~, created_at: ~}"
    (entry,) = source(tmp_path, {"columns": columns}).tables["customers"]
    left = {*entry.columns, *entry.constants, *entry.values}
    assert not left & {"organisation_kind", "party_kind", "created_at"}


def test_an_object_need_not_be_named_where_there_is_one(tmp_path: Path) -> None:
    (entry,) = source(tmp_path, {"object": None}, "orders").tables["orders"]
    assert isinstance(entry, CrmEntry)
    assert entry.object == "Sales_Orders"


@pytest.mark.parametrize("host", ["https://proxy.example.com", "http://127.0.0.1:8080"])
def test_a_host_takes_the_place_of_the_region(tmp_path: Path, host: str) -> None:
    (entry,) = source(tmp_path, {"region": None, "host": host}).tables["customers"]
    assert isinstance(entry, CrmEntry)
    assert entry.host == host


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"object": None}, "object", "is missing\n  There is: Accounts, Contacts, Leads."),
        ({"object": "Account"}, "object", "'Account' is not mapped\n  Did you mean Accounts?"),
        ({"region": None}, "region", "is missing\n  There is: us, eu, in"),
        ({"region": "moon"}, "region", "'moon' is not one\n  There is: us, eu"),
        (
            {"credentials": "{client_id: env:A, client_secret: env:B}"},
            "credentials",
            "lacks refresh_token\n  Add refresh_token: env:ZOHO_REFRESH_TOKEN.",
        ),
        (
            {"credentials": CREDENTIALS[:-1] + ", refresh_tokn: env:D}"},
            "credentials.refresh_tokn",
            "Zoho CRM has no such\n  Did you mean refresh_token?",
        ),
        (
            {"credentials": CREDENTIALS.replace("env:B", "a-secret-itself")},
            "credentials.client_secret",
            "has to name a variable of the environment",
        ),
        ({"host": "http://proxy.example.com"}, "host", "is not https"),
        ({"host": "https://proxy.example.com/path"}, "host", "is no address of a host"),
        ({"host": "https://me:word@proxy.example.com"}, "host", "is no address of a host"),
        ({"cursor": "Created_Time"}, "cursor", "'Created_Time' cannot be asked for"),
        ({"overlap": "7"}, "overlap", "has to be a duration"),
        ({"columns": "{city: =town}"}, "columns.city", "=town is not derived"),
        ({"columns": "{town: City}"}, "columns.town", "customers has no column 'town'"),
        ({"columns": "Name"}, "columns", "valid dictionary"),
        ({"values": "{party_kind: {A: b}}"}, "values.party_kind.A", "'b' is not a value"),
        ({"url": "env:A"}, "url", "is not a key here"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, changes: dict[str, str | None], field: str, message: str
) -> None:
    with pytest.raises(SourceError) as caught:
        source(tmp_path, changes)
    assert message in str(caught.value)
    assert f"tables.customers[1].{field}: " in str(caught.value)
    assert caught.value.line is not None
    assert "a-secret-itself" not in str(caught.value)
    assert "word" not in str(caught.value)


def test_a_table_that_a_vendor_does_not_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Zoho CRM has nothing for exchange_rates"):
        source(tmp_path, table="exchange_rates")


def test_the_kinds_of_sources_name_the_vendors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is: files, database, fxiaoke, zoho"):
        source(tmp_path, {"from": "salesfork"})
