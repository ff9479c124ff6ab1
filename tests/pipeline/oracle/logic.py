"""Conditions as SQL has them: what is missing makes a comparison unknown, which is None here."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TypeVar

Truth = bool | None
Ordered = TypeVar("Ordered", int, Decimal, int | Decimal, date)
Thing = TypeVar("Thing")

UNCLASSIFIED = "unclassified"


def above(value: Ordered | None, bound: Ordered | None) -> Truth:
    """value > bound."""
    return None if value is None or bound is None else value > bound


def at_least(value: Ordered | None, bound: Ordered | None) -> Truth:
    """value >= bound."""
    return None if value is None or bound is None else value >= bound


def equal(value: object, other: object) -> Truth:
    """value = other."""
    return None if value is None or other is None else value == other


def one_of(value: str | None, codes: Collection[str]) -> Truth:
    """value in (codes)."""
    return None if value is None else value in codes


def below(value: Ordered | None, bound: Ordered | None) -> Truth:
    """value < bound."""
    return None if value is None or bound is None else value < bound


def at_most(value: Ordered | None, bound: Ordered | None) -> Truth:
    """value <= bound."""
    return None if value is None or bound is None else value <= bound


def opposite(truth: Truth) -> Truth:
    """not truth."""
    return None if truth is None else not truth


def every(*truths: Truth) -> Truth:
    """One `and` the other: one that is false settles it."""
    return False if False in truths else None if None in truths else True


def some(*truths: Truth) -> Truth:
    """One `or` the other: one that is true settles it."""
    return True if True in truths else None if None in truths else False


def or_else(value: Thing | None, instead: Thing) -> Thing:
    """The value, or what stands in for it when it is missing."""
    return instead if value is None else value


def first_fit(*classes: tuple[str, Truth], rest: str = UNCLASSIFIED) -> str:
    """The code of the first class whose condition is true; an unknown condition does not fit."""
    return next((code for code, fits in classes if fits is True), rest)
