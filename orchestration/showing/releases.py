"""The kept releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from orchestration.showing.columns import whole

if TYPE_CHECKING:
    from orchestration.publishing import Release


def show_releases(console: Console, releases: Sequence[Release]) -> None:
    """The kept releases, the newest last."""
    if not releases:
        console.print("No release yet. `tiers run` publishes one.")
        return
    table = Table(whole("release"), whole("built (UTC)"), whole(""), box=SIMPLE)
    table.add_column("customers", justify="right", no_wrap=True)
    for release in releases:
        table.add_row(
            release.id,
            f"{release.created_at:%Y-%m-%d %H:%M}",
            "current" if release.is_current else "",
            f"{release.rows.get('customer_facts', 0):,}",
        )
    console.print(table)
