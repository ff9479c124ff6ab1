"""How well an order of classes foretells what customers do, from sums per class and bucket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.evaluation.sums import BUCKETS, Floats, Sums

DRAWS = 500
SEED = 20_170_101
INTERVAL = (0.025, 0.975)


def weights() -> Floats:
    """How often each bucket counts, a row per draw; in the first row each counts once."""
    drawn = np.random.default_rng(SEED).multinomial(BUCKETS, [1 / BUCKETS] * BUCKETS, DRAWS)
    return np.vstack([np.ones((1, BUCKETS)), drawn]).astype(np.float64)


@dataclass(frozen=True)
class Drawn:
    """Sums of one horizon per draw (rows) and class (columns, best first)."""

    customers: Floats
    active: Floats
    amounts: Floats
    ranks: Floats
    squares: Floats

    @classmethod
    def of(cls, sums: Sums, horizon: int, drawn: Floats) -> Drawn:
        """What each draw adds up to."""
        each = (sums.active, sums.amounts, sums.ranks, sums.squares)
        return cls(drawn @ sums.customers.T, *(drawn @ one[horizon].T for one in each))


def spearman(drawn: Drawn) -> Floats:
    """Rank correlation of the class with what customers bought; ties share the middle rank.

    What they bought is ranked among all once; a draw changes how often each rank counts.
    """
    customers = drawn.customers
    total = customers.sum(axis=1)
    below = customers[:, ::-1].cumsum(axis=1)[:, ::-1] - customers
    places = 2 * below + customers - total[:, None]  # twice the rank, less its mean
    mean = drawn.ranks.sum(axis=1) / total
    together = (places * (drawn.ranks - mean[:, None] * customers)).sum(axis=1)
    spread = (places**2 * customers).sum(axis=1)
    spread_of_ranks = drawn.squares.sum(axis=1) - mean**2 * total
    return _ratio(together, np.sqrt(spread * spread_of_ranks))


def auc(drawn: Drawn) -> Floats:
    """How likely of one who bought and one who did not the first is in the better class."""
    silent = drawn.customers - drawn.active
    worse = silent[:, ::-1].cumsum(axis=1)[:, ::-1] - silent
    pairs = drawn.active.sum(axis=1) * silent.sum(axis=1)
    return _ratio((drawn.active * (worse + silent / 2)).sum(axis=1), pairs)


def top_lift(drawn: Drawn) -> Floats:
    """What a customer of the best class bought, to what one of all did."""
    top = _ratio(drawn.amounts[:, 0], drawn.customers[:, 0])
    return _ratio(top, _ratio(drawn.amounts.sum(axis=1), drawn.customers.sum(axis=1)))


def monotone(drawn: Drawn) -> Floats:
    """The share of neighbouring classes of which the better one bought more on average."""
    means = _ratio(drawn.amounts, drawn.customers)
    better, worse = means[:, :-1], means[:, 1:]
    known = ~np.isnan(better) & ~np.isnan(worse)
    return _ratio((known & (better > worse)).sum(axis=1), known.sum(axis=1))


# Each with what chance gives.
MEASURES: Mapping[str, tuple[Callable[[Drawn], Floats], float]] = {
    "spearman": (spearman, 0.0),
    "auc_active": (auc, 0.5),
    "top_lift": (top_lift, 1.0),
    "monotone_share": (monotone, 0.5),
}


@dataclass(frozen=True)
class Estimate:
    """A mean over origins, and the interval in which 95 of 100 draws of customers lie."""

    value: float
    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell apart."""
        return not (np.isnan(self.value) or np.isnan(self.low) or np.isnan(self.high))


def estimate(per_origin: Sequence[Floats]) -> Estimate:
    """From a measure of each origin, whose first entry is of all customers as they are."""
    means = np.mean(np.stack(per_origin), axis=0)
    drawn = means[1:][~np.isnan(means[1:])]
    low, high = np.quantile(drawn, INTERVAL) if len(drawn) else (np.nan, np.nan)
    return Estimate(float(means[0]), float(low), float(high))


def draw_ratio(above: Floats, below: Floats, drawn: Floats) -> Estimate:
    """A share, from two numbers per bucket."""
    return estimate([_ratio(drawn @ above, drawn @ below)])


def _ratio(numerator: NDArray[np.generic], denominator: NDArray[np.generic]) -> Floats:
    """NaN where nothing is divided by."""
    above = np.asarray(numerator, np.float64)
    below = np.asarray(denominator, np.float64)
    shares: Floats = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=shares, where=below != 0)
    return shares
