"""Tables for people: what the `tiers` commands print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from orchestration.compacting import Compactable
    from orchestration.drift import Drift
    from orchestration.landing import Load, RejectedLoad
    from orchestration.positions import Position
    from orchestration.preview import Preview
    from orchestration.publishing import Release
    from orchestration.quarantine import Quarantined


def show_preview(console: Console, found: Preview) -> None:
    """Who goes from where to where, whose money moves most, and what would be empty or refused."""
    table = Table("scheme", "from", "to", title=f"Moves on {found.day}", title_justify="left")
    table.add_column("customers", justify="right")
    table.add_column("net amount 365d", justify="right")
    for moved in found.moved:
        amount = f"{moved.net_amount_365d:,.2f}"
        table.add_row(
            moved.scheme,
            *_classes(moved.from_class, moved.to_class),
            f"{moved.customers:,}",
            amount,
        )
    console.print(table if found.moved else "Nobody would change class.")
    if found.top_movers:
        top = Table("customer", "scheme", "from", "to", title="The greatest of them")
        top.add_column("net amount 365d", justify="right")
        for mover in found.top_movers:
            amount = f"{mover.net_amount_365d:,.2f}"
            classes = _classes(mover.from_class, mover.to_class)
            top.add_row(mover.customer_id, mover.scheme, *classes, amount)
        console.print(top)
    for told, schemes in (("New schemes", found.added), ("Schemes that go", found.removed)):
        if schemes:
            console.print(f"{told}: {', '.join(schemes)}", highlight=False)
    if found.empty:
        empty = ", ".join(f"{scheme} {code}" for scheme, code in found.empty)
        console.print(f"Nobody would be in: {empty}", highlight=False)
    for refusal in found.refusals:
        console.print(f"Gate 2 would refuse {refusal}", highlight=False, markup=False)
    console.print(f"To look closer: {found.warehouse}", highlight=False, soft_wrap=True)


def show_drift(console: Console, found: Drift) -> None:
    """How far each ranked metric has moved, what its bounds would be anew, and who would move."""
    table = Table(
        "scheme", "ranked", "cuts of", title=f"Drift on {found.day}", title_justify="left"
    )
    table.add_column("stability index", justify="right")
    for metric in found.metrics:
        index = "–" if metric.index is None else f"{metric.index:.3f}"
        table.add_row(metric.scheme, metric.dimension, f"{metric.computed_on}", index)
    console.print(table)
    if found.preview is None:
        console.print(
            "No scheme has left its cuts. Name one to see what new cuts would change all the same."
        )
        return
    bounds = Table("scheme", "ranked", "band", title="Its bounds, as they are and anew")
    for title in ("kept", "anew"):
        bounds.add_column(title, justify="right")
    for bound in found.bounds:
        kept, anew = (
            f"{each:,f}" if each is not None else "–" for each in (bound.kept, bound.anew)
        )
        bounds.add_row(bound.scheme, bound.dimension, bound.band, kept, anew)
    console.print(bounds)
    show_preview(console, found.preview)
    schemes = " ".join(sorted({bound.scheme for bound in found.bounds}))
    console.print(f"To do it: tiers calibrate --reason '…' {schemes}", highlight=False)


def _classes(*codes: str | None) -> tuple[str, ...]:
    return tuple(code or "–" for code in codes)


def show_releases(console: Console, releases: Sequence[Release]) -> None:
    """The kept releases, the newest last."""
    if not releases:
        console.print("No release yet. `tiers run` publishes one.")
        return
    table = Table(_whole("release"), _whole("built (UTC)"), _whole(""), box=SIMPLE)
    table.add_column("customers", justify="right", no_wrap=True)
    for release in releases:
        table.add_row(
            release.id,
            f"{release.created_at:%Y-%m-%d %H:%M}",
            "current" if release.is_current else "",
            f"{release.rows.get('customer_facts', 0):,}",
        )
    console.print(table)


def show_loads(console: Console, loads: Sequence[Load], rejected: Sequence[RejectedLoad]) -> None:
    """What landed, and below it what was refused, with the reason."""
    if not loads and not rejected:
        console.print("Nothing has landed yet. `tiers run` pulls what the source file names.")
        return
    table = Table(_whole("load"), _whole("table"), _whole("pulled"), box=SIMPLE)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    for load in loads:
        state = f"superseded by {load.superseded_by}" if load.superseded_by else "in use"
        gone = ((load.erased_rows, "erased"), (load.compacted_rows, "compacted"))
        counted = [f"{rows:,} rows {what}" for rows, what in gone if rows]
        table.add_row(*_load_cells(load), "; ".join([state, *counted, *load.notes]))
    for refused in rejected:
        table.add_row(*_load_cells(refused.load), f"rejected by a {refused.by}: {refused.reason}")
    console.print(table)


def show_compactable(console: Console, found: Sequence[Compactable]) -> None:
    """How many rows of how many loads of each table may go."""
    if not found:
        console.print("No row of an old load may go: each decides something still.")
        return
    table = Table("table")
    for name in ("loads", "their rows", "rows that may go"):
        table.add_column(name, justify="right")
    for name, group in groupby(found, key=lambda each: each.load.table):
        each = list(group)
        kept, going = (sum(one.load.kept_rows for one in each), sum(len(one.rows) for one in each))
        table.add_row(name, f"{len(each):,}", f"{kept:,}", f"{going:,}")
    console.print(table)


def _whole(name: str) -> Column:
    """A column of what a person copies into the next command: never cut short."""
    return Column(name, no_wrap=True)


def _load_cells(load: Load) -> tuple[str, ...]:
    return load.load_id, load.table, f"{load.pulled_at:%Y-%m-%d}", f"{load.rows:,}"


def show_quarantine(console: Console, counted: Sequence[tuple[str, str, str | None, int]]) -> None:
    """How many rows of each table are in quarantine, and why. No values: they may be personal."""
    if not counted:
        console.print("No row is in quarantine.")
        return
    table = Table("table", "reason", "column")
    table.add_column("rows", justify="right")
    for name, reason, column, rows in counted:
        table.add_row(name, reason, column or "", f"{rows:,}")
    console.print(table)


def show_quarantined(console: Console, rows: Iterable[Quarantined]) -> None:
    """Each row as it landed. Its values may be personal data."""
    for row in rows:
        place = f"{row.table}, load {row.load_id}, row {row.row}"
        why = f"{row.reason}{f' of {row.column}' if row.column else ''}"
        console.print(f"{place}: {why}", style="bold", markup=False, highlight=False)
        fields = {name: value for name, value in row.landed.items() if value is not None}
        for name, value in fields.items():
            console.print(f"  {name} = {value}", markup=False, highlight=False)


def show_positions(console: Console, positions: Sequence[Position]) -> None:
    """Positions by category, each with the classes that it owns."""
    if not positions:
        console.print("No position matches. `tiers positions` lists them all.")
        return
    for code, group in groupby(positions, key=lambda position: position.category_code):
        members = list(group)
        title = f"{code}: {members[0].category_en} {members[0].category_zh}"
        console.print(title, style="bold", markup=False, highlight=False)
        for one in members:
            line = f"  {one.code}: {one.title_en} {one.title_zh}"
            console.print(line, markup=False, highlight=False)
            if one.classes:
                console.print(Padding(Text(one.classes, style="dim"), (0, 0, 0, 6)))
