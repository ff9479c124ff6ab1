"""Exact arithmetic: money in whole ten-thousandths, quotients rounded once, half away from zero."""

from decimal import Decimal

MONEY = 10**4
NUMBER = 10**8


def half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator; a tie goes away from zero."""
    size = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return size if (numerator < 0) == (denominator < 0) else -size


def quotient(numerator: int, denominator: int) -> Decimal | None:
    """numerator / denominator with eight decimals; None when there is nothing to divide by."""
    if denominator == 0:
        return None
    return number(half_up(numerator * NUMBER, denominator))


def money(ten_thousandths: int) -> Decimal:
    """The amount that so many ten-thousandths are."""
    return Decimal(ten_thousandths).scaleb(-4)


def number(units: int) -> Decimal:
    """The number that so many units of the eighth decimal are."""
    return Decimal(units).scaleb(-8)


def ratio(numerator: int | Decimal | None, denominator: int | Decimal | None) -> Decimal | None:
    """numerator / denominator as `quotient` has it; None when either is missing."""
    if numerator is None or denominator is None:
        return None
    return quotient(int(Decimal(numerator).scaleb(8)), int(Decimal(denominator).scaleb(8)))
