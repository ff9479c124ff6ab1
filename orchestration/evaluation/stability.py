"""Does a class stay? Moves from origin to origin, moves that are taken back, and the shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from orchestration.evaluation.judged import Judged
from orchestration.evaluation.looking import Looked
from orchestration.evaluation.measures import Estimate, draw_ratio
from orchestration.evaluation.rows import Row
from orchestration.evaluation.sums import Floats, Sums
from orchestration.evaluation.wording import FINDINGS, too_few_customers, too_few_origins

# Up to the first it is steady, up to the second moving, beyond it restless.
BOUNDS = {
    "monthly_moves": (0.1, 0.3),
    "flips": (0.02, 0.1),
    "distribution_psi": (0.1, 0.25),
}
# How many origins a measure needs.
NEEDED = {"monthly_moves": 2, "flips": 3, "distribution_psi": 2}
LEAST_CUSTOMERS = 100
# An empty class would make the index infinite; see cut_drift.
FLOOR = 0.0001


def stability(judged: Judged, looked: Looked | None, drawn: Floats) -> Iterator[Row]:
    """The measures of one scheme, or why there are none; `looked` is None if nobody looked."""
    for measure in BOUNDS:
        row = Row(judged.scheme, measure)
        if judged.reason or looked is None:
            yield row.without(judged.reason or too_few_origins(0, NEEDED[measure]))
        else:
            yield _measured(row, looked, drawn)


def _measured(row: Row, looked: Looked, drawn: Floats) -> Row:
    days = sorted(looked.sums)
    if len(days) < NEEDED[row.measure]:
        return row.without(too_few_origins(len(days), NEEDED[row.measure]))
    found = _measure(row.measure, days, looked, drawn)
    customers = int(looked.sums[days[-1]].customers.sum())
    if customers < LEAST_CUSTOMERS or not np.isfinite(found.value):
        return row.without(too_few_customers(LEAST_CUSTOMERS))
    finding = _finding(row.measure, found.value)
    return row.with_value(
        found,
        origins=days,
        customers=customers,
        smallest=customers,
        finding=finding,
        note=FINDINGS[finding],
    )


def _measure(measure: str, days: Sequence[date], looked: Looked, drawn: Floats) -> Estimate:
    if measure == "distribution_psi":
        return Estimate(stability_index(looked.sums, days), np.nan, np.nan)
    moves = np.sum([looked.moves[day] for day in days], axis=0)
    pairs, moved, triples, flipped = moves
    above, below = (moved, pairs) if measure == "monthly_moves" else (flipped, triples)
    return draw_ratio(above, below, drawn)


def stability_index(sums: Mapping[date, Sums], days: Sequence[date]) -> float:
    """The population stability index from each origin to the next, on average."""
    return float(np.mean([_index(sums[then], sums[now]) for then, now in pairwise(days)]))


def _index(then: Sums, now: Sums) -> float:
    codes = sorted({*then.codes, *now.codes})
    shares = []
    for sums in (then, now):
        customers = sums.in_order(codes).customers.sum(axis=1)
        if not customers.sum():
            return float("nan")
        shares.append(np.maximum(customers / customers.sum(), FLOOR))
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def _finding(measure: str, value: float) -> str:
    steady, moving = BOUNDS[measure]
    return "steady" if value <= steady else "moving" if value <= moving else "restless"
