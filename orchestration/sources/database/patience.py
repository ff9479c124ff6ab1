"""A connection to PostgreSQL that does not wait without an end.

The server ends a statement that takes too long, and the system gives up a line that is cut. Neither
helps where something between the two holds the line open and passes nothing on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg


def patient(limit: timedelta) -> type[psycopg.Connection[tuple[Any, ...]]]:
    """A class of connections that raise OperationalError when an answer stays away for so long."""
    seconds = limit.total_seconds()

    class Patient(psycopg.Connection[tuple[Any, ...]]):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, timeout or seconds)
            except psycopg.errors._WaitTimeout:
                # Else its end would ask the silent server for a rollback, and wait again.
                self.close()
                raise psycopg.OperationalError(f"no answer within {seconds:.0f} seconds") from None

    return Patient
