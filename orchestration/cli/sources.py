"""`tiers sources …`: look at a source file before anything is pulled."""

from __future__ import annotations

import typer

from orchestration.cli.terminal import console
from orchestration.exits import WRONG_INPUT
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Look at what the source file says.")


@app.command(epilog="Example: tiers sources check")
def check() -> None:
    """Say what the source file finds, how it maps, and what is missing. Nothing lands."""
    from orchestration.sources.check import check_sources
    from orchestration.sources.source_file import load_source_file

    settings = Settings.from_environment()
    source = load_source_file(settings.sources)
    found = check_sources(source, policy_dir=settings.policy_dir)
    console().print(found)
    if not found.passed:
        raise typer.Exit(WRONG_INPUT)


@app.callback()
def sources() -> None:
    """Look at what the source file says."""
