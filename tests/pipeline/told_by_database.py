"""Put a company into a database, in columns of the types that a shop's own would have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from same_company import Company
from sqlalchemy.dialects.mysql import DATETIME

from bench.servers import Database

TYPES: Mapping[str, tuple[Any, Callable[[str], object]]] = {
    "text": (sa.Text(), str),
    "money": (sa.Numeric(18, 4), Decimal),
    "number": (sa.Numeric(28, 8), Decimal),
    "integer": (sa.BigInteger(), int),
    "date": (sa.Date(), date.fromisoformat),
    "timestamp": (sa.DateTime().with_variant(DATETIME(fsp=6), "mysql"), datetime.fromisoformat),
    "boolean": (sa.Boolean(), lambda text: text == "true"),
}


def fill(database: Database, company: Company) -> dict[str, Any]:
    """Make a table of each; the entries of a source file that read them."""
    with database.connect() as connection:
        for name, records in company.records.items():
            kinds = company.columns[name]
            columns = [sa.Column(column, TYPES[kind][0]) for column, kind in kinds.items()]
            table = sa.Table(name, sa.MetaData(), *columns)
            table.create(connection)
            rows = [
                {
                    column: None if text is None else TYPES[kinds[column]][1](text)
                    for column, text in record.items()
                }
                for record in records
            ]
            connection.execute(table.insert(), rows)
        connection.commit()
    return {name: [_entry(name, company.columns[name])] for name in company.records}


def _entry(table: str, columns: Mapping[str, str]) -> dict[str, str]:
    entry = {"from": "database", "url": "env:COMPANY_URL", "table": table}
    return entry | ({"cursor": "updated_at"} if "updated_at" in columns else {"deletes": "compare"})
