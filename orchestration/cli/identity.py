"""`tiers identity`: who may be one customer."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer()
PANEL = "People"


@app.command(rich_help_panel=PANEL, epilog="Example: tiers identity --merged --limit 20")
def identity(
    merged: Annotated[
        bool, typer.Option("--merged", help="Also those that are one by now.")
    ] = False,
    ids: Annotated[
        bool, typer.Option("--ids", help="Ids also while there is a key for pseudonyms.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs at most.")] = 100,
) -> None:
    """List customers that share a phone, an e-mail or a registration code, by id alone.

    They stay two until a row of customer_merges says that they are one.
    """
    from orchestration.identity import find_candidates
    from orchestration.showing.identity import show_candidates

    settings = Settings.from_environment()
    show_candidates(console(), find_candidates(settings, limit=limit, merged=merged, ids=ids))
