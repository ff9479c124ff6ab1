"""What came in: loads, what of them may go, and what is in quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from orchestration.showing.columns import whole

if TYPE_CHECKING:
    from orchestration.compacting import Compactable
    from orchestration.landing import Load, RejectedLoad
    from orchestration.quarantine import Quarantined


def show_loads(console: Console, loads: Sequence[Load], rejected: Sequence[RejectedLoad]) -> None:
    """What landed, and below it what was refused, with the reason."""
    if not loads and not rejected:
        console.print("Nothing has landed yet. `tiers run` pulls what the source file names.")
        return
    table = Table(whole("load"), whole("table"), whole("pulled"), box=SIMPLE)
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


def _load_cells(load: Load) -> tuple[str, ...]:
    return load.load_id, load.table, f"{load.pulled_at:%Y-%m-%d}", f"{load.rows:,}"
