"""What is personal is not for other users of the machine; what is published is.

Under TIERS_HOME everybody may enter the folder of releases: it is made so, whatever the umask, and
left as it is from then on. So may everybody pass the folder of other companies' homes, each of
which keeps to the same. All else keeps what the umask gives to its owner and its group, and gives
nothing to others.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.durable import make_folder

FOR_READERS = "releases"
# The Makefile keeps the homes of other companies in the home of the example. Shut, it would lock
# readers out of all their releases.
OTHER_HOMES = "companies"
ENTERABLE = stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH


@contextmanager
def kept_private(home: Path) -> Iterator[None]:
    """Shut what lies in `home` to others, and what this process writes while the block runs."""
    if not (home / FOR_READERS).exists():
        make_folder(home / FOR_READERS)
        (home / FOR_READERS).chmod(ENTERABLE)
    for entry in home.iterdir():
        if entry.name == OTHER_HOMES:
            _let_pass(entry)
        elif entry.name != FOR_READERS:
            _shut(entry)
    with written_privately():
        yield


@contextmanager
def written_privately() -> Iterator[None]:
    """Shut what this process makes while the block runs to others."""
    before = os.umask(0)
    os.umask(before | stat.S_IRWXO)
    try:
        yield
    finally:
        os.umask(before)


def _shut(entry: Path) -> None:
    """Shut a file or folder to others; of a link out of the home, what it leads to."""
    target = entry.resolve()
    if entry.is_symlink() and target.is_relative_to(entry.parent.resolve()):
        return  # as shut, or as open to readers, as it is where it lies
    if not target.exists():
        return
    mode = stat.S_IMODE(target.stat().st_mode)
    if mode & stat.S_IRWXO:
        target.chmod(mode & ~stat.S_IRWXO)


def _let_pass(folder: Path) -> None:
    mode = stat.S_IMODE(folder.lstat().st_mode)
    if not mode & stat.S_IXOTH and not folder.is_symlink():
        folder.chmod(mode | stat.S_IXOTH)
