"""Ladders and scores at each origin, in bands fine enough for each change that is tried."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.evaluation.accuracy import is_enough
from orchestration.evaluation.bands import Bands, values_at
from orchestration.evaluation.changes import (
    SHARES,
    Change,
    Numbers,
    Weights,
    can_be_tried,
    changes,
    columns_of,
    numbers_of,
    value_sql,
)
from orchestration.evaluation.judged import Judged
from orchestration.evaluation.known import Origin
from orchestration.evaluation.origins import SHORTEST
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.sums import Sums
from orchestration.evaluation.wording import not_tried
from orchestration.policy import Policy
from orchestration.policy.grades import Graded

HORIZON = SHORTEST


@dataclass
class Tried:
    """A scheme on each origin, to be classified by its numbers or by changed ones.

    Attributes:
        closed: how many origins are over.
        options: the changes; their bounds come from the first origin with customers enough.
        bands: of the origins with customers enough, by the weights of dimensions.
    """

    scheme: Graded
    closed: int = 0
    options: Sequence[Change] = ()
    bands: dict[date, Mapping[Weights, Bands]] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """Where the class stands that the numbers alone decide."""
        return f"{self.scheme.id}_computed" if self.scheme.kept_columns() else self.scheme.id

    def classed(self, day: date, numbers: Numbers) -> Sums:
        """Sums per class on an origin, the best first."""
        return self.bands[day][numbers.weights].classed(numbers)

    def look(self, known: Origin) -> None:
        """Take in the customers of an origin, the earliest first."""
        known.rank(self.column)
        if HORIZON not in known.horizons:
            return
        self.closed += 1
        if not is_enough(known.sums("'all'"), HORIZON):
            return
        now = numbers_of(self.scheme)
        if not self.bands:
            found = values_at(known, value_sql(self.scheme, now.weights), SHARES)
            usual = [value for value in found if value is not None]
            self.options = tuple(changes(self.scheme, usual))
        tried = [now, *(option.then for option in self.options)]
        self.bands[known.day] = {
            weights: Bands.of(
                known,
                value_sql(self.scheme, weights),
                [cut for each in tried if each.weights == weights for cut in each.cuts],
            )
            for weights in dict.fromkeys(each.weights for each in tried)
        }


class Trying:
    """Looks at every ladder and score whose numbers can be changed one by one.

    Attributes:
        reasons: of each public ladder and score, in the order of the chain, why it cannot be tried;
            None where it can.
        tried: those that can, by the column that is looked at.
    """

    def __init__(self, policy: Policy, judged: Iterable[Judged], kept: Collection[str]) -> None:
        """`kept` are the columns of customers that a panel keeps. Nothing is seen yet."""
        against = {each.scheme: each.reason for each in judged}
        schemes = [
            scheme
            for _, scheme in policy.schemes()
            if isinstance(scheme, Graded) and scheme.id in against
        ]
        self.reasons = {
            scheme.id: against[scheme.id]
            or (None if can_be_tried(scheme) and _are_kept(scheme, kept) else not_tried())
            for scheme in schemes
        }
        able = (Tried(scheme) for scheme in schemes if not self.reasons[scheme.id])
        self.tried = {each.column: each for each in able}

    @property
    def columns(self) -> Collection[str]:
        """The classes that the numbers alone decide."""
        return self.tried.keys()

    @property
    def numbers(self) -> Collection[str]:
        """What the numbers are about."""
        return {column for each in self.tried.values() for column in columns_of(each.scheme)}

    def look(self, known: Origin, column: str) -> None:
        """Take in the customers of an origin, the earliest first."""
        self.tried[column].look(known)


def _are_kept(scheme: Graded, kept: Collection[str]) -> bool:
    return set(columns_of(scheme)).issubset(kept)


def kept_numbers(panel: Panel) -> frozenset[str]:
    """The columns of customers that a panel keeps."""
    with panel.opened() as con:
        return frozenset(
            row[0]
            for table in ("facts", "classes")
            for row in con.execute(f"describe {table}").fetchall()
        )
