"""What readers see: classes, explain, status, releases, rollback."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer()
PANEL = "What readers see"


@app.command(
    rich_help_panel=PANEL, epilog="Example: tiers explain 1042 --scheme membership --lang zh"
)
def explain(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer_id.")],
    scheme: Annotated[
        str | None, typer.Option(help="Only this scheme.", show_default=False)
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="The language.")] = "en",
) -> None:
    """Say why a customer is in its classes, what the next ones take and what would lose these."""
    from orchestration.explaining import explain_customer
    from orchestration.showing.reasons import show_explanations

    settings = Settings.from_environment()
    day, found = explain_customer(settings, customer, scheme=scheme, language=lang)
    show_explanations(console(), customer, day, found, lang)


@app.command(rich_help_panel=PANEL, epilog="Example: tiers classes pyramid membership")
def classes(
    schemes: Annotated[
        list[str] | None, typer.Argument(metavar="[SCHEME]...", help="Default: all of them.")
    ] = None,
) -> None:
    """Show how many customers are in each class of what readers see."""
    from orchestration.publishing import release_with
    from orchestration.showing.classes import show_classes

    release = release_with(Settings.from_environment().releases, "scheme_distribution")
    show_classes(console(), release, schemes or [])


@app.command(rich_help_panel=PANEL, epilog="Example: tiers status || echo 'readers are behind'")
def status() -> None:
    """Say whether readers have the day that they should have by now; exit code 1 when not.

    Where PostgreSQL shows releases too, also whether it shows the one that the files do.
    """
    from orchestration.freshness import freshness
    from orchestration.mirroring import mirror_state
    from orchestration.sources.source_file import load_source_file

    settings = Settings.from_environment()
    found = freshness(settings, load_source_file(settings.sources))
    console().print(str(found), highlight=False, soft_wrap=True)
    mirrored = mirror_state(settings)
    if mirrored:
        console().print(str(mirrored), highlight=False, soft_wrap=True)
    raise typer.Exit(code=found.is_late or bool(mirrored and mirrored.is_behind))


@app.command(rich_help_panel=PANEL, epilog="Example: tiers releases")
def releases() -> None:
    """List the kept releases and which one readers see."""
    from orchestration.publishing import list_releases
    from orchestration.showing.releases import show_releases

    show_releases(console(), list_releases(Settings.from_environment().releases))


@app.command(rich_help_panel=PANEL, epilog="Example: tiers rollback 2026-03-01T000007-1b682926")
def rollback(
    release_id: Annotated[str, typer.Argument(metavar="ID", help="As `tiers releases` lists it.")],
) -> None:
    """Let readers see a kept release again, until the next run publishes."""
    from orchestration.erasing.releases import refuse_old
    from orchestration.mirroring import mirror_current
    from orchestration.publishing import rollback as roll_back
    from orchestration.store import working_in

    settings = Settings.from_environment()
    with working_in(settings, f"tiers rollback {release_id}") as store:
        refuse_old(settings, release_id)
        release = roll_back(settings.releases, release_id, store.keep)
        shown = mirror_current(settings, lambda text: None)
    console().print(f"Readers see {release.id} (day {release.as_of}).", highlight=False)
    if shown:
        console().print(shown, highlight=False, soft_wrap=True)
