"""Buy till you die: the future of customers from when, and for how much, they bought.

BG/NBD: a customer buys at random at a rate of its own and, after each purchase, may stay away for
good with a probability of its own; the rates of all customers follow a gamma distribution, the
probabilities a beta distribution (Fader, Hardie and Lee 2005, "Counting your customers" the easy
way, Marketing Science 24). Gamma-Gamma: what a customer spends at a time varies around a mean of
its own, and both follow gamma distributions (Fader and Hardie 2013, The Gamma-Gamma model of
monetary value).

All parameters are above 0, so their logarithms are searched, from starts that are always the same,
with the gradients of the likelihoods. Purchases of one day are one purchase.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaincinv, betaln, digamma, gammaln
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]

# Bounds of the logarithms. Beyond them customers are as good as alike, and the likelihood is flat.
LARGEST = 5.0
# Of the integral over all probabilities to leave; half as many give four digits as well.
POINTS = 64


# Why customers cannot tell the parameters.
NO_REPEATS = "nobody has bought on two days"
NO_AMOUNTS = "nobody has bought for an amount above 0"
NO_MAXIMUM = "their likelihood has no maximum"


class NotFitted(ValueError):
    """These customers cannot tell the parameters; says why."""


@dataclass(frozen=True)
class Purchases:
    """When customers bought, an element each; times are in one unit, such as weeks.

    Attributes:
        repeats: purchases after the first.
        last: from the first purchase to the last.
        seen: from the first purchase to the day of the forecast.
    """

    repeats: Floats
    last: Floats
    seen: Floats


@dataclass(frozen=True)
class BgNbd:
    """The fitted model of when customers buy; parameters as the paper names them."""

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fit(cls, known: Purchases) -> BgNbd:
        """The most likely parameters. Raises NotFitted when nobody bought twice."""
        if not (known.repeats > 0).any():
            raise NotFitted(NO_REPEATS)
        # With time in units of what is seen on average, the same starts fit hours and years.
        unit = float(known.seen.mean()) or 1.0
        scaled = Purchases(known.repeats, known.last / unit, known.seen / unit)
        starts = [(1.0, 1.0, 1.0, 1.0), (0.2, 0.2, 0.5, 2.0), (3.0, 0.5, 0.2, 5.0)]
        r, alpha, a, b = _most_likely(lambda logs: _bg_nbd(logs, scaled), starts)
        return cls(r, alpha * unit, a, b)

    def log_likelihood(self, known: Purchases) -> float:
        """Of all customers together."""
        mean, _ = _bg_nbd(np.log(astuple(self)), known)
        return -mean * len(known.repeats)

    def alive(self, known: Purchases) -> Floats:
        """The probability that a customer has not stayed away for good."""
        x = known.repeats
        gone = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        gone = gone + (self.r + x) * np.log((self.alpha + known.seen) / (self.alpha + known.last))
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(gone, 700))), 1.0)

    def buys_within(self, known: Purchases, ahead: float) -> Floats:
        """The probability of at least one purchase in the time `ahead`.

        Who is alive stays so until the next purchase; its rate is gamma distributed given the past.
        """
        silent = (self.r + known.repeats) * np.log1p(ahead / (self.alpha + known.seen))
        return self.alive(known) * -np.expm1(-silent)

    def expected(self, known: Purchases, ahead: float) -> Floats:
        """Purchases to be expected in the time `ahead`.

        The integral that the paper solves by a hypergeometric function, taken at points of the beta
        distribution of p, the probability to leave: near a = 1, for many purchases and for
        customers who are all alike that function is 0 / 0 in the numbers of a machine.
        """
        points, weights = np.polynomial.legendre.leggauss(POINTS)
        repeats, place = np.unique(known.repeats, return_inverse=True)
        p = betaincinv(self.a, self.b + repeats[:, None], (points + 1) / 2).clip(1e-300)
        expected = np.zeros(len(known.repeats))
        for each, weight in zip(p.T, weights / 2, strict=True):
            leaves = each[place]
            rate = np.log1p(leaves * ahead / (self.alpha + known.seen))
            expected -= weight * np.expm1(-(self.r + known.repeats) * rate) / leaves
        return expected * self.alive(known)


@dataclass(frozen=True)
class GammaGamma:
    """The fitted model of what customers spend at a time; parameters as the note names them."""

    p: float
    q: float
    v: float

    @classmethod
    def fit(cls, count: Floats, mean: Floats) -> GammaGamma:
        """The most likely parameters, from how often each customer bought and its mean amount.

        Only q above 1 is searched: below it there is no mean customer. Raises NotFitted when
        nobody has an amount.
        """
        known = (count > 0) & (mean > 0)
        if not known.any():
            raise NotFitted(NO_AMOUNTS)
        unit = float(np.median(mean[known]))
        x, z = count[known], mean[known] / unit
        starts = [(1.0, 1.0, 1.0), (5.0, 3.0, 1.0), (20.0, 3.0, 0.1)]
        p, above_one, v = _most_likely(lambda logs: _gamma_gamma(logs, x, z), starts)
        return cls(p, 1 + above_one, v * unit)

    def expected(self, count: Floats, mean: Floats) -> Floats:
        """The mean amount to be expected of each customer, between its own and that of all."""
        return self.p * (self.v + count * mean) / (self.p * count + self.q - 1)


def _most_likely(objective: Objective, starts: Sequence[Sequence[float]]) -> list[float]:
    bounds = [(-LARGEST, LARGEST)] * len(starts[0])
    options = {"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-8}
    # The threads of linear algebra on four numbers would wait for each other longer than they work.
    with threadpool_limits(limits=1):
        found = [
            minimize(
                objective,
                np.log(start),
                jac=True,
                method="L-BFGS-B",
                bounds=bounds,
                options=options,
            )
            for start in starts
        ]
    best = min(found, key=lambda each: float(each.fun))
    if not np.isfinite(best.fun):
        raise NotFitted(NO_MAXIMUM)
    return [float(value) for value in np.exp(best.x)]


def _bg_nbd(logs: Floats, known: Purchases) -> tuple[float, Floats]:
    """The mean negative logarithm of the likelihood, and its gradient by the logarithms."""
    r, alpha, a, b = np.exp(logs)
    x, again = known.repeats, known.repeats > 0
    to_day, to_last = np.log(alpha + known.seen), np.log(alpha + known.last)
    before = np.maximum(b + x - 1, 1e-300)
    shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    stays = -(r + x) * to_day
    leaves = np.where(again, np.log(a) - np.log(before) - (r + x) * to_last, -np.inf)
    either = np.logaddexp(stays, leaves)
    stayed, left = np.exp(stays - either), np.exp(leaves - either)
    of_both = digamma(a + b) - digamma(a + b + x)
    gradient = np.array(
        [
            (digamma(r + x) - digamma(r) + np.log(alpha) - stayed * to_day - left * to_last).mean(),
            (r / alpha - (r + x) * (stayed * np.exp(-to_day) + left * np.exp(-to_last))).mean(),
            (of_both + left / a).mean(),
            (of_both + digamma(b + x) - digamma(b) - np.where(again, left / before, 0)).mean(),
        ]
    )
    return -float((shared + either).mean()), -gradient * np.exp(logs)


def _gamma_gamma(logs: Floats, x: Floats, z: Floats) -> tuple[float, Floats]:
    """As `_bg_nbd`; the second logarithm is that of q - 1."""
    p, q, v = np.exp(logs) + np.array([0, 1, 0])
    total = np.log(v + x * z)
    likelihood = q * np.log(v) + p * x * np.log(x * z) - (p * x + q) * total
    likelihood = likelihood - np.log(z) - betaln(p * x, q)
    of_both = digamma(p * x + q)
    gradient = np.array(
        [
            (x * (of_both - digamma(p * x) + np.log(x * z) - total)).mean(),
            (of_both - digamma(q) + np.log(v) - total).mean(),
            (q / v - (p * x + q) / (v + x * z)).mean(),
        ]
    )
    return -float(likelihood.mean()), -gradient * np.exp(logs)
