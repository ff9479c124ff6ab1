"""The real `tiers` command in a process of its own, which may be broken at a chosen moment."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from killed import FORKS

from orchestration.progress import Lines, Progress

BALLAST = "ballast"


@dataclass(frozen=True)
class Moment:
    """When a run is broken, told by what it reports of itself.

    Attributes:
        report: how the report begins, or the number of reports before it.
        seconds: how long after it.
        fills: whether the disk is filled then; otherwise the process is killed.
    """

    report: str | int
    seconds: float = 0.0
    fills: bool = False


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code (-9 when it was killed), what it printed, how long it took."""

    code: int
    told: str
    seconds: float


class Command:
    """A command at work."""

    def __init__(
        self,
        words: tuple[str, ...],
        environment: Mapping[str, str],
        output: Path,
        moment: Moment | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """`prepare` is called in the process before the command: it has to be importable."""
        self._output, self._started = output, time.monotonic()
        output.write_bytes(b"")
        self.process: BaseProcess = FORKS.Process(
            target=_run, args=(words, dict(environment), output, moment, prepare)
        )
        self.process.start()

    @property
    def told(self) -> str:
        """What it has printed so far."""
        return self._output.read_text("utf-8", errors="replace")

    def wait(self, meanwhile: Callable[[], None]) -> Ended:
        """Wait for its end, and do something again and again until then."""
        while self.process.is_alive():
            self.process.join(0.2)
            meanwhile()
        code = self.process.exitcode
        assert code is not None
        return Ended(code, self.told, time.monotonic() - self._started)

    def wait_for(self, text: str) -> None:
        """Wait until it has printed this."""
        while text not in self.told:
            assert self.process.is_alive(), self.told
            time.sleep(0.05)


def _run(
    words: tuple[str, ...],
    environment: dict[str, str],
    output: Path,
    moment: Moment | None,
    prepare: Callable[[], None] | None,
) -> None:
    from orchestration import cli, progress

    written = os.open(output, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.environ.update(environment)
    sys.argv = ["tiers", *words]
    if moment:
        vars(progress)["terminal_progress"] = _broken_at(moment)
    if prepare:
        prepare()
    code: object = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    # What the interpreter does on its way out is not the command's.
    os._exit(code if isinstance(code, int) else 0)


def _broken_at(moment: Moment) -> Callable[..., AbstractContextManager[Progress]]:

    class Watched(Lines):
        """Prints every report, and breaks the run at one of them."""

        reports = 0

        def say(self, text: str) -> None:
            super().say(text)
            self._seen(text)

        def doing(self, text: str, done: int = 0, total: int = 0) -> None:
            self.say(text)

        def _seen(self, text: str) -> None:
            wanted = moment.report
            is_now = text.startswith(wanted) if isinstance(wanted, str) else self.reports == wanted
            self.reports += 1
            if is_now:
                act = _fill if moment.fills else _end
                threading.Timer(moment.seconds, act).start() if moment.seconds else act()

    @contextmanager
    def watched(stream: TextIO | None = None) -> Iterator[Progress]:
        yield Watched(sys.stderr)

    return watched


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fill() -> None:
    """Write a file until the disk of the home is full to the last byte."""
    with (Path(os.environ["TIERS_HOME"]) / BALLAST).open("ab", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    ballast.write(b"x" * size)
