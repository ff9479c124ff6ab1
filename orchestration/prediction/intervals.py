"""Between which bounds the net amount of a customer will lie, learnt from what came before.

Split conformal prediction by bands of the forecast: which multiple of their forecasts customers
brought whose forecasts were of about the same size. Nothing is assumed of the amounts but that
customers to come end up like those that were seen; how often the bounds then hold is tested on a
later day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.prediction.customers import Customers, Floats
from orchestration.prediction.judging import band_edges, band_of
from orchestration.prediction.models import Model

# Of ten customers eight are to lie between the bounds, one below and one above.
BELOW, ABOVE = 0.1, 0.9
# Fewer in a band tell no tenth.
FEWEST_IN_BAND = 50
MOST_BANDS = 10
FOLDS = 2


@dataclass(frozen=True)
class Spread:
    """Which multiple of their forecasts customers bring, by bands of these.

    Attributes:
        edges: between the bands.
        low, high: per band, the multiple that one in ten stays below, and that one is above.
        unit: is added to each forecast, so that a multiple means something near 0, too.
    """

    edges: Floats
    low: Floats
    high: Floats
    unit: float

    @classmethod
    def of(cls, actual: Floats, forecast: Floats) -> Spread:
        """Learnt from customers whose forecasts did not know what came."""
        edges = band_edges(forecast, max(1, min(MOST_BANDS, len(actual) // FEWEST_IN_BAND)))
        unit = float(forecast.mean()) / 10 or 1.0
        multiple = actual / (forecast + unit)
        place = band_of(forecast, edges)
        parts = [multiple[place == band] for band in range(len(edges) + 1)]
        # Equal forecasts stay together, so that a band may be empty: it takes all customers.
        bounds = [_tenths(part if len(part) else multiple) for part in parts]
        low, high = np.array(bounds).T
        return cls(edges, low, high, unit)

    def around(self, forecast: Floats) -> tuple[Floats, Floats]:
        """The lower and the upper bounds; the forecast itself lies always between them."""
        place, scale = band_of(forecast, self.edges), forecast + self.unit
        low, high = self.low[place] * scale, self.high[place] * scale
        return np.minimum(low, forecast), np.maximum(high, forecast)


def spread_of(fit: Callable[[Customers, Customers], Model], past: Customers) -> Spread:
    """The spread of a way to fit, from customers whose outcomes are known.

    No model learns from the outcome of a customer that it forecasts. One of purchases is fitted to
    those of its customers before the origins, as it is when it is used.
    """
    fold, net = folds(past.ids), np.empty(len(past))
    for each in range(FOLDS):
        held_out = fold == each
        now = past.take(held_out)
        net[held_out] = fit(past.take(~held_out), now).forecast(now).net
    return Spread.of(past.net, net)


def folds(ids: NDArray[np.object_]) -> NDArray[np.int64]:
    """The fold of each customer, by its id alone."""
    return np.array([hashlib.md5(str(each).encode()).digest()[0] % FOLDS for each in ids])


def _tenths(values: Floats) -> tuple[float, float]:
    """Between which values one more will lie; the smallest and the largest of few."""
    ordered, one_more = np.sort(values), len(values) + 1
    below, above = int(BELOW * one_more), int(np.ceil(ABOVE * one_more))
    return float(ordered[max(below, 1) - 1]), float(ordered[min(above, len(values)) - 1])
