"""The end of a request: no release is left that may show the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from orchestration.durable import sweep_folder
from orchestration.erasing.requests import FOLDER, ErasureError, keep, requests
from orchestration.publishing import Release, list_releases
from orchestration.publishing.recovery import REMOVING
from orchestration.publishing.retention import remove_release
from orchestration.settings import Settings


def old_releases(settings: Settings) -> list[Release]:
    """The releases that are as old as the latest request, and so may show its people."""
    kept = requests(settings.home / FOLDER)
    if not kept:
        return []
    asked = max(request.asked_at for request in kept)
    # Their times are those of the machines that built them, whose clocks may be ahead of ours.
    stood = {release for request in kept for release in request.releases}
    whole = list_releases(settings.releases)
    return [one for one in whole if one.created_at <= asked or one.id in stood]


def refuse_old(settings: Settings, release_id: str) -> None:
    """Raise ErasureError for a release that may show somebody who is erased."""
    if release_id in {release.id for release in old_releases(settings)}:
        raise ErasureError(
            f"{release_id} may show people who are erased, and is removed as soon as a day is "
            "published without them. `tiers erase --resume` publishes one."
        )


def finish_requests(settings: Settings) -> Sequence[Release]:
    """Remove the releases that may show an erased person; returns them.

    Neither their number nor the grace of a reader counts here: they are what was to be erased. Does
    nothing while `current` is one of them, since readers would be left without any. The caller has
    had `mirror_current` done.
    """
    old = old_releases(settings)
    if any(release.is_current for release in old):
        return []
    for release in old:
        remove_release(settings.releases, release.id)
    sweep_folder(settings.releases / REMOVING)  # where a kill may have left one
    folder = settings.home / FOLDER
    now = datetime.now(UTC).replace(microsecond=0)
    for request in requests(folder):
        if request.finished_at is None:
            keep(folder, replace(request, finished_at=now))
    return old
