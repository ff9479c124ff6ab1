"""Customers who fall into kinds, and customers who do not, for those who look for segments."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from orchestration.segmentation.features import FEATURES

Columns = Mapping[str, NDArray[np.float64]]
Kinds = Mapping[str, tuple[float, float, float, float]]
# (purchases, net amount, recency, discount share) of three kinds of customers.
KINDS: Kinds = {
    "loyal": (40, 8000, 5, 0.05),
    "bargain": (12, 900, 30, 0.45),
    "gone": (3, 150, 250, 0.05),
}


def customers(seed: int = 0, each: int = 120, kinds: Kinds = KINDS) -> Columns:
    """As many customers of each kind."""
    dice = np.random.default_rng(seed)
    means = np.repeat(np.array(list(kinds.values())), each, axis=0)
    counts = dice.poisson(means[:, 0]).clip(1)
    return {
        "order_count_365d": counts.astype(np.float64),
        "net_amount_365d": (means[:, 1] * dice.lognormal(0, 0.3, len(means))).round(2),
        "recency_days": np.round(means[:, 2] * dice.lognormal(0, 0.3, len(means))),
        "discount_share_365d": (means[:, 3] + dice.normal(0, 0.02, len(means))).clip(0).round(4),
    }


def noise(seed: int = 0, count: int = 400) -> Columns:
    """Customers who differ in everything, and in nothing together."""
    dice = np.random.default_rng(seed)
    return {
        feature.name: dice.uniform(0, 1, count)
        if feature.unit == "share"
        else dice.lognormal(4, 1, count).round()
        for feature in FEATURES
    }
