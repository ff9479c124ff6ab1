"""What came of testing models on a day of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from orchestration.prediction.judging import Band, Interval, Score


class CannotTell(ValueError):
    """There is too little history, or there are too few customers; says what is missing.

    Attributes:
        code: which of the two, a key of the card's texts.
        values: what the text names.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code}: {values}")
        self.code, self.values = code, values


@dataclass(frozen=True)
class Verdict:
    """Which model forecasts one thing best, and whether any plain forecast is as good.

    Attributes:
        model: the best model, by its squared error.
        scores: of every model and every naive forecast.
        margins: per naive forecast the share of its error that the model is without.
        is_better: whether all margins are above 0, with confidence.
        bands: by the model's forecasts.
    """

    model: str
    scores: Mapping[str, Score]
    margins: Mapping[str, Interval]
    is_better: bool
    bands: Sequence[Band]


@dataclass(frozen=True)
class Group:
    """Customers of one group at the tested origin: means of what came and what was forecast.

    Attributes:
        kind, name: such as region and north.
        saved: the share of the error of the best naive forecast of the amount that the model is
            without.
    """

    kind: str
    name: str
    customers: int
    net: tuple[float, float]
    buys: tuple[float, float]
    saved: float


@dataclass(frozen=True)
class Assessment:
    """What came of a test.

    Attributes:
        learnt: the origins that were learnt from.
        tested: the origin that was forecast.
        customers: how many had bought by it.
        left_out: models that could not be fitted, with the reason.
        verdicts: by target, net and buys.
        covered: the share of customers whose amounts lay between their bounds.
        groups: those of enough customers, see `told`.
        hidden: how many others there are.
    """

    horizon: int
    learnt: Sequence[date]
    tested: date
    customers: int
    facts: Sequence[str]
    left_out: Mapping[str, str]
    verdicts: Mapping[str, Verdict]
    covered: Interval
    groups: Sequence[Group]
    hidden: int


Part = TypeVar("Part", Band, Group)


def told(parts: Sequence[Part], smallest: int) -> list[Part]:
    """The parts of a whole but those of fewer customers, and what would give these away.

    A single hidden part is what is missing to the whole, so that the next greater ones are hidden,
    too, until as many customers are; as counts in a release are.
    """
    ordered = sorted(parts, key=lambda part: part.customers)
    few = {id(part) for part in ordered if part.customers < smallest}
    hidden, together = set(few), 0
    for part in ordered:
        if few and together < smallest:
            hidden.add(id(part))
        together += part.customers
    return [part for part in parts if id(part) not in hidden]
