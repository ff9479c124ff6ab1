"""The plain forecasts that a model has to beat, each of which anybody could make by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from orchestration.prediction.customers import CLASSES, Customers, Floats, Forecast

EVERYONE = "everyone"
OWN_CLASS = "own_class"
LAST_TIME = "last_time"
# A class with fewer customers tells nothing that everyone would not tell better.
FEWEST = 20


def naive_forecasts(past: Customers, now: Customers, horizon: int) -> Mapping[str, Forecast]:
    """Forecasts by name: the mean of everyone, that of the class, and the last time again.

    `past` are customers whose outcomes are known; `now` are to be forecast.
    """
    everyone = Forecast(
        np.full(len(now), past.net.mean()),
        np.full(len(now), past.buys.mean()),
    )
    found = {EVERYONE: everyone, LAST_TIME: _last_time(past, now, horizon)}
    if classes := [name for name in CLASSES if name in now.groups]:
        found[OWN_CLASS] = Forecast(
            _means(past.groups[classes], past.net, now.groups[classes]),
            _means(past.groups[classes], past.buys, now.groups[classes]),
        )
    return found


def _last_time(past: Customers, now: Customers, horizon: int) -> Forecast:
    """The net amount of as many days before, and the rate of those who bought, or not, in them."""

    def bought(customers: Customers) -> pd.DataFrame:
        return pd.DataFrame({"bought": customers.fact(f"order_count_{horizon}d") > 0})

    return Forecast(
        now.fact(f"net_amount_{horizon}d"), _means(bought(past), past.buys, bought(now))
    )


def _means(past: pd.DataFrame, outcome: Floats, now: pd.DataFrame) -> Floats:
    """The mean outcome of the customers who were in the same groups."""
    keys = list(past.columns)
    known = past.astype(str).assign(outcome=outcome).groupby(keys)["outcome"].agg(["mean", "count"])
    means = known.loc[known["count"] >= FEWEST, "mean"].rename("mean").reset_index()
    joined = now.astype(str).merge(means, how="left", on=keys)["mean"]
    return joined.fillna(outcome.mean()).to_numpy(dtype=np.float64)
