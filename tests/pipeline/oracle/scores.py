"""The mean of several scores."""

from decimal import Decimal

from .exact import NUMBER, quotient
from .ranks import Value


def weighted_mean(*weighted: tuple[int, Value | None]) -> Decimal | None:
    """The mean of the (weight, score) pairs that have a score; None when no pair has one."""
    there = [(weight, score) for weight, score in weighted if score is not None]
    total = sum(weight * int(Decimal(score).scaleb(8)) for weight, score in there)
    return quotient(total, NUMBER * sum(weight for weight, _ in there))


def reached(value: Value | None, bounds: tuple[int, ...]) -> int | None:
    """One more than the number of bounds that the value reaches; None when there is no value."""
    return None if value is None else 1 + sum(value >= bound for bound in bounds)
