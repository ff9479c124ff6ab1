"""Files that landed: which bytes need not land again, and in which order others do."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from orchestration.landing.receipts import Load
from orchestration.sources.files import Found


class LandedFiles:
    """The loads of a landing, asked about files that are offered."""

    def __init__(self, loads: Iterable[Load]) -> None:
        """`loads` by sequence; see `committed_loads`."""
        self._in_force: dict[tuple[str, ...], Load] = {}
        self._newest: dict[tuple[str, ...], Load] = {}
        self._last: dict[str, Load] = {}
        self._turns: dict[str, int] = {}
        for load in loads:
            if load.superseded_by is None:
                self._in_force[load.identity] = load
                self._newest[_place(load)] = load
            before = self._last.get(load.source_sha256)
            if before is None or before.identity == load.identity:
                self._turns[load.source_sha256] = load.sequence
            self._last[load.source_sha256] = load

    def has(self, found: Found) -> bool:
        """Whether what is offered landed and counts, so that it need not land again.

        It has to when its file held other bytes since: what was put back is the latest of it.
        """
        load = self._in_force.get(found.identity)
        if load is None:
            return False
        return load.origin != found.origin or self._newest[_place(load)] is load

    def turn(self, found: Found) -> int:
        """When something lands beside others in one pull, the least first: later loads win.

        Under a corrected mapping it has the turn in which it came; what is new comes after all
        that, and so does what was put back.
        """
        last = self._last.get(found.source_sha256)
        if last is None or last.identity == found.identity:
            return sys.maxsize
        return self._turns[found.source_sha256]


def _place(load: Load) -> tuple[str, ...]:
    return load.table, load.entry, load.mapping_sha256, load.origin
