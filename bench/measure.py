"""Run a command as a process of its own and measure all of it."""

import json
import os
import subprocess
import sys
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
    """Run to the end. What it prints goes to `log`. Raises CommandFailed.

    The system counts the memory of whoever starts a process among that process's own. So it is
    started by one that has hardly any: this file, run as a program.
    """
    told = subprocess.run(
        [sys.executable, "-I", __file__, str(log), *command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    took = json.loads(told)
    if took.pop("returncode"):
        raise CommandFailed(f"{' '.join(command)} ended with an error; see {log}.")
    return Measured(**took)


def _run(log: str, *command: str) -> None:
    """Run a command and print how it ended and what it took."""
    started = time.perf_counter()
    with Path(log).open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = {
        "returncode": process.returncode,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_gib": usage.ru_maxrss / KIB_PER_GIB,
    }
    print(json.dumps(took))


if __name__ == "__main__":
    _run(*sys.argv[1:])
