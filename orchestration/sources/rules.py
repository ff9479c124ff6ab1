"""What an entry has to keep to, beyond its shape: our columns, and what each table needs."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import PurePosixPath

import duckdb

from orchestration.canonical import CanonicalTable
from orchestration.sources.crm.entry import crm_problems
from orchestration.sources.engine import ENGINE_ERRORS
from orchestration.sources.entries import CrmEntry, DatabaseEntry, Entry, FilesEntry
from orchestration.sources.errors import Problem
from orchestration.sources.sql import EPOCHS

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
COMPRESSED = (".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tgz")
SUFFIXES = (*TEXT_SUFFIXES, ".xlsx", ".parquet", ".jsonl")
# Ways to write text in ASCII, not encodings of files; some of them write what no text has.
WRAPPINGS = ("unicode-escape", "raw-unicode-escape", "utf-7", "punycode", "idna")


def entry_problems(table: CanonicalTable, entry: Entry) -> Iterator[Problem]:
    """Everything wrong with one entry that can be known without opening its files."""
    if isinstance(entry, FilesEntry):
        yield from _file_problems(entry)
    if isinstance(entry, DatabaseEntry) and entry.begin:
        yield from _begin_problems(entry)
    if isinstance(entry, CrmEntry):
        yield from crm_problems(table.name, entry)
    yield from _column_problems(table, entry)
    yield from _value_problems(table, entry)
    yield from _format_problems(table, entry)
    if entry.columns:
        missing = missing_columns(table, {*entry.columns, *entry.constants})
        if missing:
            yield Problem(
                ("columns",),
                f"{table.name} needs {missing}, which nothing here supplies",
                "Map them under columns, or give them under constants.",
            )


def missing_columns(table: CanonicalTable, supplied: set[str]) -> str:
    """The required columns that are not supplied, as text for a message; empty when all are."""
    missing = [name for name in table.required if name not in supplied]
    missing += [" or ".join(names) for names in table.either if not supplied & set(names)]
    return ", ".join(missing)


def _file_problems(entry: FilesEntry) -> Iterator[Problem]:
    places: list[tuple[tuple[str, ...], str]] = []
    if entry.path is not None:
        places.append((("path",), entry.path))
    places += [(("files", name), path) for name, path in entry.files.items()]
    suffixes = {PurePosixPath(path).suffix.lower() for _, path in places}
    for place, path in places:
        suffix = PurePosixPath(path).suffix.lower()
        if suffix in COMPRESSED:
            yield Problem(
                place, f"{path!r} is compressed", "Unpack it first, and name what is in it."
            )
        elif suffix not in SUFFIXES:
            yield Problem(
                place,
                f"{path!r} has no suffix that says its format",
                f"There is a reader for {', '.join(SUFFIXES)}.",
            )
    for option, readers in (
        ("encoding", (*TEXT_SUFFIXES, ".jsonl")),
        ("delimiter", TEXT_SUFFIXES),
        ("sheet", (".xlsx",)),
    ):
        if getattr(entry, option) is not None and not suffixes & set(readers):
            yield Problem((option,), f"is only for {', '.join(readers)}", None)
    if entry.encoding is not None and not _is_text_codec(entry.encoding):
        yield Problem(
            ("encoding",),
            f"{entry.encoding!r} is not an encoding",
            "Usual ones are utf-8, gb18030, big5, utf-16, cp1252, latin-1.",
        )


def _begin_problems(entry: DatabaseEntry) -> Iterator[Problem]:
    if entry.cursor is None:
        yield Problem(("begin",), "needs a cursor, which tells what lies before it", None)
    if entry.deletes:
        # All keys are compared, and one before it would be taken for a new one that was overlooked.
        expected = "Leave older rows out by a query, and say no begin."
        yield Problem(("begin",), "cannot stand beside deletes: compare", expected)


def _is_text_codec(name: str) -> bool:
    try:
        codec = codecs.lookup(name)
        is_text = isinstance("".encode(name), bytes) and codec.incrementaldecoder is not None
        return is_text and codec.name not in WRAPPINGS
    except (LookupError, ValueError, TypeError):
        return False


def _column_problems(table: CanonicalTable, entry: Entry) -> Iterator[Problem]:
    known = list(table.columns)
    for part in ("columns", "values", "constants", "formats"):
        for name in getattr(entry, part):
            if name not in table.columns:
                close = get_close_matches(name, known, n=1)
                hint = f"Did you mean {close[0]}? " if close else ""
                yield Problem(
                    (part, name),
                    f"{table.name} has no column {name!r}",
                    f"{hint}It has: {', '.join(known)}.",
                )
            elif part == "constants" and name in entry.columns:
                yield Problem((part, name), "is given by columns and by constants", "Keep one.")
            elif part in ("values", "formats") and entry.columns and name not in entry.columns:
                yield Problem((part, name), "is for a column that columns does not map", None)


def _value_problems(table: CanonicalTable, entry: Entry) -> Iterator[Problem]:
    given: list[tuple[tuple[str, ...], str, str]] = [
        (("constants", name), name, value) for name, value in entry.constants.items()
    ]
    given += [
        (("values", name, source), name, value or "")
        for name, values in entry.values.items()
        for source, value in values.items()
    ]
    for place, name, value in given:
        allowed = table.columns[name].values if name in table.columns else ()
        if allowed and value and value not in allowed:
            yield Problem(
                place, f"{value!r} is not a value of {name}", f"There is: {', '.join(allowed)}."
            )
    for name, values in entry.values.items():
        keys = [key.strip().lower() for key in values]
        for source in values:
            if keys.count(source.strip().lower()) > 1:
                yield Problem(
                    ("values", name, source),
                    "stands twice: source values are compared trimmed and in lower case",
                    None,
                )


def _format_problems(table: CanonicalTable, entry: Entry) -> Iterator[Problem]:
    for name, pattern in entry.formats.items():
        column = table.columns.get(name)
        if column and column.data_type not in ("date", "timestamp"):
            yield Problem(("formats", name), f"{name} is {column.data_type}, not a date", None)
        if pattern not in EPOCHS and not _is_date_format(pattern):
            yield Problem(
                ("formats", name),
                f"{pattern!r} is not a date format",
                f"Write it like %Y/%m/%d %H:%M:%S, or {' or '.join(EPOCHS)}.",
            )


def _is_date_format(pattern: str) -> bool:
    with duckdb.connect() as engine:
        try:
            engine.execute("select try_strptime('', ?)", [pattern])
        except ENGINE_ERRORS:
            return False
    return True
