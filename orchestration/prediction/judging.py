"""How good a forecast was, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from orchestration.prediction import SEED
from orchestration.prediction.customers import Floats

DRAWS = 1000
# Customers are drawn in this many lots: with fewer customers each is a lot of its own.
LOTS = 1000


@dataclass(frozen=True)
class Interval:
    """A number, and the bounds between which it lies as likely as was asked."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """How one forecast did.

    Attributes:
        error: the mean squared error, which is the smallest for who forecasts the mean; of a
            probability it is the Brier score.
        absolute: the mean absolute error.
        order: how well it orders customers, the rank correlation with what came.
        total: the forecast of all customers together as a share of what came.
    """

    error: float
    absolute: float
    order: float
    total: float


@dataclass(frozen=True)
class Band:
    """Customers with forecasts of about the same size: means of what was forecast and what came."""

    customers: int
    forecast: float
    actual: float


def score(actual: Floats, forecast: Floats) -> Score:
    """How a forecast did on these customers."""
    came = float(actual.sum())
    return Score(
        error=float(((forecast - actual) ** 2).mean()),
        absolute=float(np.abs(forecast - actual).mean()),
        order=_rank_correlation(actual, forecast),
        total=float(forecast.sum()) / came if came else float("nan"),
    )


def saved(actual: Floats, model: Floats, naive: Floats, confidence: float) -> Interval:
    """The share of the squared error of a naive forecast that a model is without.

    Above 0 it is better, at 1 it is perfect. The bounds come of drawing the customers again, with
    a seed; rows must stand in an order that is always the same.
    """
    lots = min(LOTS, len(actual))
    lot = np.random.default_rng(SEED).permutation(len(actual)) % lots
    of_model, of_naive = (
        np.bincount(lot, weights=(forecast - actual) ** 2, minlength=lots)
        for forecast in (model, naive)
    )
    drawn = _drawn(lots)
    # Not as a product of matrices, whose sums depend on the number of threads.
    ratios = 1 - _over((drawn * of_model).sum(axis=1), (drawn * of_naive).sum(axis=1))
    low, high = np.quantile(ratios, [(1 - confidence) / 2, (1 + confidence) / 2])
    value = 1 - _over(of_model.sum(keepdims=True), of_naive.sum(keepdims=True))
    return Interval(float(value[0]), float(low), float(high))


def bands(actual: Floats, forecast: Floats, count: int) -> list[Band]:
    """The customers in up to `count` equal parts by their forecasts, the smallest first."""
    place = band_of(forecast, band_edges(forecast, count))
    rows = [place == each for each in np.unique(place)]
    return [
        Band(int(row.sum()), float(forecast[row].mean()), float(actual[row].mean())) for row in rows
    ]


def band_edges(forecast: Floats, count: int) -> Floats:
    """What separates up to `count` equal parts of customers; equal forecasts stay together."""
    return np.unique(np.quantile(forecast, np.arange(1, count) / count))


def band_of(forecast: Floats, edges: Floats) -> NDArray[np.intp]:
    """The band of each customer, from 0 on."""
    return np.searchsorted(edges, forecast, side="left")


@lru_cache(maxsize=2)
def _drawn(lots: int) -> Floats:
    """How often each lot is drawn, a row per draw."""
    generator = np.random.default_rng(SEED)
    return generator.multinomial(lots, np.full(lots, 1 / lots), size=DRAWS).astype(np.float64)


def _over(part: Floats, whole: Floats) -> Floats:
    """0 / 0 is 1: who errs as little as a perfect forecast saves nothing."""
    return np.divide(part, whole, out=np.ones_like(part), where=whole > 0)


def _rank_correlation(actual: Floats, forecast: Floats) -> float:
    ranks = [rankdata(each) - (len(each) + 1) / 2 for each in (actual, forecast)]
    scale = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / scale if scale else 0.0
