"""Chance that falls alike on every machine and in every Python."""

from collections.abc import Sequence
from math import fsum
from random import Random
from typing import TypeVar

SEED = 20250630
Choice = TypeVar("Choice")


class Dice:
    """Draws for one purpose: what is drawn for another does not depend on them.

    Only `random()` is drawn, the one sequence that Python promises to keep, and only plain
    arithmetic is done with it: a logarithm or a sum may differ in its last digit elsewhere.
    """

    def __init__(self, *purpose: object) -> None:
        self._draw = Random(" ".join(map(str, (SEED, *purpose)))).random

    def real(self, low: float, high: float) -> float:
        """Anything between."""
        return low + self._draw() * (high - low)

    def whole(self, low: int, high: int) -> int:
        """A whole number between, both ends included."""
        return low + int(self._draw() * (high - low + 1))

    def skewed(self, low: float, high: float) -> float:
        """Mostly near the low end, seldom near the high one, as incomes are."""
        drawn = self._draw()
        return low + drawn * drawn * drawn * (high - low)

    def happens(self, share: float) -> bool:
        """True as often as the share says."""
        return self._draw() < share

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of them; one that stands twice is twice as likely."""
        return choices[int(self._draw() * len(choices))]

    def weighted(self, choices: Sequence[Choice], weights: Sequence[float]) -> Choice:
        """One of them, each as likely as its weight."""
        left = self._draw() * fsum(weights)
        for choice, weight in zip(choices, weights, strict=True):
            left -= weight
            if left < 0:
                return choice
        return choices[-1]
