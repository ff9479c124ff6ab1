"""Cells that lie on an edge: of a window, of a day, of what can be read."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

Row = tuple[str, ...]
# Makes one cell: of a company's day, its number of customers and the number of the row.
Cell = Callable[[Random, date, int, int], str]

# Days before the day that is classified: the edges of every window, a few inside, the future.
AGES = (
    *(0, 1, 2, 7, 28, 29, 30, 31, 60, 88, 89, 90, 91, 120, 150, 178, 179, 180, 181, 240, 300),
    *(358, 359, 360, 363, 364, 365, 366, 400, 730, 731, 1095, 1096, 1461, -1, -2, -40),
)
CLOCKS = (
    *("", "", " 00:00", " 00:00:00", "T23:59:59.999999", " 12:30:15", "T20:00:00Z"),
    *("T15:59:59+00:00", " 16:00:00+0000", "T00:30:00+09:00", "T21:00:00-05"),
)
NO_MOMENTS = ("", "2024-02-30", "2025", "yesterday", "01/02/2024", "2024-13-01", "2024-01-01 7pm")
AMOUNTS = (
    *("10", "10.00", "10", "19.99", "250", "100.5", "2500", "11000", "40000", "0.01", "3.3333"),
    *("0", "0.00", "-5", "-19.99", "-300", "0.00005", "0.00004", "1e2", "+7.5", ".5"),
)
NO_NUMBERS = ("abc", "1,000.5", "12.3.4", "--1", "1 2", "$5")
KINDS = ("call", "visit", "email", "browse", "campaign", "coupon", "reply", "quote", "support")


def mostly(usual: Sequence[str], odd: Sequence[str]) -> Cell:
    """A usual text nineteen times of twenty, else an odd one."""

    def cell(random: Random, as_of: date, people: int, number: int) -> str:
        return random.choice(odd if random.random() < 0.05 else usual)

    return cell


def moment(random: Random, as_of: date, people: int, number: int) -> str:
    """A timestamp near an edge, naive or with an offset; now and then one that is none."""
    if random.random() < 0.03:
        return random.choice(NO_MOMENTS)
    day = as_of - timedelta(days=random.choice(AGES))
    return day.isoformat() + random.choice(CLOCKS)


def maybe_moment(random: Random, as_of: date, people: int, number: int) -> str:
    """A timestamp half of the time, else nothing."""
    return random.choice(["", moment(random, as_of, people, number)])


def customer(random: Random, as_of: date, people: int, number: int) -> str:
    """One of the customers, the first ones more often; now and then a stranger, or nobody."""
    if random.random() < 0.05:
        return random.choice(["", " ", "007", "7", "C1"])
    return f"c{int(people * random.random() ** 2)}"


def order(random: Random, as_of: date, people: int, number: int) -> str:
    """One of the first orders; now and then none that exists."""
    return random.choice(["", "nowhere"]) if random.random() < 0.05 else f"o{random.randrange(40)}"


def numbered(letter: str) -> Cell:
    """An identity of the row's own; now and then a blank one, or one that comes again."""

    def cell(random: Random, as_of: date, people: int, number: int) -> str:
        odd = random.choice(["", " ", "07", "7"])
        return odd if random.random() < 0.04 else f"{letter}{number}"

    return cell


def a_day(random: Random, as_of: date, people: int, number: int) -> str:
    """A date near an edge."""
    return (as_of - timedelta(days=random.choice(AGES))).isoformat()


def order_or_none(random: Random, as_of: date, people: int, number: int) -> str:
    """One of the first orders half of the time, else nothing."""
    return random.choice(["", order(random, as_of, people, number)])
