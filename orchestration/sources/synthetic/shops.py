"""The exports of the three shops: orders, their lines and refunds."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone

from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row
from orchestration.sources.synthetic.money import payable, text
from orchestration.sources.synthetic.trade import OVERSEAS, STORE, WEB, Order, Refund

BEIJING = timezone(timedelta(hours=8))
ZONES = {"美元": timezone(timedelta(hours=-5)), "日元": timezone(timedelta(hours=9))}
PLACES = {WEB: ("官网", "小程序", "小程序"), STORE: ("一号店", "二号店"), OVERSEAS: ("海外站",)}
CATEGORIES = ("茶叶", "咖啡", "零食", "日用", "家电", "服饰", "图书", "运动")
PRODUCTS = tuple((f"P{number:03}", CATEGORIES[number % 8]) for number in range(1, 41))


def order_rows(orders: Sequence[Order], shop: str) -> list[Row]:
    """The export of one shop."""
    more = {WEB: _in_web, STORE: _in_store, OVERSEAS: _overseas}[shop]
    return [_order(order) | more(order) for order in orders if order.shop == shop]


def line_rows(orders: Sequence[Order]) -> list[Row]:
    """What the orders are made of; the amounts of an order's lines add up to its own."""
    return [row for order in orders if order.amount > 0 for row in _lines(order)]


def refund_rows(refunds: Sequence[Refund]) -> list[Row]:
    """Refunds, in yuan."""
    return [
        {
            "退款单号": refund.id,
            "订单编号": refund.order,
            "客户编号": refund.customer,
            "退款时间": f"{refund.at:%Y-%m-%d %H:%M:%S}",
            "退款金额": text(refund.cents),
        }
        for refund in refunds
    ]


def _order(order: Order) -> Row:
    return {
        "订单编号": order.id,
        "客户编号": order.customer,
        "实付金额": text(order.amount),
        "优惠金额": text(order.discount),
        "优惠码": order.code,
        "状态": order.status,
        "渠道": Dice("place", order.id).one_of(PLACES[order.shop]),
    }


def _in_web(order: Order) -> Row:
    """The one that keeps versions, and writes days in the Chinese way."""
    return {
        "下单时间": f"{order.at:%Y/%m/%d %H:%M}",
        "成本": text(order.cost),
        "更新时间": f"{order.at + timedelta(hours=2):%Y/%m/%d %H:%M}",
        "已删除": "否",
    }


def _in_store(order: Order) -> Row:
    return {"下单时间": f"{order.at:%Y-%m-%d %H:%M:%S}", "成本": text(order.cost)}


def _overseas(order: Order) -> Row:
    """Local times with their offset; what the goods cost is not known there."""
    local = order.at.replace(tzinfo=BEIJING).astimezone(ZONES[order.currency])
    return {"下单时间": local.isoformat(), "币种": order.currency}


def _lines(order: Order) -> Iterator[Row]:
    dice = Dice("lines", order.id)
    count = dice.one_of((1, 1, 1, 2, 2))
    left = order.amount
    for number in range(1, count + 1):
        product, category = dice.one_of(PRODUCTS)
        part = payable(left * dice.whole(20, 60) // 100, order.currency)
        amount = left if number == count else part
        left -= amount
        yield {
            "订单编号": order.id,
            "行号": str(number),
            "商品": product,
            "品类": category,
            "数量": str(int(dice.skewed(1, 6))),
            "金额": text(amount),
        }
