"""A fall that waits: the class that is held while the computed one is lower."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from .rows import Row


class Held(NamedTuple):
    """The class held, and since when the computed one is below it; None while it is not."""

    code: str | None
    below_since: date | None


NOTHING = Held(None, None)


def hold_step(
    previous_held: str | None,
    previous_below_since: date | None,
    computed: str | None,
    previous_run_date: date | None,
    as_of: date,
    *,
    days: int,
    steps: int,
    review_day: int | None,
    order: Sequence[str],
) -> Held:
    """What is held after one run, from what was held before it.

    `order` has the codes, the best first. A rise is immediate. A fall waits until a review finds
    it `days` old, and then goes down by `steps`, never below the computed class.
    """
    if computed not in order:
        return NOTHING
    if previous_held not in order or order.index(computed) <= order.index(previous_held):
        return Held(computed, None)
    below_since = previous_below_since or as_of
    reviews = _reviews(previous_run_date, as_of, review_day)
    if not any((review - below_since).days >= days for review in reviews):
        return Held(previous_held, below_since)
    lower = order[min(order.index(previous_held) + steps, order.index(computed))]
    return Held(lower, None if lower == computed else below_since)


def _reviews(previous_run_date: date | None, as_of: date, review_day: int | None) -> list[date]:
    """The days of review after the previous run and not after this one."""
    if review_day is None or previous_run_date is None:
        return [as_of]
    passed = [as_of - timedelta(ago) for ago in range((as_of - previous_run_date).days)]
    return [day for day in passed if day.day == review_day]


def with_hold(
    row: Row,
    scheme: str,
    computed: str | None,
    *,
    days: int,
    steps: int,
    review_day: int | None,
    order: Sequence[str],
) -> Row:
    """The columns of a scheme that holds; `previous` of the row has those of the run before."""
    previous = row.get("previous") or {}
    held = hold_step(
        previous.get(f"{scheme}_held"),
        previous.get(f"{scheme}_below_since"),
        computed,
        previous.get("as_of_date"),
        row["as_of_date"],
        days=days,
        steps=steps,
        review_day=review_day,
        order=order,
    )
    return {
        scheme: held.code or computed,
        f"{scheme}_computed": computed,
        f"{scheme}_held": held.code,
        f"{scheme}_below_since": held.below_since,
    }
