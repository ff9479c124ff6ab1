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
        # Dagster and the project hold the class by this name and ask it. The command line only
        # reads dates by it, and typer knows no other class.
        asks = name.startswith(("orchestration.", "dagster")) and ".cli" not in name
        if asks and vars(module).get("datetime") is datetime:
            vars(module)["datetime"] = Moved
