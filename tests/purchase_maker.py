"""Invented companies whose past and future are known, as the panel that a replay would leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd

from orchestration.evaluation.origins import CLASSED_ON

DAY = date(2024, 6, 30)
YEAR = 365
ORIGINS = (DAY - timedelta(2 * YEAR), DAY - timedelta(YEAR), DAY)
WINDOWS = (90, 180, 365)
FACTS = {
    "recency_days": "bigint",
    "tenure_days": "bigint",
    "order_count": "bigint",
    "order_day_count": "bigint",
    "gross_amount": "decimal(18,4)",
    "net_amount": "decimal(18,4)",
    **{f"order_count_{days}d": "bigint" for days in WINDOWS},
    **{f"net_amount_{days}d": "decimal(18,4)" for days in WINDOWS},
}
LAST = "count(*) filter (where day > origin - {0}) as order_count_{0}d"
NET = "cast(coalesce(sum(amount) filter (where day > origin - {0}), 0) as decimal(18, 4))"


@dataclass(frozen=True)
class Company:
    """Purchases: customer, day, amount, a row each."""

    purchases: pd.DataFrame

    @contextmanager
    def panel(
        self, *, threads: int = 2, shuffled: bool = False
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """The tables that a replay of three origins a year apart leaves."""
        with duckdb.connect(config={"threads": threads}) as con:
            rows = self.purchases.sample(frac=1, random_state=3) if shuffled else self.purchases
            con.register("rows", rows)
            con.execute("create table purchases as select * from rows")
            con.execute(f"create table origins as select unnest({_days(ORIGINS)}) as origin")
            order = "md5(customer_id || 'x')" if shuffled else "origin, customer_id"
            con.execute(f"create table facts as {_facts()} order by {order}")
            con.execute("create table classes as " + CLASSES)
            con.execute("create table outcomes as " + OUTCOMES)
            yield con


CLASSES = f"""
    select origin as {CLASSED_ON}, customer_id,
        case when recency_days > 180 then 'lost' when order_count > 1 then 'repeat' else 'first' end
        as lifecycle
    from facts
"""
OUTCOMES = f"""
    select facts.origin, {YEAR} as horizon_days, facts.customer_id,
        coalesce(sum(amount), 0) as net_amount, count(day) > 0 as is_active
    from facts
    left join purchases on facts.customer_id = purchases.customer_id
        and day > origin and day <= origin + {YEAR}
    where origin < date '{DAY}'
    group by facts.origin, facts.customer_id
"""


def _facts() -> str:
    windows = [LAST.format(days) for days in WINDOWS]
    windows += [f"{NET.format(days)} as net_amount_{days}d" for days in WINDOWS]
    return f"""
        select origin, customer_id,
            date_diff('day', max(day), origin) as recency_days,
            date_diff('day', min(day), origin) as tenure_days,
            count(*) as order_count, count(distinct day) as order_day_count,
            cast(sum(amount) as decimal(18, 4)) as gross_amount,
            cast(sum(amount) as decimal(18, 4)) as net_amount,
            {", ".join(windows)},
            case when customer_id = 'c00000' then 'the only one'
                when customer_id < 'c00020' then 'nearby' else 'everywhere' end as region
        from origins join purchases on day <= origin
        group by origin, customer_id
    """


def _days(days: tuple[date, ...]) -> str:
    return "[" + ", ".join(f"date '{day}'" for day in days) + "]"


def company(rates: np.ndarray, means: np.ndarray, seed: int, *, leave: float = 0.0) -> Company:
    """Customers who buy at random, each at a yearly rate, for amounts around a mean of its own.

    They come within two years, and after each purchase a share of them leaves for good.
    """
    generator = np.random.default_rng(seed)
    begin = DAY - timedelta(4 * YEAR)
    rows = []
    for number, (rate, mean) in enumerate(zip(rates, means, strict=True)):
        at = generator.uniform(0, 2 * YEAR)
        while at < 4 * YEAR:
            amount = round(mean * generator.gamma(4) / 4 + 0.01, 2)
            rows.append((f"c{number:05}", begin + timedelta(int(at)), amount))
            if generator.random() < leave:
                break
            at += generator.exponential(YEAR / rate)
    return Company(pd.DataFrame(rows, columns=["customer_id", "day", "amount"]))


def predictable(seed: int, count: int = 1200) -> Company:
    """The past tells the future: customers differ much in how often and for how much they buy."""
    generator = np.random.default_rng(seed)
    rates, means = generator.gamma(0.8, 4, count) + 0.05, generator.gamma(2, 30, count) + 5
    return company(rates, means, seed, leave=0.08)


def unpredictable(seed: int, count: int = 1200) -> Company:
    """The past tells nothing: customers differ by chance alone."""
    return company(np.full(count, 1.5), np.full(count, 40.0), seed)
