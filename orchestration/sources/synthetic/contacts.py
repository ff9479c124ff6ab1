"""What passes between the customers and the company beside orders."""

from collections.abc import Iterator
from itertools import count

from orchestration.sources.synthetic.days import day, moment
from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row
from orchestration.sources.synthetic.people import Customer

BY_US, BY_THEM = "公司发起", "客户发起"
Choices = tuple[tuple[str, str, str, str], ...]
# Kind, who began it, through what, what came of it.
TO_CONSUMERS: Choices = (
    ("浏览", BY_THEM, "官网", ""),
    ("浏览", BY_THEM, "小程序", ""),
    ("营销活动", BY_US, "短信", "已送达"),
    ("营销活动", BY_US, "微信", "已阅读"),
    ("优惠券", BY_THEM, "小程序", "已领取"),
    ("邮件", BY_US, "邮件", "已送达"),
    ("回复", BY_THEM, "微信", "已答复"),
    ("技术支持", BY_THEM, "电话", "已解决"),
)
TO_BUSINESSES: Choices = (
    ("电话", BY_US, "电话", "已接通"),
    ("电话", BY_US, "电话", "未接通"),
    ("拜访", BY_US, "上门", "已面谈"),
    ("邮件", BY_US, "邮件", "已阅读"),
    ("技术支持", BY_THEM, "电话", "已解决"),
)
ADVERTISING: Choices = (("营销活动", BY_US, "短信", "已送达"), ("邮件", BY_US, "邮件", "已送达"))
STAGES = ("初步接洽", "方案", "谈判")


def interaction_rows(customers: list[Customer]) -> list[Row]:
    """The export of interactions; numbered in the order of the customers."""
    numbers = count(1)
    return [
        {"互动编号": f"H{next(numbers):05}", "客户编号": customer.id} | row
        for customer in customers
        for row in (*_contacts(customer), *_about_quotes(customer))
    ]


def opportunity_rows(customers: list[Customer]) -> list[Row]:
    """The export of opportunities: one per customer that is spoken with about a sale."""
    numbers = count(1)
    return [
        {"商机编号": f"C{next(numbers):03}", "客户编号": customer.id} | _opportunity(customer)
        for customer in customers
        if customer.archetype.deal
    ]


def _contacts(customer: Customer) -> Iterator[Row]:
    dice = customer.dice("contacts")
    usual = customer.archetype.contacts
    # Who has not bought does not answer by chance: some were sent a quote, and wait or not.
    to_people = TO_CONSUMERS if customer.purchases else ADVERTISING
    choices = to_people if customer.is_consumer else TO_BUSINESSES
    for _ in range(dice.whole(usual // 2, usual * 3 // 2)):
        # More of late than long ago.
        yield _contact(
            dice, int(dice.skewed(1, min(customer.created, 400) + 1)), *dice.one_of(choices)
        )


def _about_quotes(customer: Customer) -> Iterator[Row]:
    """A quote is sent after the opportunity begins; some customers answer it."""
    dice = customer.dice("quotes")
    ago = quoted_ago(customer)
    if customer.archetype.deal in ("quoted", "answered"):
        yield _contact(dice, ago, "报价", BY_US, "邮件", "已发送")
    if customer.archetype.deal == "answered":
        yield _contact(dice, ago - 3, "回复", BY_THEM, "邮件", "已答复")


def _contact(dice: Dice, ago: int, kind: str, direction: str, channel: str, outcome: str) -> Row:
    return {
        "时间": f"{moment(dice, ago):%Y-%m-%d %H:%M}",
        "类型": kind,
        "方向": direction,
        "渠道": channel,
        "结果": outcome,
    }


def quoted_ago(customer: Customer) -> int:
    """How many days ago a quote was sent."""
    return customer.dice("quoted").whole(10, 60)


def _opportunity(customer: Customer) -> Row:
    dice = customer.dice("opportunity")
    deal = customer.archetype.deal
    ago = quoted_ago(customer)
    closed = {"won": "赢单", "lost": "输单"}.get(deal)
    return {
        "阶段": closed or ("报价" if deal in ("quoted", "answered") else dice.one_of(STAGES)),
        "建立时间": f"{moment(dice, ago + dice.whole(5, 40)):%Y-%m-%d %H:%M}",
        "预计金额": f"{dice.whole(2, 90)}000.00",
        "报价时间": f"{moment(dice, ago):%Y-%m-%d %H:%M}" if deal in ("quoted", "answered") else "",
        "预计结束": f"{day(-dice.whole(5, 90)):%Y-%m-%d} 18:00",
        "结束时间": f"{moment(dice, ago - 5):%Y-%m-%d %H:%M}" if closed else "",
        "是否赢单": {"won": "是", "lost": "否"}.get(deal, ""),
    }
