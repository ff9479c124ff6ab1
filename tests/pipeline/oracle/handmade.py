"""A landing made by hand, for companies small enough to work out on paper."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from .customers import facts
from .known import Known, known
from .rows import Row, rows_of

DAY = date(2024, 6, 30)
ORDER = ("order_id", "customer_id", "ordered_at", "amount")


def back(days: int) -> str:
    """The day so many days before DAY, as text."""
    return (DAY - timedelta(days=days)).isoformat()


class Company:
    """A landing that a test fills with loads of text."""

    def __init__(self, folder: Path) -> None:
        self.landing = folder
        self._sequence = 0

    def load(
        self, table: str, columns: Sequence[str], *rows: Sequence[str | None], **receipt: object
    ) -> "Company":
        """Commit one load of these rows; `receipt` replaces what its receipt says."""
        self._sequence += 1
        folder = self.landing / table / f"{self._sequence:06d}-main-00000000"
        folder.mkdir(parents=True)
        data = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
        data.insert(0, "_row", range(1, len(rows) + 1))
        data.insert(1, "_malformed", None)
        data.to_parquet(folder / "data.parquet")
        told = {
            "sequence": self._sequence,
            "rows": len(rows),
            "entry": "main",
            "columns": list(columns),
            "source_sha256": str(self._sequence),
            "mapping_sha256": "same",
        }
        (folder / "load.json").write_text(json.dumps(told | receipt), encoding="utf-8")
        return self

    def orders(self, *rows: Sequence[str | None], **receipt: object) -> "Company":
        """Commit one load of orders that have nothing but the required columns."""
        return self.load("orders", ORDER, *rows, **receipt)

    def facts(self, as_of: date = DAY, timezone: str = "UTC") -> dict[str, Row]:
        """The facts of each customer, by customer_id."""
        frame = facts(self.landing, as_of, timezone, "CNY")
        return {row["customer_id"]: row for row in rows_of(frame)}

    def known(self, as_of: date = DAY, timezone: str = "UTC") -> Known:
        """What is known on a day."""
        return known(self.landing, as_of, timezone, "CNY")

    def fact(self, name: str, customer: str = "a", timezone: str = "UTC") -> object:
        """One fact of one customer."""
        return self.facts(timezone=timezone)[customer][name]
