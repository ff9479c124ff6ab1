"""The one number of each ladder and score whose change would most improve what it tells.

A change is chosen on earlier origins and confirmed on later ones, at the first of which all that
had chosen it was over. It is advice only: no policy changes by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from orchestration.evaluation.accuracy import LEAST_ORIGINS, too_little
from orchestration.evaluation.advice_rows import Advice
from orchestration.evaluation.changes import Change, Numbers, numbers_of
from orchestration.evaluation.measures import Drawn, estimate, spearman, weights
from orchestration.evaluation.origins import is_closed
from orchestration.evaluation.sums import Floats
from orchestration.evaluation.trying import HORIZON, Tried, Trying
from orchestration.evaluation.wording import (
    advised,
    none_better,
    one_class,
    too_few_origins,
)

# A change is advised if it adds so much to the rank correlation, by the low end of its interval.
LEAST_GAIN = 0.01
# None is tried that leaves a class a smaller share, unless its share is smaller as it is.
LEAST_SHARE = 0.01


def advise(trying: Trying) -> Iterator[Advice]:
    """Advice on each ladder and score that is public and switched on, in the order of the chain."""
    found, drawn = {each.scheme.id: each for each in trying.tried.values()}, weights()
    for scheme, reason in trying.reasons.items():
        yield Advice(scheme, reason) if reason else advice_on(found[scheme], drawn)


def advice_on(tried: Tried, drawn: Floats) -> Advice:
    """The change that is best on earlier days, if it is better on later ones for sure."""
    scheme, days = tried.scheme.id, sorted(tried.bands)
    if reason := too_little(tried.closed, len(days)):
        return Advice(scheme, reason)
    choosing, confirming = split(days)
    if len(confirming) < LEAST_ORIGINS:
        return Advice(scheme, too_few_origins(len(confirming), LEAST_ORIGINS))
    now = numbers_of(tried.scheme)
    before = _measured(tried, now, confirming, drawn)
    if not estimate(before).is_known:
        return Advice(scheme, one_class())
    best = _best(tried, choosing, drawn[:1])
    if best is None:
        return Advice(scheme, none_better(), now=estimate(before).value)
    after = _measured(tried, best.then, confirming, drawn)
    margin = estimate(list(np.subtract(after, before)))
    if not margin.is_known or margin.low < LEAST_GAIN:
        return Advice(scheme, none_better(), now=estimate(before).value)
    return Advice(
        scheme,
        advised(best.place, best.from_value, best.to_value),
        best,
        estimate(before).value,
        estimate(after).value,
        margin,
        tuple(confirming),
        int(min(tried.classed(day, now).customers.sum() for day in confirming)),
    )


def split(days: Sequence[date]) -> tuple[list[date], list[date]]:
    """The days to choose on and those to confirm on: the later half, or what is left of it.

    What followed a day that chooses was over on the first that confirms, so that nothing is
    confirmed by what it was chosen by.
    """
    for first in range(len(days) // 2, len(days)):
        choosing = [day for day in days[:first] if is_closed(day, HORIZON, days[first])]
        if choosing:
            return choosing, list(days[first:])
    return [], []


def _best(tried: Tried, choosing: Sequence[date], once: Floats) -> Change | None:
    """The change with the greatest measure, the first of equals; None if none betters it."""
    best, greatest = None, _mean(tried, numbers_of(tried.scheme), choosing, once)
    for option in tried.options:
        reached = _mean(tried, option.then, choosing, once)
        if reached > greatest and _keeps_shares(tried, option.then):
            best, greatest = option, reached
    return best


def _mean(tried: Tried, numbers: Numbers, days: Sequence[date], once: Floats) -> float:
    return float(np.mean(_measured(tried, numbers, days, once)))


def _measured(tried: Tried, numbers: Numbers, days: Sequence[date], drawn: Floats) -> list[Floats]:
    return [spearman(Drawn.of(tried.classed(day, numbers), HORIZON, drawn)) for day in days]


def _keeps_shares(tried: Tried, numbers: Numbers) -> bool:
    """Whether no class becomes too small, or leaves the share that the policy gives it."""
    for day in tried.bands:
        now, then = (_shares(tried, day, each) for each in (numbers_of(tried.scheme), numbers))
        for part, was, share in zip(tried.scheme.classes, now, then, strict=True):
            least, most = part.share or (0, 1)
            if share < min(was, LEAST_SHARE) or not least <= share <= most:
                return False
    return True


def _shares(tried: Tried, day: date, numbers: Numbers) -> list[float]:
    customers = tried.classed(day, numbers).customers.sum(axis=1)
    return list((customers / customers.sum()).tolist())
