"""`tiers positions`: who owns which class."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer(invoke_without_command=True)

Category = Annotated[
    str | None,
    typer.Option(metavar="CODE", show_default=False, help="Only positions of this category."),
]


@app.callback(epilog="Example: tiers positions --category sales")
def positions(context: typer.Context, category: Category = None) -> None:
    """List the positions by category, with the classes that each owns."""
    context.obj = category
    if context.invoked_subcommand is None:
        _show("", category)


@app.command(epilog="Example: tiers positions search 大客户")
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="In any case, in any language.")],
    category: Category = None,
) -> None:
    """Find positions by code, title, category, or a class that they own."""
    _show(text, category or context.obj)


def _show(text: str, category: str | None) -> None:
    from orchestration.positions import find_positions
    from orchestration.showing.positions import show_positions

    settings = Settings.from_environment()
    show_positions(console(), find_positions(settings, text, category=category))
