"""What was ordered, in which shop, and what of it came back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from orchestration.sources.synthetic.days import AS_OF, moment, sale_on
from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.money import CURRENCY_OF, HOME_CURRENCY, abroad, payable
from orchestration.sources.synthetic.people import HOME, Customer, Purchase

WEB, STORE, OVERSEAS = "W", "S", "O"
COMPLETED, SHIPPED, CANCELLED, TEST = "已完成", "已发货", "已取消", "测试"
CODES = ("", "", "", "", "会员日")


@dataclass(frozen=True)
class Order:
    """One order; amounts are in hundredths of its currency."""

    id: str
    shop: str
    customer: str
    at: datetime
    amount: int
    discount: int
    cost: int
    currency: str
    status: str
    code: str


@dataclass(frozen=True)
class Refund:
    """Hundredths of a yuan that are given back for an order, or to somebody when that is blank."""

    id: str
    order: str
    customer: str
    at: datetime
    cents: int


def trade(customers: list[Customer]) -> tuple[list[Order], list[Refund]]:
    """Every order, the oldest first, and what was given back for them."""
    drawn = [each for one in customers for each in _orders(one)]
    drawn.sort(key=lambda order: (order.at, order.customer, order.status, order.amount))
    numbers = {shop: count(1) for shop in (WEB, STORE, OVERSEAS)}
    orders = [replace(one, id=f"{one.shop}{next(numbers[one.shop]):05}") for one in drawn]
    returning = {one.id: one.archetype.returns for one in customers}
    refunds = [each for order in orders for each in _refunds(order, returning[order.customer])]
    return orders, refunds


def _orders(customer: Customer) -> Iterator[Order]:
    for number, purchase in enumerate(customer.purchases):
        dice = customer.dice(f"order {number}")
        order = _order(customer, dice, purchase)
        yield order
        # Some orders have a companion that counts nowhere, or that takes something back.
        if dice.happens(0.03):
            yield replace(order, status=CANCELLED, at=order.at - timedelta(minutes=7))
        if dice.happens(0.004):
            yield replace(order, status=TEST, at=order.at - timedelta(minutes=30))
        if dice.happens(0.01):
            credit = payable(order.amount // 4, order.currency)
            yield replace(order, amount=-credit, discount=0, cost=0, code="")
        if dice.happens(0.005):
            yield replace(order, amount=0, discount=0, cost=0, code="")


def _order(customer: Customer, dice: Dice, purchase: Purchase) -> Order:
    at = moment(dice, purchase.ago)
    currency = CURRENCY_OF.get(customer.country, HOME_CURRENCY)
    shop = dice.one_of((WEB, WEB, STORE)) if customer.country == HOME else OVERSEAS
    amount = purchase.cents
    if currency != HOME_CURRENCY:
        amount = abroad(amount, currency, at.date())
    hunts = customer.archetype.hunts_bargains
    code = "清仓特惠" if hunts else sale_on(at.date()) or dice.one_of(CODES)
    share = dice.real(1.7, 2.4) if hunts else dice.real(0.03, 0.2) if code else 0
    discount = payable(int(amount * share), currency)
    cost = int(amount * dice.real(0.5, 0.75))
    status = SHIPPED if purchase.ago < 4 else dice.one_of((COMPLETED,) * 30 + ("",))
    return Order("", shop, customer.id, at, amount, discount, cost, currency, status, code)


def _refunds(order: Order, share: float) -> Iterator[Refund]:
    """What is given back of an order, some days after it."""
    dice = Dice("refund", order.id)
    at = order.at + timedelta(days=dice.whole(1, 20), hours=dice.whole(0, 3))
    is_sale = order.amount > 0 and order.status not in (CANCELLED, TEST)
    if not is_sale or order.currency != HOME_CURRENCY or at.date() > AS_OF:
        return
    if dice.happens(share):
        part = dice.one_of((1, 1, 2))
        # Two in three are known by their order, the others by who got the money.
        by_order = dice.happens(0.67)
        whose = (order.id, "") if by_order else ("", order.customer)
        yield Refund(f"T{order.id}", *whose, at, order.amount // part)
