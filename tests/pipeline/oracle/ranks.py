"""Ranks among a population, and the bounds that stay when the population moves on."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Protocol

Value = int | Decimal


class Standing(Protocol):
    """How a value stands: among today's population, or against the bounds of an earlier one."""

    def part(self, value: Value, parts: int) -> int:
        """Score from 1 to `parts`; equal values share the lower one."""

    def in_top(self, value: Value, percent: int) -> bool:
        """Whether the value is among the top so many percent; a tie goes up whole."""

    def reaches(self, value: Value, percentile: int) -> bool:
        """Whether the value is the percentile or above; False when there is no such percentile."""


class Ranks:
    """A population today: every answer comes from the rank of the value itself."""

    def __init__(self, values: Iterable[Value | None]) -> None:
        """Rank the values; None is not ranked."""
        self.values = sorted(value for value in values if value is not None)

    def part(self, value: Value, parts: int) -> int:
        """Score of a ranked value."""
        below = bisect_left(self.values, value)
        others = len(self.values) - 1
        return min(parts, 1 + parts * below // others) if others else 1

    def in_top(self, value: Value, percent: int) -> bool:
        """Whether fewer than `percent` of the population stand above a ranked value."""
        above = len(self.values) - bisect_right(self.values, value)
        return 100 * above < percent * len(self.values)

    def reaches(self, value: Value, percentile: int) -> bool:
        """Whether a ranked value has at least that share of the others below it."""
        below = bisect_left(self.values, value)
        return 100 * below >= percentile * (len(self.values) - 1)


class Bounds:
    """An earlier population: a band keeps the smallest value that was in it or in a better one."""

    def __init__(self, values: Iterable[Value | None]) -> None:
        """Rank the values of the earlier day; None is not ranked."""
        self._ranks = Ranks(values)
        self._kept: dict[object, Value | None] = {}

    def _passes(self, value: Value, cut: object, fits: Callable[[Value], bool]) -> bool:
        if cut not in self._kept:
            self._kept[cut] = min(filter(fits, self._ranks.values), default=None)
        bound = self._kept[cut]
        return bound is not None and value >= bound

    def part(self, value: Value, parts: int) -> int:
        """The best band whose bound the value reaches; 1 when it reaches none."""
        for band in range(parts, 1, -1):
            if self._passes(value, ("part", parts, band), partial(self._in_band, parts, band)):
                return band
        return 1

    def _in_band(self, parts: int, band: int, ranked: Value) -> bool:
        return self._ranks.part(ranked, parts) >= band

    def in_top(self, value: Value, percent: int) -> bool:
        """Whether the value reaches the smallest that was in the top."""
        fits = partial(self._ranks.in_top, percent=percent)
        return self._passes(value, ("top", percent), fits)

    def reaches(self, value: Value, percentile: int) -> bool:
        """Whether the value reaches the smallest that reached the percentile."""
        fits = partial(self._ranks.reaches, percentile=percentile)
        return self._passes(value, ("percentile", percentile), fits)
