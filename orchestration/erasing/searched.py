"""Which files were searched for erased people, so that each is searched once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.durable import write_durably

FILE = "clean.json"


class Searched:
    """What is known to be clean of a list of people.

    Attributes:
        is_behind: a request came since, here or on another machine that works in the same store.

    A file is known by its inode, the time of its last change and its size: one that was restored
    from a backup has another inode and another time, which no tool can set back.
    """

    def __init__(self, folder: Path, home: Path, digest: str, requests: Sequence[str]) -> None:
        """`digest` is that of the list; of another list than before no file is known."""
        self._path, self._home = folder / FILE, home
        self._told = {"digest": digest, "requests": list(requests)}
        before = self._read()
        self.is_behind = not {*requests} <= {*before.get("requests", ())}
        self._known = before.get("files", {}) if before.get("digest") == digest else {}
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
        if self.is_behind or self._seen != self._known:
            write_durably(self._path, json.dumps(self._told | {"files": self._seen}).encode())

    def _state(self, file: Path) -> tuple[str, list[int]]:
        found = file.stat()
        return str(file.relative_to(self._home)), [found.st_ino, found.st_ctime_ns, found.st_size]

    def _read(self) -> Mapping[str, Any]:
        try:
            content = json.loads(self._path.read_text("utf-8"))
            return content if isinstance(content, dict) else {}
        except (OSError, ValueError):
            return {}  # everything is searched again
