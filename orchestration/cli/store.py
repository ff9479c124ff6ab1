"""`tiers store …`: the bucket of TIERS_STORE, from this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.terminal import console
from orchestration.settings import SettingError, Settings

if TYPE_CHECKING:
    from orchestration.store.bucket import Bucket

app = typer.Typer(
    no_args_is_help=True,
    help="Inspect the bucket of TIERS_STORE, synchronise with it, fetch a release.",
)


@app.command(epilog="Example: tiers store status")
def status() -> None:
    """Say what readers of the store see, who changed it last, and how much it holds."""
    from orchestration.showing.store import show_store
    from orchestration.store.state import read_listing, read_pointer

    bucket = _bucket(Settings.from_environment())
    found = read_pointer(bucket)
    listing = read_listing(bucket, found[0]) if found else None
    show_store(console(), bucket.url, found[0] if found else None, listing or {})


@app.command(epilog="Example: tiers store sync")
def sync(
    as_here: Annotated[
        bool,
        typer.Option("--as-here", help="Let the store be what TIERS_HOME is, whatever it has."),
    ] = False,
) -> None:
    """Bring TIERS_HOME into step with the store, as every run does first.

    With --as-here the other way: the store becomes what TIERS_HOME is, and what it had more is
    gone. That is for a store that is damaged, emptied or put back to an older state, and for what
    was removed from TIERS_HOME by hand.
    """
    from orchestration.run_lock import run_lock
    from orchestration.store import working_in
    from orchestration.store.working_copy import WorkingCopy

    settings = Settings.from_environment()
    bucket = _bucket(settings)
    if as_here:
        with run_lock(settings.home, "tiers store sync --as-here"):
            WorkingCopy(settings.home, bucket, "tiers store sync --as-here", print).put_as_here()
    else:
        with working_in(settings, "tiers store sync", print):
            pass
    console().print(f"{settings.home} and {bucket.url} are in step.", highlight=False)


@app.command(epilog="Example: tiers store fetch /srv/tiers")
def fetch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Kept releases; made when new.")],
) -> None:
    """Copy the release that readers see into DIR, for a machine that only reads.

    DIR/current leads to it. Every file is held against its hash. What the store has no more goes
    from DIR.
    """
    from orchestration.store.reading import fetch_release

    release = fetch_release(_bucket(Settings.from_environment()), folder.absolute())
    print(release)


def _bucket(settings: Settings) -> Bucket:
    from orchestration.store.bucket import Bucket

    if settings.store is None:
        raise SettingError("TIERS_STORE is not set; expected s3://BUCKET/PREFIX.")
    return Bucket(settings.store, settings.store_options)
