"""Where two tables differ, cell by cell, in words."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .rows import rows_of

DIGITS = 10**15


def read_relation(database: Path, relation: str) -> pd.DataFrame:
    """A relation of a DuckDB file, opened read-only, with Python's own exact values."""
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(f"select * from {relation}")
        columns = [column[0] for column in cursor.description or []]
        return pd.DataFrame(cursor.fetchall(), columns=columns, dtype=object)


def compare(expected: pd.DataFrame, actual: pd.DataFrame, key: str = "customer_id") -> list[str]:
    """Every difference, one line each: the customer, the column and both values.

    Numbers are compared by value whatever their scale, in their first fifteen digits, which are as
    many as a quotient of doubles has and more than any sum here; nothing is ever equal to a missing
    value but another missing value. Order of rows and columns does not matter.
    """
    if repeated := sorted(actual[key][actual[key].duplicated()].astype(str).unique()):
        return [f"{key} {value}: more than one row" for value in repeated]
    problems = [
        *(f"column {name}: missing" for name in _only(expected.columns, actual.columns)),
        *(f"column {name}: unexpected" for name in _only(actual.columns, expected.columns)),
    ]
    wanted, found = _by_key(expected, key), _by_key(actual, key)
    problems += [f"{key} {value}: missing" for value in _only(wanted, found)]
    problems += [f"{key} {value}: unexpected" for value in _only(found, wanted)]
    shared = [name for name in expected.columns if name in set(actual.columns)]
    for customer in sorted(wanted.keys() & found.keys()):
        for column in shared:
            left, right = wanted[customer][column], found[customer][column]
            if not _same(left, right):
                problems.append(f"{key} {customer}, {column}: expected {left!r}, found {right!r}")
    return problems


def _only(these: Iterable[Any], not_those: Iterable[Any]) -> list[Any]:
    return sorted(set(these) - set(not_those))


def _by_key(frame: pd.DataFrame, key: str) -> dict[Any, dict[str, Any]]:
    return {
        row[key]: {column: _plain(value) for column, value in row.items()} for row in rows_of(frame)
    }


def _plain(value: object) -> object:
    """A missing value of any kind as None, a numpy or pandas scalar as Python's own."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and plain != plain else plain


def _same(left: object, right: object) -> bool:
    numbers = (int, Decimal)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, numbers) and isinstance(right, numbers):
        one, other = Decimal(left), Decimal(right)
        return abs(one - other) * DIGITS <= max(abs(one), abs(other))
    return type(left) is type(right) and bool(left == right)
