"""What customers think: ratings, reviews and complaints of the last year."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from orchestration.sources.synthetic.days import moment
from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row
from orchestration.sources.synthetic.people import Customer

PRODUCT, SERVICE, PROCESS = "产品", "服务", "流程"


@dataclass(frozen=True)
class Mood:
    """How somebody answers.

    Attributes:
        rating: of 1 to 5. recommends: of 0 to 10.
        complains: how often.
        settled: days until a complaint is; (0, 0) never.
    """

    rating: tuple[int, int]
    recommends: tuple[int, int]
    complains: float
    settled: tuple[int, int]


MOODS = {
    "pleased": Mood((5, 5), (9, 10), 0.0, (1, 1)),
    "soothed": Mood((4, 5), (8, 10), 0.9, (1, 2)),
    "fair": Mood((3, 4), (7, 8), 0.3, (3, 6)),
    "cross": Mood((1, 2), (0, 6), 0.5, (0, 0)),
    "vexed": Mood((1, 3), (2, 7), 0.9, (9, 25)),
}


def feedback_rows(customers: list[Customer]) -> list[Row]:
    """The export of feedback; numbered in the order of the customers."""
    numbers = count(1)
    return [
        {"反馈编号": f"F{next(numbers):04}", "客户编号": customer.id} | row
        for customer in customers
        for row in _feedback(customer)
    ]


def _feedback(customer: Customer) -> Iterator[Row]:
    dice = customer.dice("opinions")
    name = dice.one_of(customer.archetype.moods)
    if not name:
        return
    mood = MOODS[name]
    if dice.happens(0.7):
        yield _said(dice, "满意度调查", "", dice.whole(*mood.rating))
    if dice.happens(0.5):
        yield _said(dice, "推荐度调查", "", dice.whole(*mood.recommends))
    for topic in (PRODUCT, SERVICE, PROCESS):
        if dice.happens(0.45):
            yield _said(dice, "评价", topic, dice.whole(*mood.rating))
    if dice.happens(mood.complains):
        yield _complaint(dice, mood)


def _said(dice: Dice, kind: str, topic: str, score: int | None, ago: int | None = None) -> Row:
    when = moment(dice, dice.whole(5, 350) if ago is None else ago)
    return {
        "时间": f"{when:%Y-%m-%d %H:%M}",
        "类型": kind,
        "主题": topic,
        "分数": "" if score is None else str(score),
        "解决时间": "",
    }


def _complaint(dice: Dice, mood: Mood) -> Row:
    ago = dice.whole(30, 350)
    row = _said(dice, "投诉", dice.one_of((PRODUCT, SERVICE, SERVICE, PROCESS)), None, ago)
    days = dice.whole(*mood.settled)
    if days:
        row["解决时间"] = f"{moment(dice, ago - days):%Y-%m-%d %H:%M}"
    return row
