"""The `tiers` command. Each command imports what it needs, so that most of them are quick."""

from __future__ import annotations

import gc
import logging

import typer

from orchestration.cli import (
    erasing,
    identity,
    install,
    landed,
    policy,
    positions,
    pseudonyms,
    published,
    runs,
    sources,
    store,
)
from orchestration.engine_errors import values_kept_back
from orchestration.exits import told_to_people

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Classify every customer, every day, and publish the result.\n\n"
        "To begin: `tiers sources check` says what your source file finds, `tiers run` makes and"
        " publishes a day, `tiers classes` and `tiers explain CUSTOMER` show what came of it.\n\n"
        "TIERS_HOME is where everything is kept (default: data/ of the clone), TIERS_SOURCES the"
        " file that says where data comes from (default: the bundled example); the others are in"
        " .env.example.\n\n"
        "Exit codes: 0 done, 1 a run failed, a gate refused, or `tiers status` finds readers"
        " behind, 2 wrong usage, setting, source file or policy, or nothing there yet, 3 another"
        " run is at work, 130 stopped. `tiers COMMAND --help` has an example of each command."
    ),
)
# Commands of these stand beside each other; the others have a name of their own before them.
for group in (runs, published, landed, erasing, pseudonyms, identity, install):
    app.add_typer(group.app)
for name, group in (
    ("sources", sources),
    ("policy", policy),
    ("positions", positions),
    ("store", store),
):
    app.add_typer(group.app, name=name)


def main() -> None:
    """Entry point: every error becomes a message for people and an exit code."""
    # Nearly all that a run allocates stays: modules, the graph. Looking for garbage after every
    # few hundred objects, as Python does, finds none and costs a fifth of the time.
    gc.set_threshold(100_000, 20, 100)
    # On a full disk dbt cannot write its log; the run says so, and no traceback for each line.
    logging.raiseExceptions = False
    with told_to_people(), values_kept_back():
        app()
