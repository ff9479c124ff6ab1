"""A shop whose exports are late, corrected, deleted and repeated, day after day; from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

COLUMNS = ("order_id", "customer_id", "ordered_at", "amount", "updated_at", "is_deleted")
CUSTOMERS = 30
NEW, LATE, CHANGED, DELETED, REPEATED = 8, 2, 3, 1, 4
# How many days an order may come late.
LATEST = 30


@dataclass(frozen=True)
class Order:
    """One version of an order."""

    order_id: str
    customer_id: str
    ordered_on: date
    cents: int
    updated_on: date
    is_deleted: bool = False

    @property
    def row(self) -> tuple[str, ...]:
        """As it is exported."""
        return (
            self.order_id,
            self.customer_id,
            f"{self.ordered_on} 12:00:00",
            f"{self.cents / 100:.2f}",
            f"{self.updated_on} 23:00:00",
            "yes" if self.is_deleted else "",
        )


@dataclass
class BusyShop:
    """What stands in the shop, and what it exports next."""

    seed: int
    orders: dict[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def export(self, day: date) -> list[tuple[str, ...]]:
        """The rows of one day's file: new, late, changed, deleted, and some once more."""
        known = [order for order in self.orders.values() if not order.is_deleted]
        touched = self._dice.sample(known, min(len(known), CHANGED + DELETED))
        made = [*self._new(day), *self._changed(day, touched)]
        self.orders.update({order.order_id: order for order in made})
        untouched = [order for order in known if order not in touched]
        again = self._dice.sample(untouched, min(len(untouched), REPEATED))
        return [order.row for order in (*made, *again)]

    def _new(self, day: date) -> Iterator[Order]:
        for number in range(NEW + LATE):
            ago = 0 if number < NEW else self._dice.randint(1, LATEST)
            customer = f"c{self._dice.randint(1, CUSTOMERS):02}"
            cents = self._dice.randint(1_00, 900_00)
            yield Order(f"b{day}-{number}", customer, day - timedelta(ago), cents, day)

    def _changed(self, day: date, touched: list[Order]) -> Iterator[Order]:
        for number, order in enumerate(touched):
            if number < CHANGED:
                yield replace(order, cents=order.cents + 1_25, updated_on=day)
            else:
                yield replace(order, is_deleted=True, updated_on=day)

    @property
    def standing(self) -> tuple[int, int]:
        """How many orders there are, and their cents: what facts have to add up to."""
        cents = [order.cents for order in self.orders.values() if not order.is_deleted]
        return len(cents), sum(cents)
