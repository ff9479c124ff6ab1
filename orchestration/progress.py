"""Showing a person what a long run is doing: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress

# In a log, a long step is heard of this often.
SILENCE_SECONDS = 10


class Progress(Protocol):
    """Where a run tells what it does. Both calls take text for people."""

    def say(self, text: str) -> None:
        """Something is done; the line stays."""

    def doing(self, text: str, done: int = 0, total: int = 0) -> None:
        """Something goes on; the next call replaces it. `total` 0 when it is not known."""


class Silent:
    """For runs of the Dagster UI and schedule, where the event log tells everything."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def doing(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say nothing."""


class Lines:
    """One line per finished thing, with the time: for pipes, cron and log collectors."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._silent_since = time.monotonic()

    def say(self, text: str) -> None:
        """Write a line and hand it on at once."""
        print(f"{datetime.now():%H:%M:%S}  {text}", file=self._stream, flush=True)
        self._silent_since = time.monotonic()

    def doing(self, text: str, done: int = 0, total: int = 0) -> None:
        """Write it only after a silence: a log of moments helps nobody."""
        if time.monotonic() - self._silent_since >= SILENCE_SECONDS:
            self.say(f"… {text}{f' ({done} of {total})' if total else ''}")


class Live:
    """Finished things scroll up; below them one line says what goes on, and for how long."""

    def __init__(self, console: Console, bar: RichProgress) -> None:
        self._console = console
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def say(self, text: str) -> None:
        """Print a line above the live one."""
        self._console.print(f"[dim]{datetime.now():%H:%M:%S}[/dim]  ", end="")
        self._console.print(text, markup=False, highlight=False)

    def doing(self, text: str, done: int = 0, total: int = 0) -> None:
        """Show it on the live line; with a `total`, how far it is."""
        shown = f"{text} ({done} of {total})" if total else text
        self._bar.update(self._task, description=shown)


@contextmanager
def terminal_progress(stream: TextIO | None = None) -> Iterator[Progress]:
    """Progress for whoever started the program: live on a terminal, lines elsewhere."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield Lines(stream)
        return
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=stream, emoji=False)
    columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with RichProgress(*columns, console=console, transient=True) as bar:
        yield Live(console, bar)
