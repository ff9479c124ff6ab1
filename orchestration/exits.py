"""How a command ends: every error becomes a message for people and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from orchestration.private import written_privately
from orchestration.settings import SettingError, Settings
from orchestration.troubles import what_to_do

# The last as shells count a program that Ctrl-C ended.
FAILED, WRONG_INPUT, LOCKED, STOPPED = 1, 2, 3, 130
# What a person can correct before anything runs. By name, since importing them all takes a second;
# a test holds the names against the classes.
WRONG_INPUTS = frozenset(
    {
        "AdviceError",
        "CalibrationError",
        "CanonicalError",
        "DayError",
        "ErasureError",
        "LandingError",
        "ManifestError",
        "NothingBuilt",
        "NothingPublished",
        "PolicyError",
        "PseudonymError",
        "SettingError",
        "SourceError",
        "SuiteError",
        "UnknownCategory",
        "UnknownCustomer",
        "UnknownRelease",
        "UnknownScheme",
    }
)
# What went wrong in a run, told by the run itself.
FAILURES = frozenset(
    {
        "BuildFailed",
        "HistoryError",
        "PublishError",
        "RunFailed",
        "StoreError",
        "WarehouseUnusable",
    }
)


@contextmanager
def told_to_people() -> Iterator[None]:
    """End the program with a message and the code of what went wrong in the block."""
    try:
        yield
    except Exception as error:
        kinds = {kind.__name__ for kind in type(error).__mro__}
        text = "\n".join([str(error), *getattr(error, "__notes__", [])])
        if "RunLocked" in kinds:
            _stop(text, LOCKED)
        if "Stopped" in kinds:
            _stop(text, STOPPED)
        if kinds & WRONG_INPUTS:
            _stop(text, WRONG_INPUT)
        if advice := not kinds & FAILURES and what_to_do(text):
            text = f"{text.splitlines()[0]}\n{advice}"
        elif not kinds & FAILURES:
            text = f"{type(error).__name__}: {text}\n{_keep_account()}"
        _stop(text, FAILED)


def _keep_account() -> str:
    """Write the traceback where a developer finds it, and say where that is."""
    try:
        home = Settings.from_environment().home
        home.mkdir(parents=True, exist_ok=True)
        account = home / "last_error.log"
        account.unlink(missing_ok=True)  # that of an earlier error may be open to all
        with written_privately():  # the lock that saw to it is gone by now
            account.write_text(traceback.format_exc(), "utf-8")
    except (OSError, SettingError) as error:
        return f"This should not happen, and its account could not be kept ({error})."
    return f"This should not happen. Please report it with {account}."


def _stop(text: str, code: int) -> NoReturn:
    print(text, file=sys.stderr)
    sys.exit(code)
