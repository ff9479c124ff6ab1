"""What happened to each customer up to a day, from the staged tables."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import pandas as pd

from .contacts import Feedback, Interaction, Opportunity
from .days import day_number, inside
from .exact import NUMBER, half_up
from .orders import Purchase, Refund
from .rows import Row, rows_of

UNCOUNTED = frozenset({"cancelled", "test"})


class Events:
    """The dated rows of every customer, none of them after the day.

    Attributes:
        purchases, refunds, interactions, opportunities, feedback: customer to its rows.
        lines: customer to (quantity, category) of the lines of its purchases of the last 365 days.
        orderers: customers with an order of any kind up to the day.
    """

    def __init__(
        self, read: Callable[[str], pd.DataFrame], as_of: date, base_currency: str
    ) -> None:
        """Read every table once; `read` gives the staged rows of a table."""
        self.today = day_number(as_of)
        self._base = base_currency
        customers = rows_of(read("customers"))
        self.described: dict[str, Row] = {row["customer_id"]: row for row in customers}
        self.orderers: set[str] = set()
        self.purchases: defaultdict[str, list[Purchase]] = defaultdict(list)
        self.refunds: defaultdict[str, list[Refund]] = defaultdict(list)
        self.lines: defaultdict[str, list[tuple[int | None, str | None]]] = defaultdict(list)
        self.interactions: defaultdict[str, list[Interaction]] = defaultdict(list)
        self.opportunities: defaultdict[str, list[Opportunity]] = defaultdict(list)
        self.feedback: defaultdict[str, list[Feedback]] = defaultdict(list)
        orders = self._in_base_currency(read("orders"), read("exchange_rates"))
        self._add_orders(orders)
        self._add_refunds(read("refunds"), orders)
        self._add_lines(read("order_lines"))
        self._add_contacts(read)

    def happened(self, customer: str) -> bool:
        """Whether anything of the customer is dated on or before the day."""
        return customer in self.orderers or any(
            rows.get(customer)
            for rows in (self.refunds, self.interactions, self.opportunities, self.feedback)
        )

    def _in_base_currency(self, orders: pd.DataFrame, rates: pd.DataFrame) -> list[Row]:
        """Orders with their money in base currency; those without a rate for their day wait."""
        rate_of = {
            (row["currency"], row["rate_date"]): row["rate_to_base"] for row in rows_of(rates)
        }
        converted = []
        for order in rows_of(orders):
            if order["currency"] not in (None, self._base):
                rate = rate_of.get((order["currency"], order["ordered_at"].date()))
                if rate is None:
                    continue
                for column in ("amount", "discount_amount", "cost_amount"):
                    if order[column] is not None:
                        order[column] = half_up(order[column] * rate, NUMBER)
            converted.append(order)
        return converted

    def _add_orders(self, orders: list[Row]) -> None:
        for order in orders:
            customer, amount = order["customer_id"], order["amount"]
            day = day_number(order["ordered_at"])
            if day > self.today:
                continue
            self.orderers.add(customer)
            if order["status"] in UNCOUNTED:
                continue
            if amount > 0:
                self.purchases[customer].append(
                    Purchase(
                        order_id=order["order_id"],
                        day=day,
                        amount=amount,
                        discount=order["discount_amount"],
                        cost=order["cost_amount"],
                        promo_code=order["promo_code"],
                    )
                )
            elif amount < 0:
                self.refunds[customer].append(Refund(day=day, amount=-amount))

    def _add_refunds(self, refunds: pd.DataFrame, orders: list[Row]) -> None:
        customer_of = {order["order_id"]: order["customer_id"] for order in orders}
        for refund in rows_of(refunds):
            customer = refund["customer_id"] or customer_of.get(refund["order_id"])
            day = day_number(refund["refunded_at"])
            if customer is not None and day <= self.today:
                self.refunds[customer].append(Refund(day=day, amount=refund["amount"]))

    def _add_lines(self, lines: pd.DataFrame) -> None:
        buyer_of = {
            purchase.order_id: customer
            for customer, purchases in self.purchases.items()
            for purchase in purchases
            if inside(purchase.day, self.today, 365)
        }
        for order_id, quantity, category in zip(
            lines["order_id"], lines["quantity"], lines["category"], strict=True
        ):
            if order_id in buyer_of:
                self.lines[buyer_of[order_id]].append((quantity, category))

    def _add_contacts(self, read: Callable[[str], pd.DataFrame]) -> None:
        for row in rows_of(read("interactions")):
            if day_number(row["occurred_at"]) <= self.today:
                self.interactions[row["customer_id"]].append(
                    Interaction(row["occurred_at"], row["kind"], row["direction"])
                )
        for row in rows_of(read("opportunities")):
            if day_number(row["created_at"]) <= self.today:
                self.opportunities[row["customer_id"]].append(
                    Opportunity(
                        created=row["created_at"],
                        closed=row["closed_at"],
                        quoted=row["quoted_at"],
                        stage=row["stage"],
                        is_won=row["is_won"],
                    )
                )
        for row in rows_of(read("feedback")):
            if day_number(row["occurred_at"]) <= self.today:
                resolved = row["resolved_at"]
                self.feedback[row["customer_id"]].append(
                    Feedback(
                        feedback_id=row["feedback_id"],
                        moment=row["occurred_at"],
                        kind=row["kind"],
                        topic=row["topic"],
                        score=row["score"],
                        resolved=day_number(resolved) if resolved else None,
                    )
                )
