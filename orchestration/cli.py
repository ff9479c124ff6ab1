"""The `tiers` command. Each command imports what it needs, so that most of them are quick."""

from __future__ import annotations

import gc
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from orchestration.cli_policy import policy_app
from orchestration.exits import WRONG_INPUT, told_to_people
from orchestration.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Classify every customer, every day, and publish the result.\n\n"
        "TIERS_HOME is where everything is kept (default ./data), TIERS_SOURCES the file that says"
        " where the data comes from (default: the bundled example); the other settings are in"
        " .env.example.\n\n"
        "Exit codes: 0 done, 1 a run failed or a gate refused, 2 wrong usage, source file or"
        " policy, 3 another run is at work."
    ),
)
sources_app = typer.Typer(no_args_is_help=True, help="Look at what the source file says.")
app.add_typer(sources_app, name="sources")
positions_app = typer.Typer(invoke_without_command=True)
app.add_typer(positions_app, name="positions")
app.add_typer(policy_app, name="policy")

Category = Annotated[
    str | None,
    typer.Option(metavar="CODE", show_default=False, help="Only positions of this category."),
]


def main() -> None:
    """Entry point: every error becomes a message for people and an exit code."""
    # Nearly all that a run allocates stays: modules, the graph. Looking for garbage after every
    # few hundred objects, as Python does, finds none and costs a fifth of the time.
    gc.set_threshold(100_000, 20, 100)
    with told_to_people():
        app()


@app.command()
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
    from orchestration.showing import show_classes

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        done = run_day(settings, _day(as_of), progress)
    show_classes(_console(), done.release, settings.served_database, done.seconds)


@app.command()
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
    from orchestration.showing import show_classes

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        done = run_backfill(settings, first.date(), _day(last), progress)
    seconds = sum(one.seconds for one in done)
    show_classes(_console(), done[-1].release, settings.served_database, seconds)


@app.command()
def preview(
    policy_dir: Annotated[Path, typer.Argument(help="The folder of the policy files to try.")],
) -> None:
    """Show who would change class under another policy. Nothing is kept or published."""
    from orchestration.preview import preview_policy
    from orchestration.progress import terminal_progress
    from orchestration.showing import show_preview

    settings = Settings.from_environment()
    with terminal_progress() as progress:
        found = preview_policy(settings, policy_dir, progress)
    show_preview(_console(), found)


@app.command()
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
    _console().print(f"The run of {ordered.as_of} computes the cuts of {which}.", highlight=False)


@app.command()
def explain(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer_id.")],
    scheme: Annotated[
        str | None, typer.Option(help="Only this scheme.", show_default=False)
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="The language.")] = "en",
) -> None:
    """Say why a customer is in its classes, what the next ones take and what would lose these."""
    from orchestration.explaining import explain_customer
    from orchestration.showing_reasons import show_explanations

    settings = Settings.from_environment()
    day, found = explain_customer(settings, customer, scheme=scheme, language=lang)
    show_explanations(_console(), customer, day, found, lang)


@app.command()
def releases() -> None:
    """List the kept releases and which one readers see."""
    from orchestration.publishing import list_releases
    from orchestration.showing import show_releases

    show_releases(_console(), list_releases(Settings.from_environment().releases))


@app.command()
def rollback(
    release_id: Annotated[str, typer.Argument(metavar="ID", help="As `tiers releases` lists it.")],
) -> None:
    """Let readers see a kept release again. The next run of its day or a later one moves on."""
    from orchestration.publishing import rollback as roll_back
    from orchestration.run_lock import run_lock

    settings = Settings.from_environment()
    with run_lock(settings.home, f"tiers rollback {release_id}"):
        release = roll_back(settings.releases, release_id)
    _console().print(f"Readers see {release.id} (day {release.as_of}).", highlight=False)


@app.command()
def loads() -> None:
    """List what landed, load by load, and what was rejected and why."""
    from orchestration.landing import committed_loads, rejected_loads
    from orchestration.showing import show_loads

    landing = Settings.from_environment().landing
    show_loads(_console(), committed_loads(landing), rejected_loads(landing))


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
    _console().print(f"{rejected.load_id} is rejected. `tiers run` publishes without it.")


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
    show_quarantine(_console(), count_quarantine(settings, table))
    if rows:
        show_quarantined(_console(), quarantined_rows(settings, table, limit))


@sources_app.command()
def check() -> None:
    """Say what the source file finds, how it maps, what is missing and what stays empty for it."""
    from orchestration.sources.check import check_sources
    from orchestration.sources.source_file import load_source_file

    settings = Settings.from_environment()
    source = load_source_file(settings.sources)
    found = check_sources(source, policy_dir=settings.policy_dir)
    _console().print(found)
    if not found.passed:
        raise typer.Exit(WRONG_INPUT)


@positions_app.callback()
def positions(context: typer.Context, category: Category = None) -> None:
    """List the positions by category, with the classes that each owns."""
    context.obj = category
    if context.invoked_subcommand is None:
        _show_positions("", category)


@positions_app.command()
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="In any case, in any language.")],
    category: Category = None,
) -> None:
    """Find positions by code, title, category, or a class that they own."""
    _show_positions(text, category or context.obj)


@app.command()
def prepare() -> None:
    """Parse the dbt project and set up Dagster's home, whose path is printed. `make` calls it."""
    from orchestration.instance import prepare_instance
    from orchestration.manifest import prepare_manifest

    settings = Settings.from_environment()
    prepare_manifest(settings)
    print(prepare_instance(settings))


def _show_positions(text: str, category: str | None) -> None:
    from orchestration.positions import find_positions
    from orchestration.showing import show_positions

    settings = Settings.from_environment()
    show_positions(_console(), find_positions(settings, text, category=category))


def _console() -> Console:
    from rich.console import Console

    return Console()


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
