"""A process whose clock is wrong: what Python asks of it is moved, everywhere it is asked."""

import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any

YEAR = timedelta(days=365)


def a_year_back() -> None:
    """Move the clock of this process back."""
    _move(-YEAR)


def a_year_ahead() -> None:
    """Move the clock of this process ahead."""
    _move(YEAR)


def _move(by: timedelta) -> None:
    told = time.time

    class Moved(datetime):
        """datetime, by that clock."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            """The wrong moment."""
            return datetime.now(tz) + by

    def moved_time() -> float:
        return told() + by.total_seconds()

    time.time = moved_time
    for name, module in list(sys.modules.items()):
        # Dagster and the project hold the class by this name; both take now() from it.
        held = vars(module)
        if name.startswith(("orchestration.", "dagster")) and held.get("datetime") is datetime:
            held["datetime"] = Moved
