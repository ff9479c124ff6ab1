"""Small pieces of DuckDB SQL, quoted where a name or a text comes from outside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from orchestration.canonical import BLANKS


def quote_name(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str | Path | None) -> str:
    """A quoted text, such as a path; null for None."""
    return "null" if text is None else "'" + str(text).replace("'", "''") + "'"


def stripped(value: str) -> str:
    """SQL of a text as staging strips it; one whose ends are printable goes past the slow way."""
    ends = f"{value} between '!' and '~' and {value}[-1] between '!' and '~'"
    return f"case when {ends} then {value} else trim({value}, {quote_text(BLANKS)}) end"


def rows_of_parquet(files: Iterable[Path]) -> str:
    """The rows of files, by the columns they have: names of folders tell nothing."""
    listed = ", ".join(map(quote_text, files))
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
