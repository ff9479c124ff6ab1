"""What is kept no longer: erase, erasures."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer()
PANEL = "People"


@app.command(
    rich_help_panel=PANEL,
    epilog="Example: tiers erase 1042 --by 'Li Na' --reason 'asked by letter'",
)
def erase(
    customers: Annotated[
        list[str] | None, typer.Argument(metavar="CUSTOMER...", help="The customer_ids.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why; it is kept, so do not name the person in it.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who answers for it; it is kept.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what was cut off or came back.")
    ] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Let these customers in again from now on.")
    ] = False,
) -> None:
    """Erase customers out of landing, history, warehouse and every release, for good.

    Whoever an approved merge joins with them is the same person and goes too. No later pull lets
    them in again: TIERS_HOME/erasures keeps hashes of their ids. The newest day is published again
    without them, and all older releases are removed, whatever their number and grace.

    After a backup was put back, `tiers erase --resume` takes out what came back with it; keep
    TIERS_HOME/erasures as it is then, or the newer of the two.
    """
    settings = Settings.from_environment()
    if resume and not (customers or lift):
        _resume(settings)
    elif customers and lift and by and not resume:
        _lift(settings, customers, by)
    elif customers and reason and by and not (resume or lift):
        _erase(settings, customers, reason, by, yes)
    else:
        raise typer.BadParameter(
            "Give CUSTOMER with --reason and --by, or CUSTOMER with --lift and --by, or --resume."
        )


@app.command(rich_help_panel=PANEL, epilog="Example: tiers erasures")
def erasures() -> None:
    """List the requests to erase somebody: when, by whom and why. No person is named."""
    from orchestration.erasing.requests import FOLDER, requests
    from orchestration.showing.erasures import show_requests

    show_requests(console(), requests(Settings.from_environment().home / FOLDER))


def _erase(settings: Settings, customers: list[str], reason: str, by: str, yes: bool) -> None:
    from orchestration.erasing.command import erase as erase_people
    from orchestration.erasing.command import look_for
    from orchestration.progress import terminal_progress
    from orchestration.showing.erasures import show_erased, show_found

    if not yes:
        show_found(console(), customers, look_for(settings, customers))
        typer.confirm("Erase all of it? It cannot be undone", abort=True)
    with terminal_progress() as progress:
        done = erase_people(settings, customers, by=by, reason=reason, progress=progress)
    show_erased(console(), done)


def _resume(settings: Settings) -> None:
    from orchestration.erasing.command import resume as resume_erasing
    from orchestration.progress import terminal_progress
    from orchestration.showing.erasures import show_erased

    with terminal_progress() as progress:
        done = resume_erasing(settings, progress)
    show_erased(console(), done)


def _lift(settings: Settings, customers: list[str], by: str) -> None:
    from orchestration.erasing.requests import FOLDER, lift
    from orchestration.store import working_in

    with working_in(settings, "tiers erase --lift"):
        lifted = sum(lift(settings.home / FOLDER, customer, by) for customer in customers)
    told = "They land again with the next pull that tells them." if lifted else "No one was erased."
    console().print(told)
