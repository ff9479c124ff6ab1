"""Servers of this machine: ports for them, and waiting until one answers."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from contextlib import ExitStack

PAUSE = 0.1


def free_ports(count: int) -> list[int]:
    """So many ports of the loopback address, each another, on which nobody listens."""
    with ExitStack() as held:
        # Held together: one that was let go may be given out again.
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def answers(url: str, process: subprocess.Popen[bytes], patience: float) -> bool:
    """Wait until a page is there; False when its process ends, or seconds of patience do."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            time.sleep(PAUSE)
    return False
