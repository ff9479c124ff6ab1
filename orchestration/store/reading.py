"""For a machine that only reads: the release that the store shows, whole, in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.durable import commit_folder
from orchestration.publishing.current import point_current
from orchestration.publishing.releases import list_releases
from orchestration.publishing.retention import remove_release
from orchestration.store.bringing import fetch_files
from orchestration.store.bucket import Bucket, Missing, StoreError
from orchestration.store.scan import RELEASES
from orchestration.store.state import Listing, damaged, read_listing, read_pointer

FETCHING = ".fetching"


def fetch_release(bucket: Bucket, folder: Path) -> Path:
    """Copy the release that readers see into `folder`, and let `folder/current` lead to it.

    Returns the folder of the release. One that is there already is not fetched again, and one that
    the store has no more, since it is too old or shows somebody who is erased, goes. Raises
    StoreError: nothing is published, or a file is not what was published.
    """
    found = read_pointer(bucket)
    if found is None or found[0].release is None:
        raise StoreError(f"Nothing is published in {bucket.url} yet.")
    pointer, release = found[0], found[0].release
    listing = read_listing(bucket, pointer)
    if listing is None:
        raise StoreError(f"{bucket.url} has just been changed. Fetch again.")
    if not (folder / release).exists():
        _fetch(bucket, listing, folder, release)
    point_current(folder, release)
    kept = {path.split("/")[1] for path in listing if path.startswith(f"{RELEASES}/")}
    for old in list_releases(folder):
        if old.id not in kept:
            remove_release(folder, old.id)
    return folder / release


def _fetch(bucket: Bucket, listing: Listing, folder: Path, release: str) -> None:
    place = f"{RELEASES}/{release}"
    wanted = {path: each for path, each in listing.items() if path.startswith(f"{place}/")}
    shutil.rmtree(folder / FETCHING, ignore_errors=True)
    try:
        fetch_files(bucket, wanted, folder / FETCHING)
    except Missing as gone:
        raise damaged(bucket, gone.key) from None
    commit_folder(folder / FETCHING / place, folder / release)
    shutil.rmtree(folder / FETCHING)
