"""Files out of the store into a home: fetched aside, held against their hashes, moved in place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from orchestration.durable import fsync_file, fsync_folder, make_folder
from orchestration.history.commits import RECEIPT as COMMIT
from orchestration.history.evaluations import RECEIPT as EVALUATION
from orchestration.landing.receipts import RECEIPT as LOAD
from orchestration.publishing.build import ENTERABLE, READ_ONLY
from orchestration.publishing.current import point_current
from orchestration.publishing.releases import CURRENT, MANIFEST
from orchestration.store.bucket import Bucket
from orchestration.store.plan import Plan
from orchestration.store.scan import RELEASES
from orchestration.store.state import Listing, Stored, damaged, key_of

STAGING = ".bringing"
AT_ONCE = 4
# What tells that the files beside it are all there comes after them, and goes before them.
RECEIPTS = (LOAD, COMMIT, EVALUATION, MANIFEST)


class Bringing:
    """The store's files, on their way into one home."""

    def __init__(self, home: Path, bucket: Bucket) -> None:
        self._home, self._bucket = home, bucket

    def carry_out(self, plan: Plan, listing: Listing, release: str | None) -> None:
        """Bring, let `current` lead to `release`, and remove.

        Raises StoreError for an object that is damaged, and Missing for one that is not there;
        then nothing is changed here. A kill leaves some of it done; the next call does the rest.
        """
        wanted = {path: listing[path] for path in plan.bring}
        with emptied(self._home / STAGING) as staging:
            fetch_files(self._bucket, wanted, staging)
            for path in sorted(wanted, key=_receipts_last):
                self._place(staging / path, self._home / path)
            # Before anything goes: readers may be in a release that the store has no more.
            self._lead_to(release)
            for path in sorted(plan.remove, key=_receipts_last, reverse=True):
                self._remove(self._home / path)
        if release is None:
            self._lead_nowhere()

    def _place(self, fetched: Path, target: Path) -> None:
        make_folder(target.parent)
        is_of_release = target.parent.parent == self._home / RELEASES
        if is_of_release:
            fetched.chmod(READ_ONLY)
            target.parent.chmod(ENTERABLE)
        fetched.replace(target)
        fsync_folder(target.parent)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        # The folder of a load, a day or a release goes with its last file.
        with suppress(OSError):
            path.parent.rmdir()

    def _lead_to(self, release: str | None) -> None:
        # Never back: the store's pointer moves before the symlink here does.
        releases = self._home / RELEASES
        link = releases / CURRENT
        if release and (not link.is_symlink() or link.readlink().name != release):
            point_current(releases, release)

    def _lead_nowhere(self) -> None:
        # What was published here alone is given up.
        link = self._home / RELEASES / CURRENT
        if link.is_symlink() and not link.exists():
            link.unlink()


def fetch_files(bucket: Bucket, wanted: Listing, folder: Path) -> None:
    """Fetch files to where they belong below a folder. Raises StoreError, Missing."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in threads.map(lambda each: _fetch(bucket, folder, *each), wanted.items()):
            pass


def _fetch(bucket: Bucket, folder: Path, path: str, stored: Stored) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    key = key_of(path, stored.token)
    if bucket.fetch(key, target) != stored.sha256:
        raise damaged(bucket, key)
    fsync_file(target)


def _receipts_last(path: str) -> tuple[bool, str]:
    return PurePosixPath(path).name in RECEIPTS, path


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """An empty folder for the while; what a kill left in it goes."""
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
