"""The true totals and fates, in whole numbers and without any SQL: what the product has to find."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from bench import dirt
from bench.company import Days, Ints
from bench.orders import COUNTED, Batch, Rows, in_base


class Truth:
    """What is true as of one day; amounts are ten-thousandths of the base currency."""

    def __init__(self, as_of: int, customers: int) -> None:
        """`as_of` is counted from FIRST_DAY; of `customers` nobody has ordered yet."""
        self.as_of = as_of
        self.fates: dict[str, Counter[str]] = {}
        self.quarantined: dict[str, Counter[str]] = {}
        self._has_ordered = np.zeros(customers, dtype=np.bool_)
        self._customers = 0
        self._purchases = 0
        self._gross = 0
        self._refund = 0

    def count_rows(self, table: str, planted: Ints, flaws: Sequence[dirt.Flaw]) -> None:
        """The fates of the rows of a table, one per key and those that double it."""
        fates = self.fates.setdefault(table, Counter())
        reasons = self.quarantined.setdefault(table, Counter())
        numbers, counts = np.unique(planted, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            flaw = flaws[number] if number >= 0 else dirt.Flaw("staged")
            for fate in filter(None, (flaw.fate, flaw.extra)):
                fates[fate] += count
                if fate == dirt.QUARANTINED and flaw.reason:
                    reasons[flaw.reason] += count

    def add_orders(self, batch: Batch, rates: Ints) -> None:
        """The orders of a batch with its rows, flawed ones included."""
        self.count_rows("orders", batch.planted, dirt.ORDERS)
        self._add_amounts(batch.rows[dirt.is_staged(batch.planted, dirt.ORDERS)], rates)

    def correct_orders(self, before: Rows, after: Rows, rates: Ints) -> None:
        """Later versions of staged orders of known customers, in the same order."""
        self.fates["orders"]["superseded"] += len(before)
        self._add_amounts(before, rates, sign=-1)
        self._add_amounts(after, rates)

    def add_refunds(self, day: Days, amounts: Ints, planted: Ints, orphan: dirt.Flaw) -> None:
        """Refunds of staged orders; `orphan` is the flaw of those that are nobody's."""
        self.count_rows("refunds", planted, dirt.REFUNDS)
        counts = dirt.is_staged(planted, dirt.REFUNDS) & (day <= self.as_of)
        counts[dirt.having(planted, dirt.REFUNDS, orphan)] = False
        self._refund += int(amounts[counts].sum())

    def add_customers(self, first: int, created: Days, planted: Ints) -> None:
        """Customers from number `first` on, after all orders."""
        self.count_rows("customers", planted, dirt.CUSTOMERS)
        described = dirt.is_staged(planted, dirt.CUSTOMERS) & (created <= self.as_of)
        ordered = self._has_ordered[first : first + len(created)]
        self._customers += int((described | ordered).sum())

    def totals(self) -> dict[str, Any]:
        """The totals, amounts as decimal text."""
        return {
            "customers": self._customers,
            "purchases": self._purchases,
            "gross_amount": _money(self._gross),
            "refund_amount": _money(self._refund),
            "net_amount": _money(self._gross - self._refund),
        }

    def described(self) -> dict[str, Any]:
        """All of it, as the manifest holds it."""
        return {
            "totals": self.totals(),
            "fates": {table: dict(sorted(found.items())) for table, found in self.fates.items()},
            "quarantined": {
                table: dict(sorted(found.items())) for table, found in self.quarantined.items()
            },
        }

    def _add_amounts(self, rows: Rows, rates: Ints, sign: int = 1) -> None:
        rows = rows[rows["day"] <= self.as_of]
        self._has_ordered[rows["buyer"][rows["is_known"]]] = True
        # Each unknown customer has one order.
        self._customers += sign * int((~rows["is_known"]).sum())
        amounts = in_base(rows, rates)[COUNTED[rows["status"]]]
        self._purchases += sign * int((amounts > 0).sum())
        self._gross += sign * int(amounts[amounts > 0].sum())
        self._refund -= sign * int(amounts[amounts < 0].sum())


def _money(ten_thousandths: int) -> str:
    return f"{Decimal(ten_thousandths).scaleb(-4):f}"
