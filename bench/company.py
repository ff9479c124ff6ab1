"""Who the synthetic company's customers are, and who buys when.

Everything is invented: spend is Pareto-like, the year has seasons and the week a rhythm, customers
come and go. Days are counted from FIRST_DAY, money is whole cents until it is in base currency.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

FIRST_DAY = date(2022, 7, 1)
AS_OF = date(2025, 6, 29)
TOMORROW = AS_OF + timedelta(1)
DAYS = (AS_OF - FIRST_DAY).days + 1
# The day that is classified, and the one after it, for which a small batch arrives.
LAST = DAYS - 1
NEXT = DAYS
ORDERS_PER_CUSTOMER = 10

Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.int16]

# Monday to Sunday.
WEEK = (0.9, 0.85, 0.9, 1.0, 1.2, 1.35, 0.8)


@dataclass(frozen=True)
class Company:
    """The customers, and one entry per order, oldest first.

    Attributes:
        created: per customer, the day on which it was created.
        spend: per customer, how large its orders are; 1 is usual.
        day: per order.
        buyer: per order, the number of the customer.
    """

    created: Days
    spend: npt.NDArray[np.float32]
    day: Days
    buyer: npt.NDArray[np.int32]


def found_company(seed: int, orders: int) -> Company:
    """Draw the company: `orders` orders of a tenth as many customers."""
    rng = np.random.default_rng([seed, 0])
    customers = max(orders // ORDERS_PER_CUSTOMER, 1)
    created = rng.integers(-400, DAYS, customers, dtype=np.int16)
    gone = np.minimum(created + rng.exponential(600, customers), DAYS).astype(np.int16)
    appetite = np.minimum((1 - rng.random(customers)) ** (-1 / 1.3), 300)
    # One in ten never buys; who stays longer buys more.
    appetite *= (rng.random(customers) > 0.1) * np.maximum(gone - np.maximum(created, 0), 0)
    counts = rng.multinomial(orders, appetite / appetite.sum())
    buyer = np.repeat(np.arange(customers, dtype=np.int32), counts)
    day = _days(rng, counts, created, gone)
    oldest_first = np.argsort(day, kind="stable")
    spend = rng.lognormal(0, 0.5, customers).astype(np.float32)
    return Company(created, spend, day[oldest_first], buyer[oldest_first])


def _days(rng: np.random.Generator, counts: Ints, created: Days, gone: Days) -> Days:
    """The day of each order, between its customer's coming and going; buyers in their order."""
    busy = np.concatenate([[0.0], np.cumsum(_demand())])
    first = busy[np.clip(created, 0, DAYS)]
    span = busy[np.clip(gone, 0, DAYS)] - first
    days = np.empty(counts.sum(), dtype=np.int16)
    filled = 0
    # A slice of customers at a time, so that the doubles of all orders are never in memory.
    for start in range(0, len(counts), 200_000):
        part = slice(start, start + 200_000)
        of = np.repeat(np.arange(len(counts[part])), counts[part])
        moment = first[part][of] + span[part][of] * rng.random(len(of))
        found = np.searchsorted(busy, moment, side="right") - 1
        days[filled : filled + len(of)] = np.minimum(found, LAST)
        filled += len(of)
    return days


def _demand() -> npt.NDArray[np.float64]:
    """How much is bought on each day: growth, a yearly season, a peak in November, a week."""
    day = np.arange(DAYS)
    of_year = (day + FIRST_DAY.timetuple().tm_yday) % 365
    season = 1 + 0.25 * np.sin(2 * np.pi * (of_year - 80) / 365)
    peak = 1 + 1.5 * np.exp(-(((of_year - 315) / 6.0) ** 2))
    week = np.array(WEEK)[(day + FIRST_DAY.weekday()) % 7]
    demand: npt.NDArray[np.float64] = (1 + 0.3 * day / DAYS) * season * peak * week
    return demand
