"""The company's orders: whole numbers, their texts, and what they are worth in base currency."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench import dirt, texts
from bench.company import NEXT, Company, Ints

BASE = "CNY"
# Currencies by code; the first is the base currency.
CURRENCIES = (BASE, "USD", "EUR")
STATUSES = ("completed", "cancelled", "test", None)
COUNTED = np.array([True, False, False, True])
CHANNELS = ("web", "app", "store", "phone")
PROMOTIONS = (None, "WELCOME", "SUMMER", "MEMBER")
# Entries of the source file: the shop tells the time of its clock, the store with an offset.
SHOP, STORE = 0, 1
OFFSETS = ("", "+08:00")

ROW = np.dtype(
    [
        ("number", np.int64),
        ("buyer", np.int32),
        ("is_known", np.bool_),
        ("day", np.int16),
        ("second", np.int32),
        ("cents", np.int64),
        ("discount_cents", np.int64),
        ("cost_cents", np.int64),
        ("has_cost", np.bool_),
        ("currency", np.int8),
        ("status", np.int8),
        ("channel", np.int8),
        ("promotion", np.int8),
        ("entry", np.int8),
        ("changed_second", np.int32),
    ]
)
Rows = npt.NDArray[np.void]


@dataclass(frozen=True)
class Batch:
    """Some of the orders.

    Attributes:
        rows: one per order.
        planted: per order the number of its flaw in `dirt.ORDERS`, -1 for none.
        doubled: the second rows of those that have one.
    """

    rows: Rows
    planted: Ints
    doubled: Rows


def draw_orders(
    rng: np.random.Generator, company: Company, part: slice, share_of_dirt: float
) -> Batch:
    """The orders of a part of the company's plan."""
    rows = clean_rows(rng, company.day[part], company.buyer[part], company.spend, part.start)
    planted = dirt.plant(rng, len(rows), dirt.ORDERS, share_of_dirt)
    future = dirt.having(planted, dirt.ORDERS, dirt.FUTURE)
    rows["day"][future] = NEXT + rng.integers(1, 31, len(future))
    # There are no rates yet for the days to come.
    rows["currency"][future] = 0
    rows["cents"][dirt.having(planted, dirt.ORDERS, dirt.ZERO)] = 0
    rows["is_known"][dirt.having(planted, dirt.ORDERS, dirt.UNKNOWN_CUSTOMER)] = False
    doubles = [flaw for flaw in dirt.ORDERS if flaw.extra]
    second = dirt.having(planted, dirt.ORDERS, *doubles)
    return Batch(rows, planted, _doubled(rows[second], planted[second]))


def order_texts(rows: Rows, entry: int) -> pa.Table:
    """The export of the rows of one entry."""
    offset = OFFSETS[entry]
    changed = rows["second"] + rows["changed_second"]
    buyer = texts.choose(
        rows["is_known"], texts.keys("c", rows["buyer"]), texts.keys("u", rows["number"])
    )
    columns = {
        "order_id": texts.keys("o", rows["number"]),
        "customer_id": buyer,
        "ordered_at": texts.moments(rows["day"], rows["second"], offset),
        "amount": texts.decimals(rows["cents"], 2),
        "status": texts.words(rows["status"], STATUSES),
        "currency": texts.words(rows["currency"], CURRENCIES),
        "discount_amount": texts.decimals(rows["discount_cents"], 2),
        "cost_amount": texts.only_where(rows["has_cost"], texts.decimals(rows["cost_cents"], 2)),
        "channel": texts.words(rows["channel"], CHANNELS),
        "promo_code": texts.words(rows["promotion"], PROMOTIONS),
        "updated_at": texts.moments(rows["day"], changed, offset),
        "is_deleted": pa.repeat(pa.scalar("false"), len(rows)),
    }
    return pa.table(columns)


def in_base(rows: Rows, rates: Ints) -> Ints:
    """The amounts in ten-thousandths of the base currency, at the rate of each order's day.

    `rates` holds millionths per currency and day. Rounded once, half away from zero.
    """
    day = np.minimum(rows["day"], rates.shape[1] - 1)
    product = rows["cents"] * rates[rows["currency"], day]
    rounded: Ints = np.sign(product) * ((np.abs(product) + 5_000) // 10_000)
    return np.where(rows["currency"] == 0, rows["cents"] * 100, rounded)


def draw_rates(seed: int) -> Ints:
    """Millionths of base currency per currency and day, through the day after the last."""
    rng = np.random.default_rng([seed, 1])
    start = np.array([[0], [7_104_337], [7_713_569]])
    rates: Ints = start + np.cumsum(rng.integers(-20_011, 20_012, (3, NEXT + 1)), axis=1)
    rates[0] = 1_000_000
    return rates


def clean_rows(
    rng: np.random.Generator,
    day: npt.NDArray[np.int16],
    buyer: npt.NDArray[np.int32],
    spend: npt.NDArray[np.float32],
    first_number: int,
) -> Rows:
    """Orders without any flaw, numbered from `first_number`."""
    count = len(day)
    rows = np.empty(count, dtype=ROW)
    rows["number"] = first_number + np.arange(count)
    rows["buyer"] = buyer
    rows["is_known"] = True
    rows["day"] = day
    rows["second"] = np.clip(rng.normal(54_000, 12_000, count), 0, 86_399)
    rows["currency"] = rng.choice(3, count, p=(0.93, 0.05, 0.02))
    cents = rng.lognormal(9.2, 0.8, count) * spend[buyer]
    cents = np.clip(np.where(rows["currency"] > 0, cents / 7, cents), 1, 5_000_000).astype(np.int64)
    # Some orders are credit notes.
    rows["cents"] = np.where(rng.random(count) < 0.015, -cents // 2, cents)
    rows["discount_cents"] = np.where(rng.random(count) < 0.2, cents // 10, 0)
    rows["cost_cents"] = cents * rng.integers(45, 75, count) // 100
    # A missing cost leaves the margin of some customers open.
    rows["has_cost"] = rng.random(count) > 0.05
    rows["status"] = rng.choice(4, count, p=(0.945, 0.04, 0.005, 0.01))
    rows["channel"] = rng.choice(4, count, p=(0.5, 0.3, 0.15, 0.05))
    rows["promotion"] = rng.choice(4, count, p=(0.85, 0.05, 0.05, 0.05))
    rows["entry"] = np.where(rows["channel"] == CHANNELS.index("store"), STORE, SHOP)
    rows["changed_second"] = rng.integers(3_600, 7_200, count)
    return rows


def _doubled(rows: Rows, planted: Ints) -> Rows:
    """The second row of each: the same, an older or a contradicting one, or from elsewhere."""
    second = rows.copy()
    older = dirt.having(planted, dirt.ORDERS, dirt.OLDER_VERSION)
    second["cents"][older] += 1_234
    second["changed_second"][older] -= 1_800
    second["cents"][dirt.having(planted, dirt.ORDERS, dirt.CONFLICT)] += 100
    elsewhere = dirt.having(planted, dirt.ORDERS, dirt.TWO_ENTRIES)
    second["entry"][elsewhere] = 1 - second["entry"][elsewhere]
    return second
