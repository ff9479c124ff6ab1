"""For a machine that only reads: the release that the store shows, whole, in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.durable import commit_folder
from orchestration.publishing.current import point_current
from orchestration.store.bringing import fetch_files
from orchestration.store.bucket import Bucket, Missing, StoreError
from orchestration.store.state import damaged, read_listing, read_pointer

FETCHING = ".fetching"


def fetch_release(bucket: Bucket, folder: Path) -> Path:
    """Copy the release that readers see into `folder`, and let `folder/current` lead to it.

    Returns the folder of the release. One that is there already is not fetched again. Raises
    StoreError: nothing is published, or a file is not what was published.
    """
    found = read_pointer(bucket)
    if found is None or found[0].release is None:
        raise StoreError(f"Nothing is published in {bucket.url} yet.")
    release = found[0].release
    final = folder / release
    if not final.exists():
        listing = read_listing(bucket, found[0]) or {}
        wanted = {
            path: each for path, each in listing.items() if path.startswith(f"releases/{release}/")
        }
        shutil.rmtree(folder / FETCHING, ignore_errors=True)
        try:
            fetch_files(bucket, wanted, folder / FETCHING)
        except Missing:
            raise damaged(bucket, f"releases/{release}") from None
        commit_folder(folder / FETCHING / "releases" / release, final)
        shutil.rmtree(folder / FETCHING)
    point_current(folder, release)
    return final
