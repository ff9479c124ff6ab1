"""`tiers sources check`: what a source file finds, how it maps, and what it leaves empty."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderResult

from orchestration.canonical import CanonicalTable, canonical_tables
from orchestration.settings import DBT_PROJECT
from orchestration.sources.engine import Resources
from orchestration.sources.entries import AnyEntry, FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.files import find
from orchestration.sources.gaps import Gaps, find_gaps
from orchestration.sources.reading import Reading, open_all
from orchestration.sources.remote import question
from orchestration.sources.samples import fits, guess_type, masked
from orchestration.sources.source_file import SourceFile

SAMPLED_ROWS = 1_000
SHOWN_SAMPLES = 3


@dataclass(frozen=True)
class ColumnCheck:
    """How one canonical column is supplied, judged by the sampled rows.

    Attributes:
        source: the source column, or the constant in quotes.
        wanted: its canonical data_type. found: the type that the samples look like.
        misfits: how many sampled values will not become the wanted type or an allowed value.
        samples: a few values as they would land, letters and digits masked.
    """

    name: str
    source: str
    wanted: str
    found: str
    misfits: int
    samples: tuple[str, ...]


@dataclass(frozen=True)
class EntryCheck:
    """What one entry offers.

    Attributes:
        files: origin and what was found, one for each load it would make.
        sampled: how many rows of the first load were looked at; malformed: how many of them are.
        extras: source columns that are kept and not used.
        problem: why it cannot be pulled; None when it can.
    """

    table: str
    name: str
    files: tuple[tuple[str, str], ...] = ()
    sampled: int = 0
    malformed: int = 0
    columns: tuple[ColumnCheck, ...] = ()
    extras: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class SourcesCheck:
    """Everything that `tiers sources check` says; printing it with rich shows it as tables.

    Attributes:
        missing: per canonical table that is supplied, the optional columns that no entry maps.
        absent: the canonical tables that no entry supplies.
        gaps: the facts and schemes that this leaves empty.
    """

    path: Path
    timezone: str
    base_currency: str
    as_of: date | None
    entries: tuple[EntryCheck, ...]
    missing: dict[str, tuple[str, ...]]
    absent: tuple[str, ...]
    gaps: Gaps

    @property
    def passed(self) -> bool:
        """Whether every entry can be pulled."""
        return all(entry.problem is None for entry in self.entries)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As tables."""
        from orchestration.sources.check_view import render

        yield from render(self)


def check_sources(source: SourceFile, *, policy_dir: Path = DBT_PROJECT / "policy") -> SourcesCheck:
    """Open everything that a source file names, look at some rows, and land nothing."""
    entries = tuple(
        _check_entry(source, table, entry)
        for table, listed in source.tables.items()
        for entry in listed
    )
    supplied = {entry.table: set[str]() for entry in entries}
    for entry in entries:
        supplied[entry.table] |= {column.name for column in entry.columns}
    tables = canonical_tables()
    names = {*supplied, *(f"{table}.{name}" for table in supplied for name in supplied[table])}
    return SourcesCheck(
        path=source.path,
        timezone=source.timezone,
        base_currency=source.base_currency,
        as_of=source.as_of,
        entries=entries,
        missing={
            table: tuple(name for name in tables[table].columns if name not in columns)
            for table, columns in supplied.items()
        },
        absent=tuple(table for table in tables if table not in supplied),
        gaps=find_gaps(names, policy_dir),
    )


def _check_entry(source: SourceFile, table: str, entry: AnyEntry) -> EntryCheck:
    try:
        if isinstance(entry, FilesEntry):
            readings = open_all(list(find(source, table, entry)))
        else:
            readings = open_all([question(source, table, entry)])
        files = tuple((reading.found.origin, "; ".join(reading.rows.about)) for reading in readings)
        with tempfile.TemporaryDirectory(prefix="tiers-check-") as scratch:
            rows = readings[0].sample(SAMPLED_ROWS, Resources(Path(scratch)))
    except SourceError as error:
        return EntryCheck(table, entry.name, problem=str(error))
    return EntryCheck(
        table=table,
        name=entry.name,
        files=files,
        sampled=len(rows),
        malformed=sum(row[1] is not None for row in rows),
        columns=tuple(_columns(canonical_tables()[table], readings[0], rows)),
        extras=tuple(readings[0].plan.extras.values()),
    )


def _columns(
    table: CanonicalTable, reading: Reading, rows: list[tuple[str | None, ...]]
) -> Iterator[ColumnCheck]:
    plan = reading.plan
    for position, name in enumerate(plan.expressions, start=2):
        if name in plan.extras:
            continue
        column = table.columns[name]
        values = [row[position] for row in rows if row[position] is not None]
        texts = [str(value) for value in values]
        yield ColumnCheck(
            name=name,
            source=plan.sources.get(name) or f'"{plan.constants[name]}"',
            wanted=column.data_type,
            found=guess_type(texts),
            misfits=sum(not fits(text, column) for text in texts),
            samples=tuple(dict.fromkeys(map(masked, texts)))[:SHOWN_SAMPLES],
        )
