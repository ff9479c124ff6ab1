"""What came in: loads, reject, compact, quarantine."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer()
PANEL = "What came in"


@app.command(rich_help_panel=PANEL, epilog="Example: tiers loads")
def loads() -> None:
    """List what landed, load by load, and what was rejected and why."""
    from orchestration.landing import committed_loads, rejected_loads
    from orchestration.showing.landed import show_loads

    landing = Settings.from_environment().landing
    show_loads(console(), committed_loads(landing), rejected_loads(landing))


@app.command(
    rich_help_panel=PANEL,
    epilog="Example: tiers reject 000012-orders-84b97b97 --reason 'half a file'",
)
def reject(
    load_id: Annotated[str, typer.Argument(metavar="LOAD", help="As `tiers loads` lists it.")],
    reason: Annotated[str, typer.Option(help="Why; `tiers loads` will show it.")],
    although_compacted: Annotated[
        bool,
        typer.Option(
            "--although-compacted", help="Even if older versions of its rows are gone for good."
        ),
    ] = False,
) -> None:
    """Take a load back. Its rows no longer count from the next run on."""
    from orchestration.landing import reject as reject_load
    from orchestration.store import working_in

    settings = Settings.from_environment()
    with working_in(settings, f"tiers reject {load_id}"):
        rejected = reject_load(
            settings.landing, load_id, reason, although_compacted=although_compacted
        )
    console().print(f"{rejected.load_id} is rejected. `tiers run` publishes without it.")


@app.command(rich_help_panel=PANEL, epilog="Example: tiers compact --older-than 400 --dry-run")
def compact(
    older_than: Annotated[
        int, typer.Option(min=0, metavar="DAYS", help="Loads that were pulled longer ago.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take rows that decide nothing any more out of old loads. What is published stays the same.

    These are superseded versions and duplicates, of which the row that stands in their place is in
    an old load too. Receipts stay, with the number of rows that came. A load in whose favour rows
    went cannot be rejected any more without losing their keys.
    """
    from orchestration.compacting import compact as compact_loads
    from orchestration.compacting import find_compactable
    from orchestration.showing.landed import show_compactable

    settings = Settings.from_environment()
    found = find_compactable(settings, older_than)
    show_compactable(console(), found)
    if dry_run or not found:
        return
    if not yes:
        typer.confirm("Take these rows out? They do not come back", abort=True)
    loads = compact_loads(settings, older_than)
    console().print(f"{len(loads):,} loads are compacted. `tiers run` publishes the same.")


@app.command(rich_help_panel=PANEL, epilog="Example: tiers quarantine --table orders --rows")
def quarantine(
    table: Annotated[str | None, typer.Option(help="Only this table.", show_default=False)] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Show the rows: personal data!")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many rows at most.")] = 20,
) -> None:
    """Count the rows in quarantine by reason; with --rows, show them as they landed."""
    from orchestration.canonical import TABLES
    from orchestration.quarantine import count_quarantine, quarantined_rows
    from orchestration.showing.landed import show_quarantine, show_quarantined

    if table not in (None, *TABLES):
        raise typer.BadParameter(f"there is no table {table!r}; there is: {', '.join(TABLES)}.")
    settings = Settings.from_environment()
    show_quarantine(console(), count_quarantine(settings, table))
    if rows:
        show_quarantined(console(), quarantined_rows(settings, table, limit))
