"""Files and folders that are either there, whole and on the disk, or not there at all.

Everything the project keeps is committed the same way: it is built beside its place, written
through to the disk, and then renamed. A rename is the one step a kill cannot cut in half.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class CommitTargetExists(FileExistsError):
    """A folder was to be committed under a name that is taken. Nothing was changed."""


def fsync_file(path: Path) -> None:
    """Write one file's content through to the disk. Errors of the disk surface here (OSError)."""
    _fsync(path, os.O_RDONLY)


def fsync_folder(folder: Path) -> None:
    """Write a folder's own entries (names, renames, removals) through to the disk."""
    _fsync(folder, os.O_RDONLY | os.O_DIRECTORY)


def fsync_tree(folder: Path) -> None:
    """Write `folder`, and every file and folder below it, through to the disk."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(parent) / name
            if not path.is_symlink():
                fsync_file(path)
        fsync_folder(Path(parent))


def write_durably(path: Path, content: bytes) -> None:
    """Replace `path` by `content` at once: readers, and kills, see the old file or the new one."""
    make_folder(path.parent)
    building = path.with_name(f".{path.name}.{os.getpid()}.building")
    try:
        with building.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        building.replace(path)
    finally:
        building.unlink(missing_ok=True)
    fsync_folder(path.parent)


def commit_folder(building: Path, final: Path) -> None:
    """Make the finished folder `building` appear as `final`, whole, in one step.

    Both have to lie on one filesystem. `CommitTargetExists` when `final` is taken, by an empty
    folder too, which a bare rename would silently replace: what is committed does not change.
    """
    if final.exists() or final.is_symlink():
        raise CommitTargetExists(
            f"{final} exists already, and what is committed is never overwritten. "
            f"The new content is kept in {building}."
        )
    fsync_tree(building)
    make_folder(final.parent)
    building.rename(final)
    fsync_folder(final.parent)
    fsync_folder(building.parent)


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, each written through to the disk. An existing one is fine."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    fsync_folder(folder.parent)


def sweep_folder(folder: Path) -> list[str]:
    """Remove everything inside `folder` (leftovers of a killed run); returns the names removed."""
    if not folder.is_dir():
        return []
    entries = sorted(folder.iterdir())
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return [entry.name for entry in entries]


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
