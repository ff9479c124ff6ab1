"""What each scheme's classes were at each origin, and what followed.

Of ladders and scores the policy gives the order of classes. Of other schemes it is learned on an
earlier origin, from what the classes bought in the 90 days after it, which were over on the origin
that is judged: what is judged was never seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.evaluation.gathering import NONE
from orchestration.evaluation.judged import Judged
from orchestration.evaluation.known import Origin
from orchestration.evaluation.origins import SHORTEST, is_closed
from orchestration.evaluation.sums import Floats, Sums


@dataclass(frozen=True)
class Seen:
    """The customers of a scheme at one origin, by class and by what it is held against.

    Attributes:
        classes, spend: rows in the same order, best first; spend is cut into bands of equal sizes.
        before: by the class of the origin before; None at the first.
    """

    origin: date
    classes: Sums
    spend: Sums
    before: Sums | None


@dataclass(frozen=True)
class Looked:
    """One scheme over all origins.

    Attributes:
        sums: per origin, by class as found.
        moves: per origin, see `Origin.moves`.
        seen: the origins at which the order of the classes was known.
    """

    sums: dict[date, Sums] = field(default_factory=dict)
    moves: dict[date, Floats] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)


class Looking:
    """Looks at every scheme that the past can judge.

    Attributes:
        looked: what was seen, by the id of the scheme.
    """

    numbers = ()

    def __init__(self, judged: Iterable[Judged]) -> None:
        """Nothing is seen yet."""
        self._orders = {each.scheme: each.order for each in judged if each.reason is None}
        self.looked = {scheme: Looked() for scheme in self._orders}

    @property
    def columns(self) -> Collection[str]:
        """The classes of the schemes."""
        return self.looked.keys()

    def look(self, known: Origin, column: str) -> None:
        """Take in the customers of an origin, the earliest first."""
        found, so_far = known.of(column), self.looked[column]
        if order := self._orders[column] or learned_order(so_far.sums, known.day, found):
            so_far.seen.append(_see(known, column, found, order))
        so_far.sums[known.day] = found
        so_far.moves[known.day] = known.moves(column)


def learned_order(earlier: Mapping[date, Sums], origin: date, now: Sums) -> Sequence[str] | None:
    """The classes by what they bought after the last origin whose window is over on this one."""
    closed = [day for day in earlier if is_closed(day, SHORTEST, origin)]
    if not closed:
        return None
    sums = earlier[max(closed)]
    amounts, customers = sums.amounts[SHORTEST].sum(axis=1), sums.customers.sum(axis=1)
    means = dict(zip(sums.codes, (amounts / customers).tolist(), strict=True))
    # A class that nobody was in stands where one stands who is like all.
    usual = float(amounts.sum() / max(customers.sum(), 1))
    codes = {*sums.codes, *now.codes}
    return sorted(codes, key=lambda code: (-means.get(code, usual), code))


def _see(known: Origin, scheme: str, found: Sums, order: Sequence[str]) -> Seen:
    present = [code for code in order if code in found.codes]
    classes = found.in_order(present)
    sizes = dict(zip(present, classes.customers.sum(axis=1).astype(int).tolist(), strict=True))
    spend = known.of_spend(scheme, sizes).in_order(present)
    # Whoever is new had no class; that is less than any.
    before = (
        known.of_the_month_before(scheme).in_order([*order, NONE]) if known.has_earlier else None
    )
    return Seen(known.day, classes, spend, before)
