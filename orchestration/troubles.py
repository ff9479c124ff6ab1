"""Trouble that the machine makes: known by the words in which it comes, with what to do about it.

The engine, the database of the run records and Python each tell of a full disk in their own way,
and none of them says what a person can do.
"""

from __future__ import annotations

import re

RUN_AGAIN = "Nothing is lost: what was begun is swept away by the next run"
TROUBLES = (
    (
        r"No space left on device|disk is full|not enough disk space",
        f"The disk is full. Free some space where TIERS_HOME lies, and run again. {RUN_AGAIN}.",
    ),
    (
        r"File too large|Disk quota exceeded|disk I/O error",
        "A file cannot be written to its end: a quota, a limit of the process (`ulimit -f`) or a "
        f"failing disk is in the way. Remove that, and run again. {RUN_AGAIN}.",
    ),
    (
        r"Read-only file system|Permission denied|readonly database|unable to open database file"
        r"|Operation not permitted",
        "Something in TIERS_HOME may not be written. Let the user of the run own all of it, on a "
        f"disk that is not read-only, and run again. {RUN_AGAIN}.",
    ),
    (
        r"Out of Memory|MemoryError|Cannot allocate memory|bad[_ ]alloc|failed to allocate"
        r"|can't start new thread",
        "There is not enough memory. Give the machine or the process more, or raise "
        f"TIERS_MEMORY_LIMIT, and run again. {RUN_AGAIN}.",
    ),
    (
        r"Could not set lock on file|Conflicting lock|already open",
        "Another process has the file open. Close it there, or end that process, and run again. "
        f"{RUN_AGAIN}.",
    ),
)


def words_of_trouble(error: str) -> str | None:
    """The words by which trouble of the machine is known; None for every other error."""
    found = (re.search(words, error, re.IGNORECASE) for words, _ in TROUBLES)
    return next((match[0] for match in found if match), None)


def what_to_do(error: str) -> str | None:
    """Advice for an error of the machine, by its text; None for every other one."""
    for words, advice in TROUBLES:
        if re.search(words, error, re.IGNORECASE):
            return advice
    return None
