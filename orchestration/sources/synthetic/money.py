"""Amounts in hundredths, and the exchange rates of each day."""

from datetime import date
from functools import cache

from orchestration.sources.synthetic.days import day
from orchestration.sources.synthetic.dice import Dice
from orchestration.sources.synthetic.files import Row

HOME_CURRENCY = "人民币"
# What a unit is worth at first, in millionths of a yuan.
FIRST_RATES = {"美元": 7_050_000, "日元": 48_700}
CURRENCY_OF = {"美国": "美元", "日本": "日元"}
SMALLEST_COIN = {"日元": 100}
RATED_DAYS = 910


def text(cents: int) -> str:
    """An amount as people write it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def abroad(cents: int, currency: str, when: date) -> int:
    """Hundredths of yuan in hundredths of another currency, at the rate of the day."""
    return payable(cents * 1_000_000 // rates()[currency][when], currency)


def payable(cents: int, currency: str) -> int:
    """What of an amount there are coins for: none for the hundredth of a yen."""
    coin = SMALLEST_COIN.get(currency, 1)
    return cents // coin * coin


@cache
def rates() -> dict[str, dict[date, int]]:
    """Millionths of a yuan for one unit, by currency and day: each a small step from the last."""
    found: dict[str, dict[date, int]] = {}
    for currency, rate in FIRST_RATES.items():
        dice = Dice("rates", currency)
        found[currency] = {}
        for ago in range(RATED_DAYS, -3, -1):
            rate += rate * dice.whole(-30, 30) // 10_000
            found[currency][day(ago)] = rate
    return found


def rate_rows() -> list[Row]:
    """The export of exchange rates."""
    return [
        {"币种": currency, "日期": when.isoformat(), "折合人民币": f"{rate / 1_000_000:.6f}"}
        for currency, days in rates().items()
        for when, rate in days.items()
    ]
