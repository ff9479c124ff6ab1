"""The exports beside the orders: customers, refunds and exchange rates."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bench import dirt, texts
from bench.company import NEXT, Company, Days, Ints
from bench.orders import COUNTED, CURRENCIES, Batch, in_base

PARTY_KINDS = ("consumer", "business", None)
COUNTRIES = ("CN", "US", "DE")
REGIONS = tuple(f"region {number}" for number in range(1, 13))
INDUSTRIES = (None, "retail", "education", "catering", "manufacturing")
GENDERS = ("f", "m", None)
INCOME_BANDS = ("low", "middle", "high", None)
SOURCE_CHANNELS = ("search", "friend", "shop", "fair")
# A currency of which every rate is wrong; nobody orders in it.
FLAWED_CURRENCY = "JPY"
ORPHAN = next(flaw for flaw in dirt.REFUNDS if flaw.cells.get("order_id") == "o-lost")


@dataclass(frozen=True)
class Part:
    """Rows of one export, one entry per key and then the second rows of some.

    Attributes:
        table: the texts.
        day: per key, the day on which it counts.
        amounts: per key, ten-thousandths; empty where there are none.
        planted: per key the number of its flaw, -1 for none.
    """

    table: pa.Table
    day: Days
    amounts: Ints
    planted: Ints


def draw_customers(
    rng: np.random.Generator, company: Company, first: int, count: int, share_of_dirt: float
) -> Part:
    """The customers from number `first` on."""
    planted = dirt.plant(rng, count, dirt.CUSTOMERS, share_of_dirt)
    created = company.created[first : first + count].copy()
    future = dirt.having(planted, dirt.CUSTOMERS, dirt.FUTURE)
    created[future] = NEXT + rng.integers(1, 31, len(future))
    numbers = first + np.arange(count)
    undated = rng.random(count) < 0.03
    undated[future] = False
    created_at = texts.only_where(
        ~undated, texts.moments(created, rng.integers(28_800, 72_000, count))
    )
    columns = {
        "customer_id": texts.keys("c", numbers),
        "party_kind": _some(rng, count, PARTY_KINDS),
        "industry": _some(rng, count, INDUSTRIES),
        "country": _some(rng, count, COUNTRIES),
        "region": _some(rng, count, REGIONS),
        "birth_date": texts.only_where(
            rng.random(count) < 0.7, texts.days(rng.integers(-29_000, -6_700, count))
        ),
        "gender": _some(rng, count, GENDERS),
        "income_band": _some(rng, count, INCOME_BANDS),
        "household_size": texts.decimals(rng.integers(1, 7, count), 0),
        "credit_score": texts.decimals(rng.integers(3_000, 8_500, count), 1),
        "source_channel": _some(rng, count, SOURCE_CHANNELS),
        "referrer_id": texts.only_where(
            rng.random(count) < 0.1, texts.keys("c", rng.integers(0, len(company.created), count))
        ),
        "contract_amount": texts.only_where(
            rng.random(count) < 0.02, texts.decimals(rng.integers(10**5, 10**8, count), 2)
        ),
        "is_opted_out": _some(rng, count, ("false", "true", None)),
        "created_at": created_at,
        "updated_at": texts.moments(created, rng.integers(72_000, 86_400, count)),
        "is_deleted": pa.repeat(pa.scalar("false"), count),
    }
    table = dirt.spoil(pa.table(columns), planted, dirt.CUSTOMERS)
    older = table.take(dirt.having(planted, dirt.CUSTOMERS, dirt.OLDER_VERSION))
    conflict = table.take(dirt.having(planted, dirt.CUSTOMERS, dirt.CONFLICT))
    second = [
        table.take(dirt.having(planted, dirt.CUSTOMERS, dirt.DUPLICATE)),
        _with(_with(older, "updated_at", "2020-01-01 00:00:00"), "region", "elsewhere"),
        _with(conflict, "region", "elsewhere"),
    ]
    known_since = np.where(undated, np.iinfo(np.int16).min, created).astype(np.int16)
    return Part(pa.concat_tables([table, *second]), known_since, np.empty(0, np.int64), planted)


def draw_refunds(rng: np.random.Generator, batch: Batch, rates: Ints, share_of_dirt: float) -> Part:
    """Refunds of some of the purchases of a batch, some days after them."""
    amounts = in_base(batch.rows, rates)
    is_purchase = (
        dirt.is_staged(batch.planted, dirt.ORDERS)
        & COUNTED[batch.rows["status"]]
        & (amounts >= 10_000)
    )
    refunded = is_purchase & (rng.random(len(amounts)) < 0.05)
    rows, amounts = batch.rows[refunded], amounts[refunded]
    count = len(rows)
    planted = dirt.plant(rng, count, dirt.REFUNDS, share_of_dirt)
    # Whole cents, of all or half of what was paid.
    cents = amounts // 100 // rng.integers(1, 3, count)
    day = rows["day"] + rng.integers(1, 31, count, dtype=np.int16)
    buyer = texts.choose(
        rows["is_known"], texts.keys("c", rows["buyer"]), texts.keys("u", rows["number"])
    )
    columns = {
        "refund_id": texts.keys("r", rows["number"]),
        "order_id": texts.keys("o", rows["number"]),
        # The others are found by their order.
        "customer_id": texts.only_where(rng.random(count) < 0.8, buyer),
        "refunded_at": texts.moments(day, rows["second"]),
        "amount": texts.decimals(cents, 2),
    }
    table = dirt.spoil(pa.table(columns), planted, dirt.REFUNDS)
    second = [
        table.take(dirt.having(planted, dirt.REFUNDS, dirt.DUPLICATE)),
        _with(table.take(dirt.having(planted, dirt.REFUNDS, dirt.CONFLICT)), "amount", "0.01"),
    ]
    return Part(pa.concat_tables([table, *second]), day, cents * 100, planted)


def exchange_rates(rng: np.random.Generator, rates: Ints, share_of_dirt: float) -> Part:
    """A rate per foreign currency and day, and the flawed ones of a currency nobody uses."""
    days = np.arange(rates.shape[1])
    tables = [
        _rate_table(currency, days, rates[number])
        for number, currency in enumerate(CURRENCIES)
        if number
    ]
    planted = dirt.plant(rng, len(days), dirt.EXCHANGE_RATES, share_of_dirt)
    table = _rate_table(FLAWED_CURRENCY, days, np.full(len(days), 50_000))
    tables.append(dirt.spoil(table, planted, dirt.EXCHANGE_RATES))
    clean = np.full(len(days) * len(tables[:-1]), -1)
    return Part(
        pa.concat_tables(tables),
        np.empty(0, np.int16),
        np.empty(0, np.int64),
        np.concatenate([clean, planted]),
    )


def _rate_table(currency: str, days: Ints, millionths: Ints) -> pa.Table:
    return pa.table(
        {
            "currency": pa.repeat(pa.scalar(currency), len(days)),
            "rate_date": texts.days(days),
            "rate_to_base": texts.decimals(millionths, 6),
        }
    )


def _some(rng: np.random.Generator, count: int, choices: tuple[str | None, ...]) -> pa.Array:
    return texts.words(rng.integers(0, len(choices), count), choices)


def _with(table: pa.Table, column: str, text: str) -> pa.Table:
    place = table.schema.get_field_index(column)
    return table.set_column(place, column, pa.repeat(pa.scalar(text), table.num_rows))
