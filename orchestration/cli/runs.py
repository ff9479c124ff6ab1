"""What decides days, and what judges how: run, preview, calibrate, evaluate …"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.cli.terminal import console
from orchestration.settings import Settings

app = typer.Typer()
PANEL = "Run days and decide them"


@app.command(rich_help_panel=PANEL, epilog="Example: tiers run --as-of 2026-03-01")
def run(
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            show_default=False,
            help="The business day. Default: `as_of` of the source file, or yesterday.",
        ),
    ] = None,
) -> None:
    """Run the daily job for one business day: pull, build, classify, audit, publish."""
    from orchestration.progress import terminal_progress
    from orchestration.running import run_day
    from orchestration.showing.classes import show_end

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        done = run_day(settings, day_of(as_of), progress)
    show_end(console(), done.release, settings.served_database, done.seconds)


@app.command(rich_help_panel=PANEL, epilog="Example: tiers backfill --from 2026-03-01")
def backfill(
    first: Annotated[
        datetime,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The first day that is decided again.",
        ),
    ],
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            show_default=False,
            help="The last one. Default: the newest day in history, or the usual day.",
        ),
    ] = None,
) -> None:
    """Decide a day and every later one again, one run per day, as if for the first time."""
    from orchestration.progress import terminal_progress
    from orchestration.running import backfill as run_backfill
    from orchestration.showing.classes import show_end

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        done = run_backfill(settings, first.date(), day_of(last), progress)
    seconds = sum(one.seconds for one in done)
    show_end(console(), done[-1].release, settings.served_database, seconds)


@app.command(rich_help_panel=PANEL, epilog="Example: tiers preview ~/my-policy")
def preview(
    policy_dir: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of the policy files to try.")
    ],
) -> None:
    """Show who would change class under another policy. Nothing is kept or published."""
    from orchestration.preview import preview_policy
    from orchestration.progress import terminal_progress
    from orchestration.showing.moves import show_preview

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        found = preview_policy(settings, policy_dir, progress)
    show_preview(console(), found)


@app.command(rich_help_panel=PANEL, epilog="Example: tiers calibrate --reason 'prices rose' rfm")
def calibrate(
    reason: Annotated[str, typer.Option(help="Why; it is published beside the cuts.")],
    schemes: Annotated[
        list[str] | None, typer.Argument(metavar="[SCHEME]...", help="Default: all that rank.")
    ] = None,
) -> None:
    """Have the next run rank customers anew, before the period of the cuts ends."""
    from orchestration.calibration import calibrate as order

    ordered = order(Settings.from_environment(), schemes or [], reason)
    which = ", ".join(ordered.schemes) or "every scheme that ranks"
    console().print(
        f"The next run, of {ordered.as_of} or later, computes the cuts of {which}.", highlight=False
    )


@app.command(rich_help_panel=PANEL, epilog="Example: tiers drift rfm")
def drift(
    schemes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCHEME]...", help="Default: those that have left their cuts."),
    ] = None,
) -> None:
    """Show how far customers have left the cuts, and what new ones would change. Keeps nothing."""
    from orchestration.drift import find_drift
    from orchestration.progress import terminal_progress
    from orchestration.showing.moves import show_drift

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        found = find_drift(settings, schemes or [], progress)
    show_drift(console(), found)


@app.command(rich_help_panel=PANEL, epilog="Example: tiers evaluate")
def evaluate(
    origins: Annotated[
        int, typer.Option(min=1, help="So many month ends of the past are replayed.")
    ] = 6,
) -> None:
    """Judge the policy by the past: whether its classes tell what customers do next."""
    from orchestration.evaluation.command import evaluate as judge
    from orchestration.evaluation.showing import show_evaluation
    from orchestration.progress import terminal_progress

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        done = judge(settings, progress, origins)
    show_evaluation(console(), done)


@app.command(rich_help_panel=PANEL, epilog="Example: tiers advise pyramid --write ~/tried-policy")
def advise(
    scheme: Annotated[
        str | None, typer.Argument(metavar="[SCHEME]", help="Default: every ladder and score.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Copy the policy to this new folder, with the advice on SCHEME taken.",
        ),
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="The language.")] = "en",
) -> None:
    """Show the number of a scheme whose change would improve it most. Changes nothing itself."""
    from orchestration.advising import AdviceError, kept_advice, write_advised
    from orchestration.showing.advice import show_advice, show_written

    settings = Settings.from_environment()
    if write is None:
        show_advice(console(), kept_advice(settings, scheme), lang)
    elif scheme is None:
        raise AdviceError("Name the scheme, too: `tiers advise SCHEME --write DIR`.")
    else:
        show_written(console(), write_advised(settings, scheme, write), write, lang)


def day_of(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
