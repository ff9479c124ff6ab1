"""What is personal is not for other users of the machine; what is published is.

Under TIERS_HOME everybody may enter the folder of releases: it is made so, whatever the umask, and
left as it is from then on. All else keeps what the umask gives to its owner and its group, and
gives nothing to others.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.durable import make_folder

FOR_READERS = "releases"
ENTERABLE = stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH


@contextmanager
def kept_private(home: Path) -> Iterator[None]:
    """Shut what lies in `home` to others, and what this process writes while the block runs."""
    if not (home / FOR_READERS).exists():
        make_folder(home / FOR_READERS)
        (home / FOR_READERS).chmod(ENTERABLE)
    for entry in home.iterdir():
        if entry.name != FOR_READERS:
            _shut(entry)
    before = os.umask(0)
    os.umask(before | stat.S_IRWXO)
    try:
        yield
    finally:
        os.umask(before)


def _shut(path: Path) -> None:
    mode = stat.S_IMODE(path.lstat().st_mode)
    if mode & stat.S_IRWXO and not path.is_symlink():
        path.chmod(mode & ~stat.S_IRWXO)
