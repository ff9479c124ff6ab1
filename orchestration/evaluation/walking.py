"""A walk over the origins of a panel, on which each is gathered once for all who look at it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from orchestration.evaluation.gathering import name_codes
from orchestration.evaluation.known import Origin
from orchestration.evaluation.panel import Panel
from orchestration.progress import Progress


class Viewer(Protocol):
    """Who looks at each origin: at columns of classes, with columns of numbers beside them."""

    @property
    def columns(self) -> Collection[str]:
        """Of classes."""

    @property
    def numbers(self) -> Collection[str]:
        """Of facts or classes; see `gathering.number`."""

    def look(self, known: Origin, column: str) -> None:
        """At one column at one origin, the earliest origin first."""


def walk(panel: Panel, viewers: Sequence[Viewer], progress: Progress) -> None:
    """Show every origin to every viewer."""
    columns = list(dict.fromkeys(column for viewer in viewers for column in viewer.columns))
    numbers = sorted({number for viewer in viewers for number in viewer.numbers})
    if not columns:
        return
    with panel.opened() as con:
        name_codes(con, columns)
        for position, origin in enumerate(panel.origins):
            progress.doing(f"evaluation: judging {origin}", position, len(panel.origins))
            earlier = panel.origins[:position]
            known = Origin(con, origin, earlier, columns, numbers=numbers)
            for column in known.schemes():
                for viewer in viewers:
                    if column in viewer.columns:
                        viewer.look(known, column)
