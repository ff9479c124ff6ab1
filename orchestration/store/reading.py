"""For a machine that only reads: the release that the store shows, whole, in a folder."""

from __future__ import annotations

from pathlib import Path

from orchestration.durable import commit_folder, sweep_folder
from orchestration.publishing.build import seal
from orchestration.publishing.current import point_current
from orchestration.publishing.recovery import REMOVING
from orchestration.publishing.releases import list_releases
from orchestration.publishing.retention import remove_release
from orchestration.run_lock import locked
from orchestration.store.bringing import emptied, fetch_files
from orchestration.store.bucket import Bucket, Missing, StoreError
from orchestration.store.scan import RELEASES
from orchestration.store.state import Listing, Pointer, damaged, read_listing, read_pointer
from orchestration.store.working_copy import ATTEMPTS

FETCHING = ".fetching"


def fetch_release(bucket: Bucket, folder: Path) -> Path:
    """Copy the release that readers see into `folder`, and let `folder/current` lead to it.

    Returns the folder of the release. One that is there whole is not fetched again, and one that
    the store has no more, since it is too old or shows somebody who is erased, goes. Raises
    StoreError: nothing is published, or a file is not what was published; and RunLocked while
    another process fetches into the same folder.
    """
    with locked(folder, "tiers store fetch"):
        sweep_folder(folder / REMOVING)  # where a kill may have left one
        for _ in range(ATTEMPTS):
            pointer, release = _published(bucket)
            try:
                return _take(bucket, pointer, folder, release)
            except Missing as gone:
                # An erasure or a newer release on another machine removes what was being fetched.
                if _published(bucket)[0].token == pointer.token:
                    raise damaged(bucket, gone.key) from None
    raise StoreError(f"{bucket.url} changes faster than it can be read. Fetch again.")


def _published(bucket: Bucket) -> tuple[Pointer, str]:
    found = read_pointer(bucket)
    if found is None or found[0].release is None:
        raise StoreError(f"Nothing is published in {bucket.url} yet.")
    return found[0], found[0].release


def _take(bucket: Bucket, pointer: Pointer, folder: Path, release: str) -> Path:
    listing = read_listing(bucket, pointer)
    if listing is None:
        raise Missing(pointer.listing)
    place = f"{RELEASES}/{release}/"
    files = {path: each for path, each in listing.items() if path.startswith(place)}
    if not files:
        raise StoreError(f"{bucket.url} does not hold {release}, the release that readers see.")
    if not _is_whole(folder / release, files):
        _fetch(bucket, files, folder, release)
    point_current(folder, release)
    kept = {path.split("/")[1] for path in listing if path.startswith(f"{RELEASES}/")}
    for old in list_releases(folder):
        if old.id not in kept:
            remove_release(folder, old.id)
    return folder / release


def _is_whole(release: Path, files: Listing) -> bool:
    """Whether every file is there with its size; what was fetched was held against its hash."""
    sizes = {path.name: path.stat().st_size for path in release.glob("*")}
    return all(sizes.get(Path(path).name) == each.bytes for path, each in files.items())


def _fetch(bucket: Bucket, files: Listing, folder: Path, release: str) -> None:
    with emptied(folder / FETCHING) as fetched:
        fetch_files(bucket, files, fetched)
        seal(fetched / RELEASES / release)
        if (folder / release).exists():
            remove_release(folder, release)
        commit_folder(fetched / RELEASES / release, folder / release)
