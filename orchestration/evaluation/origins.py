"""The days of the past from which a policy is judged by what came after."""

from __future__ import annotations

from datetime import date, timedelta

# So many month ends; and after the last of them lies the shortest window, whole.
ORIGINS = 6
HORIZONS = (90, 180, 365)
SHORTEST = min(HORIZONS)
# Where the origin stands beside classes: a scheme may be called `origin`, and none has a blank.
CLASSED_ON = '"classed on"'


def origins_before(day: date, count: int = ORIGINS) -> tuple[date, ...]:
    """The last `count` month ends whose next 90 days are over on `day`, the earliest first."""
    last = day - timedelta(SHORTEST)
    origins = [_month_end(last + timedelta(1))]
    while len(origins) < count:
        origins.append(_month_end(origins[-1]))
    return tuple(reversed(origins))


def is_closed(origin: date, horizon: int, day: date) -> bool:
    """Whether the `horizon` days after an origin are over on `day`."""
    return origin + timedelta(horizon) <= day


def _month_end(day: date) -> date:
    """The last month end before a day."""
    return day.replace(day=1) - timedelta(1)
