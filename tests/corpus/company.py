"""A company whose exports are the cases of the corpus."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from cases import Case

from orchestration.settings import Settings

RATES = "currency,rate_date,rate_to_base\nGBP,2024-05-07,1.17\n"
ORDERS = "order_id,customer_id,ordered_at,amount\nbase,base,2024-05-01,1.00\n"


def label(number: int, case: Case) -> str:
    """What pytest calls a case: plain letters, since it escapes others anew in each test."""
    return f"{number} " + re.sub(r"[^ -\[\]-~]", "?", case.given)[:60]


def name_of(number: int, entry: int = 0) -> str:
    """The name of an entry of a case."""
    return f"case_{number}" + (f"_{entry}" if entry else "")


def write_case(folder: Path, number: int, case: Case) -> list[dict[str, object]]:
    """Write the files of a case into a folder of its own; returns its entries."""
    own = folder / name_of(number)
    own.mkdir(parents=True)
    for name, content in case.files.items():
        (own / name).write_bytes(content)
    suffix = Path(next(iter(case.files), "o.csv")).suffix
    return [
        {
            "name": name_of(number, position),
            "from": "files",
            **entry,
            "path": f"{own.name}/{entry.get('path', f'*{suffix}')}",
        }
        for position, entry in enumerate(case.entries)
    ]


def write_source(path: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    """A source file with these entries."""
    described = {"timezone": "Europe/Berlin", "base_currency": "EUR", "tables": tables}
    path.write_text(yaml.safe_dump(described, allow_unicode=True), "utf-8")


def write_company(settings: Settings, cases: Sequence[tuple[int, Case]]) -> None:
    """All these cases as one source file, with an order and an exchange rate beside them."""
    folder = settings.sources.parent
    folder.mkdir(parents=True, exist_ok=True)
    base = {"orders": ORDERS, "exchange_rates": RATES}
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, text in base.items():
        (folder / f"{table}.csv").write_text(text)
        tables[table] = [{"name": "base", "from": "files", "path": f"{table}.csv"}]
    for number, case in cases:
        tables.setdefault(case.table, []).extend(write_case(folder, number, case))
    write_source(settings.sources, tables)
