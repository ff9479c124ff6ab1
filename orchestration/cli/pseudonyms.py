"""`tiers pseudonym`: ids of customers and what readers see in place of them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from orchestration.settings import Settings

app = typer.Typer()
PANEL = "People"


@app.command(rich_help_panel=PANEL, epilog="Example: tiers pseudonym 1042")
def pseudonym(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CUSTOMER]...", help="Ids as the source has.")
    ] = None,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Pseudonyms are given, ids are printed.")
    ] = False,
    everybody: Annotated[
        bool, typer.Option("--all", help="Old and new pseudonym of everybody, as CSV.")
    ] = False,
    old_key_from: Annotated[
        str | None,
        typer.Option(metavar="env:NAME", help="The variable with the key before, for --all."),
    ] = None,
) -> None:
    """Print the pseudonyms of customers under TIERS_PSEUDONYM_KEY, or who is behind them."""
    from orchestration.pseudonyms import customers_behind, pseudonyms_of, translated
    from orchestration.spreadsheets import write_csv

    settings = Settings.from_environment()
    if everybody != bool(old_key_from) or everybody == bool(names) or (everybody and reverse):
        raise typer.BadParameter("Give CUSTOMERs, or --all with --old-key-from env:NAME.")
    if old_key_from:
        rows = translated(settings, old_key_from.removeprefix("env:"))
        write_csv(sys.stdout, ("old", "new"), rows)
    elif reverse:
        behind = customers_behind(settings, names or [])
        print("\n".join("" if customer is None else customer for customer in behind))
        if None in behind:
            print("An empty line: the warehouse knows nobody behind it.", file=sys.stderr)
            raise typer.Exit(1)
    else:
        print("\n".join(pseudonyms_of(settings, names or [])))
