"""What a customer's orders and refunds say about it on one day."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from .days import from_number, inside
from .exact import NUMBER, money, number, quotient

WINDOWS = (30, 90, 180, 365)
RETURN_GAP_DAYS = 365
SHARES_FROM_ORDERS = 3


class Purchase(NamedTuple):
    """A counted order: its day number, and its money in ten-thousandths."""

    order_id: str
    day: int
    amount: int
    discount: int | None
    cost: int | None
    promo_code: str | None


class Refund(NamedTuple):
    """Money given back: the day number and a number of ten-thousandths, zero or more."""

    day: int
    amount: int


def order_facts(
    purchases: Sequence[Purchase], refunds: Sequence[Refund], today: int
) -> dict[str, object]:
    """The facts of one customer's purchases and refunds, all of them on or before today."""
    days = sorted({purchase.day for purchase in purchases})
    year = in_window(purchases, today, 365)
    facts: dict[str, object] = {
        "first_order_date": from_number(days[0]) if days else None,
        "last_order_date": from_number(days[-1]) if days else None,
        "return_date": _return_date(days),
        "recency_days": today - days[-1] if days else None,
        "tenure_days": today - days[0] if days else None,
        "order_day_count": len(days),
        "order_day_count_365d": len({purchase.day for purchase in year}),
        "average_order_amount": _average(purchases),
        "average_order_amount_365d": _average(year),
        **_gaps(days),
        **_costs(year, in_window(refunds, today, 365)),
        **_shares(year),
    }
    for window in (None, *WINDOWS):
        name = "" if window is None else f"_{window}d"
        bought, returned = in_window(purchases, today, window), in_window(refunds, today, window)
        gross, refunded = _total(bought), _total(returned)
        facts[f"order_count{name}"] = len(bought)
        facts[f"gross_amount{name}"] = money(gross)
        facts[f"refund_amount{name}"] = money(refunded)
        facts[f"net_amount{name}"] = money(gross - refunded)
    return facts | _trend(purchases, refunds, today)


Dated = TypeVar("Dated", Purchase, Refund)


def in_window(events: Iterable[Dated], today: int, window: int | None) -> list[Dated]:
    """The events of the last `window` days; all of them up to today when there is no window."""
    return [event for event in events if inside(event.day, today, window)]


def _total(events: Iterable[Purchase] | Iterable[Refund]) -> int:
    return sum(event.amount for event in events)


def _return_date(days: Sequence[int]) -> object:
    returns = [day for before, day in pairwise(days) if day - before > RETURN_GAP_DAYS]
    return from_number(returns[-1]) if returns else None


def _average(purchases: Sequence[Purchase]) -> object:
    return quotient(_total(purchases), 10**4 * len(purchases))


def _gaps(days: Sequence[int]) -> dict[str, object]:
    gaps = sorted(later - before for before, later in pairwise(days))
    if not gaps:
        return {"mean_gap_days": None, "median_gap_days": None, "on_cycle_share": None}
    twice_median = gaps[len(gaps) // 2] + gaps[(len(gaps) - 1) // 2]
    return {
        "mean_gap_days": quotient(sum(gaps), len(gaps)),
        "median_gap_days": number(twice_median * NUMBER // 2),
        "on_cycle_share": quotient(sum(gap <= twice_median for gap in gaps), len(gaps)),
    }


def _costs(year: Sequence[Purchase], refunds: Sequence[Refund]) -> dict[str, object]:
    cost = sum(purchase.cost for purchase in year if purchase.cost is not None)
    uncosted = _total(purchase for purchase in year if purchase.cost is None)
    net = _total(year) - _total(refunds)
    known = 5 * uncosted <= _total(year)
    return {
        "cost_amount_365d": money(cost),
        "margin_amount_365d": money(net - cost) if known else None,
    }


def _shares(year: Sequence[Purchase]) -> dict[str, object]:
    if len(year) < SHARES_FROM_ORDERS:
        return {"discount_share_365d": None, "promo_order_share_365d": None}
    discount = sum(purchase.discount or 0 for purchase in year)
    promoted = sum(purchase.promo_code is not None for purchase in year)
    return {
        "discount_share_365d": quotient(discount, _total(year) + discount),
        "promo_order_share_365d": quotient(promoted, len(year)),
    }


def _trend(
    purchases: Sequence[Purchase], refunds: Sequence[Refund], today: int
) -> dict[str, object]:
    def net(until: int) -> int:
        return _total(in_window(purchases, until, 180)) - _total(in_window(refunds, until, 180))

    last, prior = net(today), net(today - 180)
    return {
        "net_amount_prior_180d": money(prior),
        "trend_ratio_180d": quotient(last - prior, max(prior, 0)),
    }


def line_facts(
    lines: Sequence[tuple[int | None, str | None]],
) -> dict[str, object]:
    """The facts of the lines (quantity, category) of one customer's purchases of 365 days."""
    return {
        "unit_count_365d": number(sum(quantity or 0 for quantity, _ in lines)),
        "category_count_365d": len({category for _, category in lines if category is not None}),
    }
