"""A walk over the origins of a panel: what each scheme's classes were, and what followed.

Of ladders and scores the policy gives the order of classes. Of other schemes it is learned on an
earlier origin, from what the classes bought in the 90 days after it, which were over on the origin
that is judged: what is judged was never seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.evaluation.gathering import NONE, name_codes
from orchestration.evaluation.judged import Judged
from orchestration.evaluation.known import Origin
from orchestration.evaluation.origins import SHORTEST, is_closed
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.sums import Floats, Sums
from orchestration.progress import Progress


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


def look(panel: Panel, judged: Sequence[Judged], progress: Progress) -> Mapping[str, Looked]:
    """Every scheme that the past can judge, by its id."""
    orders = {each.scheme: each.order for each in judged if each.reason is None}
    looked = {scheme: Looked() for scheme in orders}
    if not orders:
        return looked
    with panel.opened() as con:
        name_codes(con, list(orders))
        for number, origin in enumerate(panel.origins):
            progress.doing(f"evaluation: judging {origin}", number, len(panel.origins))
            known = Origin(con, origin, panel.origins[:number], list(orders))
            moves = known.moves()
            for scheme in known.schemes():
                found, so_far = known.of(scheme), looked[scheme]
                if order := orders[scheme] or learned_order(so_far.sums, origin, found):
                    so_far.seen.append(_see(known, scheme, origin, found, order, number > 0))
                so_far.sums[origin] = found
                so_far.moves[origin] = moves[scheme]
    return looked


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


def _see(
    known: Origin, scheme: str, origin: date, found: Sums, order: Sequence[str], has_before: bool
) -> Seen:
    present = [code for code in order if code in found.codes]
    classes = found.in_order(present)
    sizes = dict(zip(present, classes.customers.sum(axis=1).astype(int).tolist(), strict=True))
    spend = known.of_spend(scheme, sizes).in_order(present)
    # Whoever is new had no class; that is less than any.
    before = known.of_the_month_before(scheme).in_order([*order, NONE]) if has_before else None
    return Seen(origin, classes, spend, before)
