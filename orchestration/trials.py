"""Homes beside the home, in which a build tries what no reader sees; each can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from orchestration.manifest import take_over_manifest
from orchestration.publishing import Release, UnknownRelease, list_releases
from orchestration.run_lock import locked, run_lock
from orchestration.settings import Settings

PREVIEW = "preview"
EVALUATION = "evaluation"
# What erasing somebody removes, since it may show the person.
TRIALS = (PREVIEW, EVALUATION)


@contextmanager
def trial(settings: Settings, name: str, holder: str, *truths: Path) -> Iterator[Settings]:
    """A home of that name, locked for the block, which sees these folders of truth by links.

    `holder` is what others are told of who works there. Raises RunLocked.
    """
    tried = replace(settings, home=settings.home / name)
    with run_lock(tried.home, holder):
        for truth in truths:
            _link(tried.home / truth.name, truth)
        take_over_manifest(tried, settings)
        yield tried


def refuse_while_built(settings: Settings, holder: str) -> None:
    """Raise RunLocked while a preview or an evaluation is being built."""
    for home in (settings.home / name for name in TRIALS):
        if home.exists():
            with locked(home, holder):
                pass


def published_now(settings: Settings) -> Release:
    """The release that readers see. Raises UnknownRelease when there is none yet."""
    for release in list_releases(settings.releases):
        if release.is_current:
            return release
    raise UnknownRelease("Nothing is published yet. `tiers run` publishes what is needed here.")


def _link(link: Path, truth: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(truth, target_is_directory=True)
