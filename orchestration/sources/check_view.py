"""`tiers sources check` on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.showing.columns import folded

if TYPE_CHECKING:
    from orchestration.sources.check import EntryCheck, SourcesCheck

SHOWN_FILES = 10


def render(check: SourcesCheck) -> Iterator[RenderableType]:
    """One table an entry, then what is missing and what stays empty for it."""
    day = f"as of {check.as_of}" if check.as_of else "as of yesterday"
    yield Text(f"{check.path}: {check.timezone}, {check.base_currency}, {day}")
    for entry in check.entries:
        yield from _entry(entry)
    yield from _missing(check)
    yield _gaps(check)
    broken = sum(entry.problem is not None for entry in check.entries)
    if broken:
        yield Text(f"{broken} of {len(check.entries)} entries cannot be pulled.", style="bold red")
    else:
        yield Text("Everything can be pulled.", style="bold green")


def _entry(entry: EntryCheck) -> Iterator[RenderableType]:
    title = entry.table if entry.name == entry.table else f"{entry.table}: {entry.name}"
    if entry.problem is not None:
        yield Text(f"\n{title} cannot be pulled\n{entry.problem}", style="red")
        return
    yield Text(f"\n{title}: {len(entry.files)} load(s), {entry.sampled:,} rows sampled", "bold")
    for origin, about in entry.files[:SHOWN_FILES]:
        yield Text(f"  {origin} ({about})")
    if len(entry.files) > SHOWN_FILES:
        yield Text(f"  … and {len(entry.files) - SHOWN_FILES} more")
    if entry.malformed:
        yield Text(f"  {entry.malformed:,} malformed: they cannot be split", style="yellow")
    table = Table(*folded("ours", "from", "type", "looks like", "values, masked"))
    for column in entry.columns:
        looks = Text(column.found)
        if column.misfits:
            looks.append(f" ({column.misfits:,} do not fit)", "yellow")
        samples = Text("  ".join(column.samples))
        table.add_row(column.name, Text(column.source), column.wanted, looks, samples)
    yield table
    if entry.extras:
        yield Text(f"  Kept and not used: {', '.join(entry.extras)}")


def _missing(check: SourcesCheck) -> Iterator[RenderableType]:
    yield Text("\nNot supplied", style="bold")
    for table, columns in check.missing.items():
        if columns:
            yield Text(f"  {table}: {', '.join(columns)}")
    if check.absent:
        yield Text(f"  whole tables: {', '.join(check.absent)}")


def _gaps(check: SourcesCheck) -> Text:
    gaps = check.gaps
    lines = [
        f"Facts that stay NULL: {', '.join(gaps.facts) or 'none'}",
        f"Schemes that classify nobody: {', '.join(gaps.empty_schemes) or 'none'}",
        *(
            f"Scheme {scheme} has to do without {', '.join(facts)}"
            for scheme, facts in gaps.poorer_schemes.items()
        ),
    ]
    return Text("\nSo\n" + "\n".join(f"  {line}" for line in lines) + "\n")
