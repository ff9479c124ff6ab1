"""A walk over the origins of a panel: ladders and scores in bands fine enough for each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.evaluation.accuracy import is_enough
from orchestration.evaluation.bands import Bands, values_at
from orchestration.evaluation.changes import (
    SHARES,
    Change,
    Numbers,
    Weights,
    changes,
    columns_of,
    numbers_of,
    value_sql,
)
from orchestration.evaluation.gathering import name_codes
from orchestration.evaluation.known import Origin
from orchestration.evaluation.origins import SHORTEST
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.sums import Sums
from orchestration.policy.grades import Graded
from orchestration.progress import Progress

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

    def look(self, known: Origin, origin: date) -> None:
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
        self.bands[origin] = {
            weights: Bands.of(
                known,
                value_sql(self.scheme, weights),
                [cut for each in tried if each.weights == weights for cut in each.cuts],
            )
            for weights in dict.fromkeys(each.weights for each in tried)
        }


def look_at_bands(panel: Panel, schemes: Sequence[Graded], progress: Progress) -> list[Tried]:
    """Each of these schemes over all origins."""
    looked = {each.column: each for each in map(Tried, schemes)}
    numbers = sorted({column for scheme in schemes for column in columns_of(scheme)})
    if not looked:
        return []
    with panel.opened() as con:
        name_codes(con, list(looked))
        for position, origin in enumerate(panel.origins):
            progress.doing(f"evaluation: advising on {origin}", position, len(panel.origins))
            known = Origin(con, origin, (), list(looked), (HORIZON,), numbers)
            for column in known.schemes():
                looked[column].look(known, origin)
    return list(looked.values())


def kept_numbers(panel: Panel) -> frozenset[str]:
    """The columns of customers that a panel keeps."""
    with panel.opened() as con:
        return frozenset(
            row[0]
            for table in ("facts", "classes")
            for row in con.execute(f"describe {table}").fetchall()
        )
