"""Ranks among a population, and the bounds that stay when the population moves on."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Protocol

from .logic import Truth

Value = int | Decimal


class Standing(Protocol):
    """How a value stands: among today's population, or against the bounds of an earlier one."""

    def part(self, value: Value, parts: int) -> int:
        """Score from 1 to `parts`; equal values share the lower one."""

    def in_top(self, value: Value, percent: int) -> bool:
        """Whether the value is among the top so many percent; a tie goes up whole."""

    def reaches(self, value: Value, percentile: int) -> Truth:
        """Whether the value is the percentile or above; None when there is no such percentile."""


class Ranks:
    """A population today: every answer comes from the rank of the value itself.

    A value that nobody of the population has stands where the next one below it does.
    """

    def __init__(self, values: Iterable[Value | None]) -> None:
        """Rank the values; None is not ranked."""
        self.values = sorted(value for value in values if value is not None)

    def part(self, value: Value, parts: int) -> int:
        """Score of a value; 1 when nobody is ranked."""
        ranked, others = self._ranked(value), len(self.values) - 1
        if ranked is None or not others:
            return 1
        return min(parts, 1 + parts * bisect_left(self.values, ranked) // others)

    def in_top(self, value: Value, percent: int) -> bool:
        """Whether fewer than `percent` of the population stand above the value."""
        ranked = self._ranked(value)
        if ranked is None:
            return False
        above = len(self.values) - bisect_right(self.values, ranked)
        return 100 * above < percent * len(self.values)

    def reaches(self, value: Value, percentile: int) -> Truth:
        """Whether the value has at least that share of the others below it; None if nobody has."""
        ranked, others = self._ranked(value), len(self.values) - 1

        def has(place: Value) -> bool:
            return 100 * bisect_left(self.values, place) >= percentile * others

        if not self.values or not has(self.values[-1]):
            return None
        return ranked is not None and has(ranked)

    def _ranked(self, value: Value) -> Value | None:
        place = bisect_right(self.values, value)
        return self.values[place - 1] if place else None


class Bounds:
    """An earlier population: a band keeps the smallest value that was in it or in a better one."""

    def __init__(self, values: Iterable[Value | None]) -> None:
        """Rank the values of the earlier day; None is not ranked."""
        self._ranks = Ranks(values)
        self._kept: dict[object, Value | None] = {}

    def _passes(self, value: Value, cut: object, fits: Callable[[Value], Truth]) -> Truth:
        if cut not in self._kept:
            self._kept[cut] = min(filter(fits, self._ranks.values), default=None)
        bound = self._kept[cut]
        return None if bound is None else value >= bound

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
        return self._passes(value, ("top", percent), fits) is True

    def reaches(self, value: Value, percentile: int) -> Truth:
        """Whether the value reaches the smallest that reached the percentile."""
        fits = partial(self._ranks.reaches, percentile=percentile)
        return self._passes(value, ("percentile", percentile), fits)
