"""`current`: the symlink every reader goes through, and the only thing that moves."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from orchestration.durable import fsync_folder
from orchestration.publishing.ledger import (
    Event,
    LedgerLine,
    append_line,
    cut_torn_line,
    utc_now,
)
from orchestration.publishing.releases import (
    CURRENT,
    DamagedRelease,
    PublishError,
    Release,
    UnknownRelease,
    find_release,
    list_releases,
    pointed_at,
    read_manifest,
)
from orchestration.publishing.tables import file_sha256


class BrokenCurrent(PublishError):
    """`current` does not lead to a whole release: readers find nothing, or something foreign."""


class NothingPublished(RuntimeError):
    """Readers see no release yet, or one without what is asked for."""


def current_release(releases: Path) -> Release | None:
    """The release that readers see; None before the first. Raises BrokenCurrent, with a way out."""
    link = releases / CURRENT
    _check_is_a_link(link)
    name = pointed_at(releases)
    if name is None:
        return None
    if link.resolve() != releases.resolve() / name:
        raise _broken(releases, f"it leads to {link.readlink()}, outside of this folder")
    try:
        release = find_release(releases, name)
        check_sizes(release)
    except (UnknownRelease, DamagedRelease) as error:
        raise _broken(releases, f"{name} is missing or not whole") from error
    return release


def release_with(releases: Path, name: str) -> Release:
    """The release that readers see, which holds a table or view of this name.

    Raises NothingPublished, or BrokenCurrent.
    """
    release = current_release(releases)
    if release is None or name not in {*release.rows, *release.views}:
        raise NothingPublished(
            f"`current` has no {name}: a run publishes it."
            if release
            else "Nothing is published yet. `tiers run` publishes a first day."
        )
    return release


def point_current(releases: Path, release_id: str) -> None:
    """Let `current` lead to this release, at once: a reader finds the old one or the new one."""
    # Relative, so that the whole home can be moved; built beside and renamed over, because a
    # symlink cannot be changed, and removing the old one first would leave readers with nothing.
    _check_is_a_link(releases / CURRENT)
    building = releases / f".{CURRENT}.{os.getpid()}"
    building.unlink(missing_ok=True)
    building.symlink_to(release_id, target_is_directory=True)
    building.replace(releases / CURRENT)
    fsync_folder(releases)


def rollback(
    releases: Path,
    release_id: str,
    before_swap: Callable[[str], object] = lambda release_id: None,
) -> Release:
    """Let `current` lead to a kept release again. The next run of its day or a later one moves on.

    Works when `current` is broken, too: it is the way out. `before_swap` gets the id before
    anything moves, and may refuse by raising. Raises UnknownRelease (naming the ones there are) and
    DamagedRelease (its files are not those it was published with).
    """
    check_content(find_release(releases, release_id))
    cut_torn_line(releases)
    # A link of the right name may lead elsewhere.
    if (releases / CURRENT).resolve() != (releases / release_id).resolve():
        before_swap(release_id)
        point_current(releases, release_id)
        record(releases, release_id, "rolled_back")
    return find_release(releases, release_id)


def record(releases: Path, release_id: str, event: Event) -> None:
    """Append what happened to a release, and where `current` is now, to the ledger."""
    release = find_release(releases, release_id)
    line = LedgerLine(
        at=utc_now().isoformat(timespec="microseconds"),
        event=event,
        release=release.id,
        as_of=release.as_of.isoformat(),
        run_id=release.run_id,
        current=pointed_at(releases),
    )
    append_line(releases, line)


def check_sizes(release: Release) -> None:
    """Raise DamagedRelease unless every file is there with its size. Reads no content: quick."""
    for name, listed in read_manifest(release.path)["files"].items():
        path = release.path / name
        size = path.stat().st_size if path.is_file() else None
        if size != listed["bytes"]:
            found = "is missing" if size is None else f"has {size} bytes"
            raise DamagedRelease(
                f"{path} {found}; it was published with {listed['bytes']} bytes. "
                "Choose another release (`tiers releases`)."
            )


def check_content(release: Release) -> None:
    """Raise DamagedRelease unless every file has the content it was published with."""
    check_sizes(release)
    for name, listed in read_manifest(release.path)["files"].items():
        if file_sha256(release.path / name) != listed["sha256"]:
            raise DamagedRelease(
                f"{release.path / name} was changed after it was published. "
                "Choose another release (`tiers releases`)."
            )


def _check_is_a_link(link: Path) -> None:
    if link.exists() and not link.is_symlink():
        raise BrokenCurrent(
            f"{link} is no symlink, so somebody else put it there. Move it away and try again."
        )


def _broken(releases: Path, what: str) -> BrokenCurrent:
    others = [release.id for release in list_releases(releases) if not release.is_current]
    way_out = (
        f"Go back to another one: `tiers rollback {others[-1]}` (there is: {', '.join(others)})."
        if others
        else f"No other release is left: remove the symlink {releases / CURRENT} and run again."
    )
    return BrokenCurrent(f"{releases / CURRENT} is broken: {what}. {way_out}")
