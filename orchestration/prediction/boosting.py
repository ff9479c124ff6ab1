"""Gradient boosting: trees over the facts, learnt from what followed earlier origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from orchestration.prediction import SEED
from orchestration.prediction.customers import Customers, Forecast

# Small trees, many and slow: what a few thousand customers can tell, and no more.
SHAPE = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 40,
    "l2_regularization": 1.0,
    # A part that is set aside to stop early would be another one for each order of rows.
    "early_stopping": False,
    "random_state": SEED,
}


@dataclass(frozen=True)
class Boosting:
    """Two models over the same facts: of the net amount, and of buying at all.

    Attributes:
        facts: the names of the facts that tell customers apart.
        unit: the mean net amount, by which the amounts are measured.
    """

    facts: list[str]
    unit: float
    amounts: HistGradientBoostingRegressor
    chances: HistGradientBoostingClassifier

    @classmethod
    def fit(cls, past: Customers) -> Boosting:
        """Learn from customers whose outcomes are known.

        Amounts by the Poisson deviance, whose best forecast is the mean like that of the squared
        error, but which a few large customers do not rule; an amount below 0 counts as 0. On one
        thread, so that sums never depend on how many there are.
        """
        # Of customers who are all alike the mean is learnt, by any fact.
        telling = [name for name in past.facts if past.facts[name].nunique() > 1]
        facts = [str(name) for name in telling or past.facts.columns[:1]]
        known, amounts = past.facts[facts], np.maximum(past.net, 0)
        unit = float(amounts.mean()) or 1.0
        # The deviance asks for an amount above 0.
        loss = "poisson" if amounts.any() else "squared_error"
        of_amounts = HistGradientBoostingRegressor(loss=loss, **SHAPE)
        of_chances = HistGradientBoostingClassifier(**SHAPE)
        with threadpool_limits(limits=1):
            of_amounts.fit(known, amounts / unit)
            of_chances.fit(known, past.buys > 0)
        return cls(facts, unit, of_amounts, of_chances)

    def forecast(self, now: Customers) -> Forecast:
        """What it expects of customers."""
        known = now.facts[self.facts]
        with threadpool_limits(limits=1):
            return Forecast(
                self.amounts.predict(known) * self.unit, self.chances.predict_proba(known)[:, 1]
            )
