"""What is known of every customer on one day: its facts, its attributes, what people declared."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from .cells import reader
from .customers import facts
from .days import day_number
from .exact import number
from .merges import reader_of
from .rows import Row, rows_of


class Declaration(NamedTuple):
    """A class that a person set for a customer."""

    declared: datetime
    class_code: str
    valid_to: date | None


@dataclass(frozen=True)
class Known:
    """One day of a company.

    Attributes:
        as_of: the day.
        facts: a row for each customer, as `facts` gives them.
        attributes: (customer, name) to the latest value on or before the day, as text.
        declarations: customer, then scheme, to what was declared until the day, the latest first.
    """

    as_of: date
    facts: pd.DataFrame
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)
    declarations: dict[str, dict[str, list[Declaration]]] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """The facts of each customer, and under `declarations` what was declared for it."""
        return [
            row | {"declarations": self.declarations.get(row["customer_id"], {})}
            for row in rows_of(self.facts)
        ]

    def attribute(self, customer: str, name: str, kind: str) -> object:
        """The value of an attribute as text or as a number; None where it is no number."""
        value = self.attributes.get((customer, name))
        if value is None or kind == "text":
            return value
        units = reader(kind, ZoneInfo("UTC"))(value)
        return number(units) if isinstance(units, int) else None


def known(
    landing: Path,
    as_of: date,
    timezone: str,
    base_currency: str,
    shared_keys: Iterable[tuple[str, str]] = (),
) -> Known:
    """Read one day from the landing; the arguments are those of `facts`."""
    shared = list(shared_keys)
    read = reader_of(landing, timezone, shared)

    def until(table: str, moment: str) -> Iterable[Row]:
        of_the_past = (
            row for row in rows_of(read(table)) if day_number(row[moment]) <= day_number(as_of)
        )
        return sorted(of_the_past, key=lambda row: row[moment])

    told = Known(as_of, facts(landing, as_of, timezone, base_currency, shared))
    for row in until("attributes", "observed_at"):
        told.attributes[row["customer_id"], row["name"]] = row["value"]
    for row in until("declared_classes", "declared_at"):
        declared = Declaration(row["declared_at"], row["class_code"], row["valid_to"])
        of_customer = told.declarations.setdefault(row["customer_id"], {})
        of_customer.setdefault(row["scheme"], []).insert(0, declared)
    return told
