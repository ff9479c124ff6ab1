"""The days of the company: the last one, those before it, and how busy each is."""

from datetime import date, datetime, time, timedelta

from orchestration.sources.synthetic.dice import Dice

AS_OF = date(2025, 6, 30)
# Monday to Sunday.
WEEK = (0.8, 0.8, 0.85, 0.9, 1.1, 1.5, 1.3)
SALES = {(11, day): "双十一" for day in range(8, 13)} | {
    (6, day): "618大促" for day in range(15, 20)
}
DURING_A_SALE = 4.0


def day(ago: int) -> date:
    """The day so many days before the last; a negative number is a day after it."""
    return AS_OF - timedelta(ago)


def moment(dice: Dice, ago: int) -> datetime:
    """A time of that day at which people are awake."""
    return datetime.combine(day(ago), time(dice.whole(8, 21), dice.whole(0, 59)))


def sale_on(when: date) -> str:
    """The name of the sale on that day; blank when there is none."""
    return SALES.get((when.month, when.day), "")


def near(dice: Dice, ago: int) -> int:
    """The same day or one of those around it, rather a Saturday or the day of a sale."""
    around = range(ago - 3, ago + 4)
    return dice.weighted(around, [_busyness(day(each)) for each in around])


def _busyness(when: date) -> float:
    return WEEK[when.weekday()] * (DURING_A_SALE if sale_on(when) else 1)
