"""Which releases stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from orchestration.durable import fsync_folder, make_folder, sweep_folder
from orchestration.publishing.ledger import read_ledger, served_until
from orchestration.publishing.recovery import REMOVING
from orchestration.publishing.releases import Release, list_releases


def remove_old_releases(
    releases: Path, *, keep: int, grace: timedelta, now: datetime
) -> list[Release]:
    """Remove all but the last `keep` releases; returns the removed ones.

    Releases that `current` never led to, those of a backfill's older days, are counted by
    themselves: they must not push out the ones that a rollback could go back to.

    Never removed: `current`, and a release that was built, or left by `current`, less than `grace`
    ago, because a reader may still be in it. Folders that are no whole release are left alone.
    """
    lines = read_ledger(releases).lines
    whole = list_releases(releases)
    served = [release for release in whole if release.moved_current]
    others = [release for release in whole if not release.moved_current]
    removed = []
    for release in (*served[: -max(keep, 1)], *others[: -max(keep, 1)]):
        needed = max(release.created_at, served_until(lines, release.id) or release.created_at)
        if not release.is_current and now - needed >= grace:
            remove_release(releases, release.id)
            removed.append(release)
    return removed


def remove_release(releases: Path, release_id: str) -> None:
    """Remove one release, whole or not, whatever it is needed for, and what a kill left of others.

    A reader who has it open keeps its files.
    """
    sweep_folder(releases / REMOVING)
    # Out of the readers' sight in one step first: a kill must not leave half a release.
    make_folder(releases / REMOVING)
    (releases / release_id).rename(releases / REMOVING / release_id)
    fsync_folder(releases)
    sweep_folder(releases / REMOVING)
