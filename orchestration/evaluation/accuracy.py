"""Does the class on an origin tell what customers do after it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from orchestration.evaluation.judged import Judged
from orchestration.evaluation.known import JUDGED
from orchestration.evaluation.looking import Seen
from orchestration.evaluation.measures import MEASURES, Drawn, Estimate, estimate
from orchestration.evaluation.rows import Row
from orchestration.evaluation.sums import Floats, Sums
from orchestration.evaluation.wording import (
    FINDINGS,
    Note,
    one_class,
    too_few_customers,
    too_few_origins,
)

# With less than this a number would say more than is known.
LEAST_ORIGINS = 2
LEAST_CUSTOMERS = 100
LEAST_ACTIVE = 20


def accuracy(judged: Judged, seen: Sequence[Seen], drawn: Floats) -> Iterator[Row]:
    """The measures of a scheme at each horizon, or why there are none."""
    for horizon in JUDGED:
        closed = [one for one in seen if horizon in one.classes.active]
        enough = [one for one in closed if is_enough(one.classes, horizon)]
        reason = judged.reason or too_little(len(closed), len(enough)) or _reason(enough)
        for measure in MEASURES:
            row = Row(judged.scheme, f"{measure}_{horizon}d", horizon_days=horizon)
            if reason:
                yield row.without(reason)
            else:
                yield _measured(row, measure, horizon, enough, drawn)


def is_enough(sums: Sums, horizon: int) -> bool:
    """Whether there are customers enough, and enough of them bought, and did not."""
    active, customers = sums.active[horizon].sum(), sums.customers.sum()
    silent = customers - active
    return bool(customers >= LEAST_CUSTOMERS and min(active, silent) >= LEAST_ACTIVE)


def too_little(closed: int, enough: int) -> Note | None:
    """Why nothing is told, of so many origins whose window is over, and so many of them enough."""
    if closed < LEAST_ORIGINS:
        return too_few_origins(closed, LEAST_ORIGINS)
    return too_few_customers(LEAST_CUSTOMERS, LEAST_ACTIVE) if enough < LEAST_ORIGINS else None


def _reason(enough: Sequence[Seen]) -> Note | None:
    return one_class() if min(len(one.classes.codes) for one in enough) < 2 else None


def _measured(row: Row, name: str, horizon: int, seen: Sequence[Seen], drawn: Floats) -> Row:
    measure, chance = MEASURES[name]

    def of_each(sums: Sequence[Sums]) -> list[Floats]:
        return [measure(Drawn.of(each, horizon, drawn)) for each in sums]

    classes, spend = of_each([one.classes for one in seen]), of_each([one.spend for one in seen])
    before = of_each([one.before for one in seen if one.before])
    found, margin = estimate(classes), estimate(list(np.subtract(classes, spend)))
    if not found.is_known:
        return row.without(one_class())
    finding = _finding(found, margin, chance)
    return row.with_value(
        found,
        spend_baseline=estimate(spend).value,
        last_class_baseline=estimate(before).value if before else None,
        random_baseline=chance,
        origins=[one.origin for one in seen],
        customers=int(seen[-1].classes.customers.sum()),
        smallest=int(min(_told_of(name, one.classes) for one in seen)),
        finding=finding,
        note=FINDINGS[finding],
    )


def _told_of(name: str, classes: Sums) -> float:
    """How many customers a measure is about: all of them, or those of the best class."""
    customers = classes.customers[:1] if name == "top_lift" else classes.customers
    return float(customers.sum())


def _finding(found: Estimate, margin: Estimate, chance: float) -> str:
    if found.low <= chance:
        return "useless"
    if not margin.is_known or margin.low <= 0 <= margin.high:
        return "as_good"
    return "better" if margin.low > 0 else "worse"
