"""Put what a CRM holds of a company into a contract server: each column is a field of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from contract_server import ContractServer
from same_company import Company

from orchestration.canonical import canonical_tables

ZONE = ZoneInfo("Asia/Shanghai")
OBJECTS: Mapping[str, Mapping[str, str]] = {
    "zoho": {
        "customers": "Accounts",
        "orders": "Sales_Orders",
        "opportunities": "Deals",
        "interactions": "Quotes",
        "feedback": "Cases",
    },
    "fxiaoke": {
        "customers": "AccountObj",
        "orders": "SalesOrderObj",
        "opportunities": "NewOpportunityObj",
        "interactions": "ActiveRecordObj",
        "feedback": "CasesObj",
    },
}


def fill(server: ContractServer, kind: str, company: Company) -> dict[str, Any]:
    """Make a record of each row; the entries of a source file that read them back."""
    for table, name in OBJECTS[kind].items():
        (key,) = canonical_tables()[table].key
        kinds = company.columns[table]
        for row in company.records[table]:
            fields = {
                f"{table}_{column}": text and WRITTEN[kind](text, kinds[column])
                for column, text in row.items()
            }
            server.put(name, {**fields, server.key: f"{table}-{row[key]}"})
    return {table: [_entry(server, kind, table, company)] for table in OBJECTS[kind]}


def _entry(server: ContractServer, kind: str, table: str, company: Company) -> dict[str, Any]:
    """What the company has is read from its own fields; the vendor's other fields are left out."""
    columns = {
        name: f"{table}_{name}" if name in company.columns[table] else None
        for name in canonical_tables()[table].columns
        if name != "is_deleted"
    }
    return {
        "from": kind,
        "object": OBJECTS[kind][table],
        "host": server.url,
        "credentials": {name: f"env:CRM_{name.upper()}" for name in server.secrets},
        "columns": columns,
    }


def _zoho(text: str, kind: str) -> object:
    """A moment has an offset, a day has none, money is a number."""
    if kind == "timestamp":
        return _moment(text).isoformat()
    return _plain(text, kind)


def _fxiaoke(text: str, kind: str) -> object:
    """Days and moments are milliseconds."""
    if kind in ("timestamp", "date"):
        return int(_moment(text).timestamp() * 1000)
    return _plain(text, kind)


def _plain(text: str, kind: str) -> object:
    if kind == "boolean":
        return text == "true"
    return int(text) if kind == "integer" else text


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


WRITTEN: Mapping[str, Callable[[str, str], object]] = {"zoho": _zoho, "fxiaoke": _fxiaoke}
