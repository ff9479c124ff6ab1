"""Suites of a few expectations, for tests of the audit itself."""

from pathlib import Path
from typing import Any

import duckdb
import yaml

CANARY = "canary-7f3a"
COUNT = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 3}}


def query(sql: str, **kwargs: Any) -> dict[str, Any]:
    return {
        "type": "expect_few_unexpected_rows",
        "kwargs": {"unexpected_rows_query": sql, **kwargs},
    }


def where(condition: str, **kwargs: Any) -> dict[str, Any]:
    return {"type": "expect_few_rows_where", "kwargs": {"condition": condition, **kwargs}}


def write_suite(folder: Path, table: str, *expectations: dict[str, Any], **meta: Any) -> Path:
    """A suite whose expectations are named e0, e1, …; gives the folder of suites."""
    path = folder / "suites" / "staging" / f"{table}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    named = [
        {**one, "meta": {"name": f"e{place}", "what_to_do": "Look.", **meta}}
        for place, one in enumerate(expectations)
    ]
    document = {"description": "For a test.", "expectations": named}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder / "suites"


def make_database(path: Path) -> Path:
    """Two tables of one column: the numbers 0 to 99 as text, and one word."""
    with duckdb.connect(path) as new:
        new.execute("create schema staging")
        new.execute("create table staging.numbers as select range::varchar as v from range(100)")
        new.execute(f"create table staging.words as select '{CANARY}' as v")
    return path
