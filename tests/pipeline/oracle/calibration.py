"""Whose ranks decide: today's, or those of the first run of the period."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .logic import Truth
from .ranks import Bounds, Ranks, Standing, Value
from .rows import Row

Measure = Callable[[Row], Value | None]
Condition = Callable[[Row], Truth]


@dataclass(frozen=True)
class Standings:
    """How the measures of one scheme stand.

    Attributes:
        population: how many customers were ranked, by the measure that ranks the most.
    """

    population: int
    _of: Mapping[str, tuple[Measure, Standing]]

    def part(self, row: Row, measure: str, parts: int = 5) -> int | None:
        """Score of the customer by a measure; None when it has no value."""
        value, standing = self._value(row, measure)
        return None if value is None else standing.part(value, parts)

    def in_top(self, row: Row, measure: str, percent: int) -> Truth:
        """Whether the customer is among the top so many percent."""
        value, standing = self._value(row, measure)
        return None if value is None else standing.in_top(value, percent)

    def reaches(self, row: Row, measure: str, percentile: int) -> Truth:
        """Whether the customer reaches the percentile."""
        value, standing = self._value(row, measure)
        return None if value is None else standing.reaches(value, percentile)

    def _value(self, row: Row, measure: str) -> tuple[Value | None, Standing]:
        value_of, standing = self._of[measure]
        return value_of(row), standing


@dataclass(frozen=True)
class Calibration:
    """The customers of today, and those of each earlier run of the period, in order."""

    today: list[Row]
    earlier: Sequence[list[Row]] = ()

    def among(self, ranked: Condition, least: int = 1, **measures: Measure) -> Standings:
        """Rank whom the condition names by each measure.

        The bounds that hold come from the first run that had `least` of them; today ranks when
        none had.
        """
        for rows in self.earlier:
            kept = _standings(rows, ranked, Bounds, measures)
            if kept.population >= least:
                return kept
        return _standings(self.today, ranked, Ranks, measures)


def _standings(
    rows: list[Row],
    ranked: Condition,
    stand: type[Ranks] | type[Bounds],
    measures: Mapping[str, Measure],
) -> Standings:
    those = [row for row in rows if ranked(row)]
    values = {
        name: [value for row in those if (value := measure(row)) is not None]
        for name, measure in measures.items()
    }
    return Standings(
        population=max(map(len, values.values())),
        _of={name: (measure, stand(values[name])) for name, measure in measures.items()},
    )
