"""Run a command as a process of its own and measure all of it."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KIB_PER_GIB = 2**20


class CommandFailed(RuntimeError):
    """A measured command ended with an error. Names its log."""


@dataclass(frozen=True)
class Measured:
    """What a process took: wall and CPU seconds, and the most memory it ever held, in GiB."""

    seconds: float
    cpu_seconds: float
    peak_gib: float


def measure(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
    """Run to the end. What it prints goes to `log`. Raises CommandFailed."""
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailed(f"{' '.join(command)} ended with an error; see {log}.")
    return Measured(
        time.perf_counter() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / KIB_PER_GIB,
    )
