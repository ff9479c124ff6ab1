"""Which model, if any: fitted on earlier origins, judged by what followed a later one.

At the tested origin a model knows nothing that was not known then: it was fitted to origins whose
windows were over by then, and to purchases up to then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import duckdb
import numpy as np

from orchestration.prediction.assessment import Assessment, CannotTell, Group, Verdict, told
from orchestration.prediction.btyd import NotFitted
from orchestration.prediction.customers import (
    Customers,
    Floats,
    Forecast,
    closed_origins,
    read_customers,
)
from orchestration.prediction.intervals import Spread, spread_of
from orchestration.prediction.judging import Interval, bands, saved, score
from orchestration.prediction.models import MODELS, Model
from orchestration.prediction.naive import naive_forecasts

# Rows that a model learns from, and that it is judged by; more would make it slower, not better.
LEARNT, TESTED = 50_000, 100_000
# With fewer customers at an origin, or fewer who did or did not buy, nothing can be told.
FEWEST_CUSTOMERS, FEWEST_OF_A_KIND = 200, 30
CONFIDENCE = 0.95
BANDS = 10
# What is forecast: the attributes of a Forecast, and of Customers.
TARGETS = ("net", "buys")


def assess(
    panel: duckdb.DuckDBPyConnection, horizon: int, facts: Mapping[str, str], smallest_group: int
) -> Assessment:
    """Hold every model against the plain forecasts on the last origin of a panel that can tell.

    Raises CannotTell when there are no two origins for it, or too few customers.
    """
    *_, tested = closed_origins(panel, horizon) or [date.min]
    learnt = [
        origin for origin in closed_origins(panel, horizon) if origin + timedelta(horizon) <= tested
    ]
    if not learnt:
        raise CannotTell("too_little_history", days=2 * horizon)
    past = read_customers(panel, learnt, horizon, facts, most=LEARNT)
    now = read_customers(panel, [tested], horizon, facts, most=TESTED)
    for customers in (past, now):
        _refuse_few(customers)
    naive = naive_forecasts(past, now, horizon)
    models, spreads, left_out = _fitted(past, now, horizon)
    forecasts = {name: model.forecast(now) for name, model in models.items()}
    verdicts = {target: _verdict(target, now, naive, forecasts) for target in TARGETS}
    net, buys = (getattr(forecasts[verdicts[each].model], each) for each in TARGETS)
    spread = spreads[verdicts["net"].model]
    kinds = _groups(now, Forecast(net, buys), _best(naive, now))
    shown = [group for groups in kinds for group in told(groups, smallest_group)]
    return Assessment(
        horizon=horizon,
        learnt=learnt,
        tested=tested,
        customers=len(now),
        facts=list(facts),
        left_out=left_out,
        verdicts=verdicts,
        covered=_covered(now.net, *spread.around(net)),
        groups=shown,
        hidden=sum(map(len, kinds)) - len(shown),
    )


def fitting(model: str, horizon: int) -> Callable[[Customers, Customers], Model]:
    """The way to fit a model of this name."""
    return lambda past, now: MODELS[model](past, now, horizon)


def _refuse_few(customers: Customers) -> None:
    bought = int(customers.buys.sum())
    few = min(bought, len(customers) - bought) < FEWEST_OF_A_KIND
    if few or len(customers) < FEWEST_CUSTOMERS:
        raise CannotTell("too_few_customers", customers=len(customers), bought=bought)


def _fitted(
    past: Customers, now: Customers, horizon: int
) -> tuple[dict[str, Model], dict[str, Spread], dict[str, str]]:
    """The models with their spreads, and why others are left out: both have to be told."""
    models, spreads, left_out = {}, {}, {}
    for name in MODELS:
        fit = fitting(name, horizon)
        try:
            model, spread = fit(past, now), spread_of(fit, past)
        except NotFitted as reason:
            left_out[name] = str(reason)
        else:
            models[name], spreads[name] = model, spread
    return models, spreads, left_out


def _verdict(
    target: str,
    now: Customers,
    naive: Mapping[str, Forecast],
    models: Mapping[str, Forecast],
) -> Verdict:
    actual: Floats = getattr(now, target)
    forecasts = {name: getattr(each, target) for name, each in {**naive, **models}.items()}
    scores = {name: score(actual, forecast) for name, forecast in forecasts.items()}
    model = min(models, key=lambda name: scores[name].error)
    # The best of several looks better than it is, so that each gets its part of the doubt.
    confidence = 1 - (1 - CONFIDENCE) / len(models)
    margins = {name: saved(actual, forecasts[model], forecasts[name], confidence) for name in naive}
    return Verdict(
        model=model,
        scores=scores,
        margins=margins,
        is_better=all(margin.low > 0 for margin in margins.values()),
        bands=bands(actual, forecasts[model], BANDS),
    )


def _best(naive: Mapping[str, Forecast], now: Customers) -> Forecast:
    return min(naive.values(), key=lambda each: score(now.net, each.net).error)


def _groups(now: Customers, forecast: Forecast, naive: Forecast) -> list[list[Group]]:
    """The groups of each kind."""
    return [
        [
            Group(
                kind=str(kind),
                name=str(name),
                customers=int(rows.sum()),
                net=(float(now.net[rows].mean()), float(forecast.net[rows].mean())),
                buys=(float(now.buys[rows].mean()), float(forecast.buys[rows].mean())),
                saved=_saved(now.net[rows], forecast.net[rows], naive.net[rows]),
            )
            for name in sorted(names.dropna().unique())
            for rows in [(names == name).to_numpy()]
        ]
        for kind, names in now.groups.items()
    ]


def _saved(actual: Floats, model: Floats, naive: Floats) -> float:
    of_naive = score(actual, naive).error
    return 1 - score(actual, model).error / of_naive if of_naive else 0.0


def _covered(actual: Floats, low: Floats, high: Floats) -> Interval:
    """The share of amounts within their bounds, with the bounds of a share of so many."""
    share = float(((low <= actual) & (actual <= high)).mean())
    error = 1.96 * float(np.sqrt(share * (1 - share) / len(actual)))
    return Interval(share, max(share - error, 0), min(share + error, 1))
