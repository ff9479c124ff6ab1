"""What people see of erasures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.showing.columns import folded, whole

if TYPE_CHECKING:
    from orchestration.erasing.command import Erased
    from orchestration.erasing.finding import Found
    from orchestration.erasing.requests import Request


def show_found(console: Console, customers: Sequence[str], found: Found) -> None:
    """What would go."""
    joined = [customer for customer in found.ids if customer not in customers]
    if joined:
        console.print(
            f"By approved merges the same people, and so erased too: {', '.join(joined)}",
            markup=False,
            highlight=False,
        )
    table = Table("of", title="What is kept of them", title_justify="left")
    table.add_column("rows", justify="right")
    for name, rows in found.rows.items():
        table.add_row(f"landed {name}", f"{rows:,}")
    if found.emptied:
        table.add_row("others they referred: the referrer is emptied", f"{found.emptied:,}")
    if found.days:
        named = f"history, {len(found.days):,} days from {min(found.days)} to {max(found.days)}"
        table.add_row(named, f"{sum(found.days.values()):,}")
    console.print(table)
    if found.releases:
        console.print(
            f"The newest day is published again without them, and {len(found.releases)} releases "
            f"are removed: {', '.join(found.releases)}",
            highlight=False,
        )


def show_erased(console: Console, done: Erased) -> None:
    """How an erasure ended."""
    if done.request is None:
        console.print("Nobody is erased here.")
        return
    published = f"{done.day} is published again" if done.day else "nothing had to be published"
    console.print(
        f"Erasure {done.request.request_id} is done: {published}, {len(done.removed)} releases "
        "are removed. Backups that are older hold the people still.",
        highlight=False,
    )
    if done.strangers:
        console.print(
            f"Look into {', '.join(done.strangers)} in the folder of releases by hand: they are no "
            "whole releases, so nothing touches them.",
            highlight=False,
        )


def show_requests(console: Console, requests: Sequence[Request]) -> None:
    """The requests, the newest last."""
    if not requests:
        console.print("Nobody was erased.")
        return
    table = Table(whole("erasure"), *folded("by", "reason"), box=SIMPLE)
    for name in ("people", "rows", "days", "releases"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    for each in requests:
        state = f"done {each.finished_at:%Y-%m-%d %H:%M}" if each.finished_at else "to be resumed"
        lifted = f", {len(each.lifted)} let in again" if each.lifted else ""
        counts = len(each.people), sum(each.rows.values()), len(each.days), len(each.releases)
        cells = (f"{count:,}" for count in counts)
        table.add_row(each.request_id, Text(each.by), Text(each.reason), *cells, f"{state}{lifted}")
    console.print(table)
