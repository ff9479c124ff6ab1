"""The numbers of a ladder or a score, and what it would be with one of them changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orchestration.evaluation.gathering import number
from orchestration.policy.classes import Place, percent
from orchestration.policy.grades import Graded, Ladder, Score

SHARES = tuple(
    Decimal(each) / 100 for each in (1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90)
)
FACTORS = (Decimal("0.5"), Decimal(2))
# Between the bounds of a score that are tried, and the digits of other bounds.
STEP, DIGITS = Decimal("0.2"), 2
# A key of a class, and its number.
Cut = tuple[str, Decimal]
# Of the dimensions of a score, by name; of a ladder none.
Weights = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Numbers:
    """What decides on the classes of a ladder or a score.

    Attributes:
        classes: per class, the best first, what it asks for; all of it has to hold.
        weights: of the dimensions.
    """

    classes: tuple[tuple[Cut, ...], ...]
    weights: Weights = ()

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """What any class asks for."""
        return tuple(cut for cuts in self.classes for cut in cuts)


@dataclass(frozen=True)
class Change:
    """One number changed: where, from what to what as a policy writes it, and all numbers then."""

    place: str
    from_value: str
    to_value: str
    then: Numbers


def can_be_tried(scheme: Graded) -> bool:
    """Whether its classes ask for nothing but bounds and shares of one column or score."""
    *graded, last = scheme.classes
    column = scheme.by.isidentifier() if isinstance(scheme, Ladder) else True
    plain = all(part.when is None and part.top_value is None for part in scheme.classes)
    # Whom else a share is of is not known from the classes.
    ranks_others = scheme.among is not None and any(part.is_ranked for part in graded)
    return bool(graded) and column and plain and not last.asks and not ranks_others


def numbers_of(scheme: Graded) -> Numbers:
    """Its numbers as they are."""
    dimensions = scheme.dimensions if isinstance(scheme, Score) else {}
    return Numbers(
        tuple(
            tuple(
                (key, bound)
                for key, bound in (("top", part.top), ("at_least", part.at_least))
                if bound is not None
            )
            for part in scheme.classes
        ),
        tuple((name, dimension.weight) for name, dimension in dimensions.items()),
    )


def columns_of(scheme: Graded) -> list[str]:
    """The columns that its numbers are about."""
    if isinstance(scheme, Ladder):
        return [scheme.by]
    return [column for column in scheme.score_columns() if column != f"{scheme.id}_score"]


def value_sql(scheme: Graded, weights: Weights) -> str:
    """SQL of what its classes are bounds of, from columns that `Origin` keeps; as the policy's."""
    if not isinstance(scheme, Score):
        (column,) = columns_of(scheme)
        return f"cast({number(column)} as decimal(28, 8))"
    columns = {name: number(f"{scheme.id}_{name}") for name, _ in weights}
    above = " + ".join(f"coalesce({weight:f} * {columns[name]}, 0)" for name, weight in weights)
    below = " + ".join(
        f"case when {columns[name]} is null then 0 else {weight:f} end" for name, weight in weights
    )
    mean = f"cast(({above}) as double) / nullif(cast(({below}) as double), 0)"
    score = f"cast(round(cast({mean} as decimal(38, 12)), 8) as decimal(28, 8))"
    if scheme.missing == "reweigh":
        return score
    return f"case when {' is not null and '.join(columns.values())} is not null then {score} end"


def changes(scheme: Graded, usual: Sequence[Decimal]) -> Iterator[Change]:
    """Every change of one number that is tried; `usual` are values that customers have."""
    now = numbers_of(scheme)
    options = {"top": SHARES, "at_least": _bounds(scheme, usual)}
    for position, cuts in enumerate(now.classes):
        for key, was in cuts:
            for bound in options[key]:
                then = _with_bound(now, position, key, bound)
                if bound != was and _in_order(then, key):
                    yield Change(
                        f"classes[{position}].{key}", written(key, was), written(key, bound), then
                    )
    # The only dimension decides by itself, whatever its weight.
    for name, weight in now.weights if len(now.weights) > 1 else ():
        for factor in FACTORS:
            changed = tuple((n, w * factor if n == name else w) for n, w in now.weights)
            yield Change(
                f"dimensions.{name}.weight",
                written("weight", weight),
                written("weight", weight * factor),
                replace(now, weights=changed),
            )


def _bounds(scheme: Graded, usual: Sequence[Decimal]) -> list[Decimal]:
    if isinstance(scheme, Ladder):
        return sorted({round(each, DIGITS - 1 - each.adjusted()) for each in usual})
    assert isinstance(scheme, Score)
    greatest = max(dimension.scores[-1] for dimension in scheme.dimensions.values())
    return [STEP * step for step in range(int(1 / STEP) + 1, int(greatest / STEP) + 1)]


def _with_bound(now: Numbers, position: int, key: str, bound: Decimal) -> Numbers:
    cuts = tuple((each, bound if each == key else was) for each, was in now.classes[position])
    return replace(now, classes=(*now.classes[:position], cuts, *now.classes[position + 1 :]))


def _in_order(numbers: Numbers, key: str) -> bool:
    """Whether shares rise and bounds fall, from the best class down."""
    bounds = [bound for each, bound in numbers.cuts if each == key]
    return bounds == sorted(bounds, reverse=key == "at_least")


def written(key: str, value: Decimal) -> str:
    """A number as a policy writes it: `20%`, `3.8`."""
    return percent(value) if key == "top" else f"{value.normalize():f}"


def number_at(scheme: Graded, place: str) -> str | None:
    """The number at the place of a change, as it is written; None when there is none."""
    numbers = numbers_of(scheme)
    standing: Mapping[str, str] = {
        **{
            f"classes[{position}].{key}": written(key, bound)
            for position, cuts in enumerate(numbers.classes)
            for key, bound in cuts
        },
        **{f"dimensions.{name}.weight": written("weight", w) for name, w in numbers.weights},
    }
    return standing.get(place)


def steps_of(place: str) -> Place:
    """The keys that lead to the place of a change: `classes[0].top` → ("classes", 0, "top")."""
    return tuple(int(key) if key.isdigit() else key for key in re.findall(r"[^.\[\]]+", place))
