"""The few sentences that a reader in a hurry gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from orchestration.report.moves import Moves
from orchestration.report.schemes import Class, Scheme
from orchestration.report.texts import text
from orchestration.report.wording import Both, filled, percent, whole

# Between the codes of several classes that fit.
SEVERAL = "; "


def sentences(facts: Mapping[str, Any], schemes: Mapping[str, Scheme]) -> list[Both]:
    """What stands out: where the money comes from, what stage most are at, who moved, trust."""
    return [
        *_money(facts["tenths"]),
        *_top(schemes.get("pyramid")),
        *_stages(schemes.get("lifecycle")),
        *_moves(facts["moves"], schemes),
        filled(
            text("glance_quality"),
            quarantined=whole(facts["totals"].quarantined_rows),
            landed=whole(facts["totals"].landed_rows),
        ),
    ]


def name_of(schemes: Mapping[str, Scheme], scheme: str, code: str | None) -> Both:
    """The label of a class, or those of several that fit at once; the code where one has none."""
    if code is None:
        return text("outside")
    known = schemes[scheme].classes if scheme in schemes else ()
    # Where nobody is left unclassified, the page has no such class any more.
    labels = {"unclassified": text("unclassified"), **{one.code: one.label for one in known}}
    several = code.split(SEVERAL)
    if not labels.keys() >= {*several}:
        return labels.get(code, Both(code, code))
    told = [labels[one] for one in several]
    return Both(SEVERAL.join(one.en for one in told), "；".join(one.zh for one in told))


def _money(tenths: Any) -> Iterator[Both]:
    if tenths:
        yield filled(text("glance_top"), share=percent(tenths[0].net_share))


def _top(pyramid: Scheme | None) -> Iterator[Both]:
    if pyramid and (top := pyramid.classes[0]).share:
        yield filled(
            text("glance_pyramid"),
            label=top.label,
            customers=percent(top.share or Decimal(0)),
            money=percent(top.net_share or Decimal(0)),
        )


def _stages(lifecycle: Scheme | None) -> Iterator[Both]:
    stages = sorted(lifecycle.classes, key=_share, reverse=True)[:2] if lifecycle else []
    if len(stages) == 2 and all(one.share for one in stages):
        first, second = stages
        yield filled(
            text("glance_lifecycle"),
            first=first.label,
            first_share=percent(_share(first)),
            second=second.label,
            second_share=percent(_share(second)),
        )


def _share(one: Class) -> Decimal:
    return one.share or Decimal(0)


def _moves(moves: Moves, schemes: Mapping[str, Scheme]) -> Iterator[Both]:
    if not moves.kinds:
        yield text("moves_first_day" if moves.is_first_day else "glance_no_move")
        return
    largest = moves.kinds[0]
    if largest.customers is not None:
        yield filled(
            text("glance_move"),
            customers=whole(largest.customers),
            before=name_of(schemes, largest.scheme, largest.from_class),
            after=name_of(schemes, largest.scheme, largest.to_class),
            scheme=schemes[largest.scheme].label if largest.scheme in schemes else largest.scheme,
        )
