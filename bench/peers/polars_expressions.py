"""What the facts by polars are made of."""

import polars as pl


def within(age: pl.Expr, first: int, last: int | None) -> pl.Expr:
    """Whether a number of days lies in a window."""
    return age >= first if last is None else age.is_between(first, last)


def total(amount: pl.Expr, where: pl.Expr) -> pl.Expr:
    """The sum of some; 0 of none."""
    return amount.filter(where).sum()


def double(money: pl.Expr) -> pl.Expr:
    """Ten-thousandths as what they are worth."""
    return money.cast(pl.Float64) / 10**4


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """The quotient in hundred-millionths, by way of twelve digits, as the models round it."""
    quotient = numerator.cast(pl.Float64) / denominator.cast(pl.Float64)
    size = pl.when(denominator != 0).then(quotient.abs())
    twelve = ((size % 1) * 10**12).round(0, mode="half_away_from_zero").cast(pl.Int64)
    units = size.floor().cast(pl.Int64) * 10**8 + (twelve + 5_000) // 10_000
    return pl.when(quotient < 0).then(-units).otherwise(units)
