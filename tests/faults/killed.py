"""Run something in a process of its own that ends by SIGKILL at a chosen moment."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

# Forked from a process that has the libraries imported and no threads: quick, and safe to fork.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "orchestration.publishing",
        "orchestration.history",
        "orchestration.landing",
        "orchestration.running",
        "orchestration.expectations",
        "dbt.cli.main",
        "dlt.sources.sql_database",
    ]
)

CHANGES = {
    "os.chmod",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
}


def killed_before_change(number: int, action: Callable[..., object], *arguments: Any) -> bool:
    """Run the action, killed just before it changes the file system for the number-th time.

    Returns False when the action was done before that. Python's own audit events tell the moment:
    each rename, removal, new folder, symlink, mode, and each file opened for writing.
    """
    return _was_killed(_run_until_change, number, action, arguments)


def killed_at_report(beginning: str, action: Callable[..., object], *arguments: Any) -> bool:
    """Run the action, which gets a report as its last argument, killed when it reports this."""
    return _was_killed(_run_until_report, beginning, 0.0, action, arguments)


def killed_after_report(
    beginning: str, seconds: float, action: Callable[..., object], *arguments: Any
) -> bool:
    """As killed_at_report, some seconds later: in the middle of what was reported."""
    return _was_killed(_run_until_report, beginning, seconds, action, arguments)


def _was_killed(target: Callable[..., object], *arguments: Any) -> bool:
    process = FORKS.Process(target=target, args=arguments)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), "the action failed by itself"
    return process.exitcode == -signal.SIGKILL


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _run_until_change(number: int, action: Callable[..., object], arguments: Any) -> None:
    left = number

    def count(event: str, details: tuple[Any, ...]) -> None:
        nonlocal left
        writes = event == "open" and isinstance(details[1], str) and set(details[1]) & set("wax+")
        if writes or event in CHANGES:
            left -= 1
            if left == 0:
                _end()

    sys.addaudithook(count)
    action(*arguments)
    # What the interpreter does on its way out is not the action's.
    os._exit(0)


def _run_until_report(
    beginning: str, seconds: float, action: Callable[..., object], arguments: Any
) -> None:
    def report(text: str) -> None:
        if text.startswith(beginning):
            if seconds:
                threading.Timer(seconds, _end).start()
            else:
                _end()

    action(*arguments, report)
    os._exit(0)
