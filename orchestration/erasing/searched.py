"""Which files were searched for erased people, so that each is searched once."""

from __future__ import annotations

import json
from pathlib import Path

from orchestration.durable import write_durably

FILE = "clean.json"


class Searched:
    """What is known to be clean of a list of people.

    A file is known by its inode, the time of its last change and its size: one that was restored
    from a backup has another inode and another time, which no tool can set back.
    """

    def __init__(self, folder: Path, home: Path, digest: str) -> None:
        """`digest` is that of the list; of another list than before nothing is known."""
        self._path, self._home, self._digest = folder / FILE, home, digest
        self._known = self._read()
        self._seen: dict[str, list[int]] = {}

    def has(self, file: Path) -> bool:
        """Whether this file, as it stands, was searched."""
        name, state = self._state(file)
        if self._known.get(name) != state:
            return False
        self._seen[name] = state
        return True

    def add(self, file: Path) -> None:
        """A file was searched, and is clean."""
        name, state = self._state(file)
        self._seen[name] = state

    def keep(self) -> None:
        """Write down what was seen."""
        if self._seen != self._known:
            content = {"digest": self._digest, "files": self._seen}
            write_durably(self._path, json.dumps(content).encode())

    def _state(self, file: Path) -> tuple[str, list[int]]:
        found = file.stat()
        return str(file.relative_to(self._home)), [found.st_ino, found.st_ctime_ns, found.st_size]

    def _read(self) -> dict[str, list[int]]:
        try:
            content = json.loads(self._path.read_text("utf-8"))
            return dict(content["files"]) if content["digest"] == self._digest else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}  # everything is searched again
