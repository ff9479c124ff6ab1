"""The models that may be chosen, each fitted and asked in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from orchestration.prediction.boosting import Boosting
from orchestration.prediction.btyd import BgNbd, GammaGamma, Purchases
from orchestration.prediction.customers import Customers, Floats, Forecast

DAYS_OF_A_WEEK = 7


class Model(Protocol):
    """A fitted model."""

    def forecast(self, now: Customers) -> Forecast:
        """What it expects of customers."""


@dataclass(frozen=True)
class BuyTillYouDie:
    """BG/NBD and Gamma-Gamma together.

    Attributes:
        kept: the share of the gross amount that refunds leave.
        weeks: the horizon.
    """

    buying: BgNbd
    spending: GammaGamma
    kept: float
    weeks: float

    @classmethod
    def fit(cls, now: Customers, horizon: int) -> BuyTillYouDie:
        """From the purchases up to the origin alone. Raises NotFitted."""
        days, gross = now.fact("order_day_count"), now.fact("gross_amount")
        return cls(
            BgNbd.fit(purchases(now)),
            GammaGamma.fit(days, gross / days),
            kept=max(float(now.fact("net_amount").sum() / gross.sum()), 0),
            weeks=horizon / DAYS_OF_A_WEEK,
        )

    def forecast(self, now: Customers) -> Forecast:
        """What it expects of customers."""
        known, days = purchases(now), now.fact("order_day_count")
        amount = self.spending.expected(days, now.fact("gross_amount") / days) * self.kept
        return Forecast(
            net=self.buying.expected(known, self.weeks) * amount,
            buys=self.buying.buys_within(known, self.weeks),
        )


def purchases(customers: Customers) -> Purchases:
    """When they bought, in weeks."""
    recency, tenure = customers.fact("recency_days"), customers.fact("tenure_days")
    return Purchases(
        repeats=customers.fact("order_day_count") - 1,
        last=_weeks(tenure - recency),
        seen=_weeks(tenure),
    )


def _weeks(days: Floats) -> Floats:
    return days / DAYS_OF_A_WEEK


# How to fit each to `past`, whose outcomes are known, and to `now`, whose are not; and the horizon.
MODELS: Mapping[str, Callable[[Customers, Customers, int], Model]] = {
    "buy_till_you_die": lambda past, now, horizon: BuyTillYouDie.fit(now, horizon),
    "gradient_boosting": lambda past, now, horizon: Boosting.fit(past),
}
