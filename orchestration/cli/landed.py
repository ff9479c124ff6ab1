"""What came in: loads, reject, quarantine."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer()


@app.command()
def loads() -> None:
    """List what landed, load by load, and what was rejected and why."""
    from orchestration.landing import committed_loads, rejected_loads
    from orchestration.showing import show_loads

    landing = Settings.from_environment().landing
    show_loads(console(), committed_loads(landing), rejected_loads(landing))


@app.command()
def reject(
    load_id: Annotated[str, typer.Argument(metavar="LOAD", help="As `tiers loads` lists it.")],
    reason: Annotated[str, typer.Option(help="Why; `tiers loads` will show it.")],
) -> None:
    """Take a load back. Its rows no longer count from the next run on."""
    from orchestration.landing import reject as reject_load
    from orchestration.run_lock import run_lock

    settings = Settings.from_environment()
    with run_lock(settings.home, f"tiers reject {load_id}"):
        rejected = reject_load(settings.landing, load_id, reason)
    console().print(f"{rejected.load_id} is rejected. `tiers run` publishes without it.")


@app.command()
def quarantine(
    table: Annotated[str | None, typer.Option(help="Only this table.", show_default=False)] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Show the rows: personal data!")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many rows at most.")] = 20,
) -> None:
    """Count the rows that the last run put in quarantine, by reason; with --rows, show them."""
    from orchestration.quarantine import count_quarantine, quarantined_rows
    from orchestration.showing import show_quarantine, show_quarantined

    settings = Settings.from_environment()
    show_quarantine(console(), count_quarantine(settings, table))
    if rows:
        show_quarantined(console(), quarantined_rows(settings, table, limit))
