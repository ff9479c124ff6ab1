"""The language of policy expressions: a small part of SQL, kept by an allow-list."""

import re
from collections.abc import Collection

import sqlglot
from sqlglot import expressions as sql

ALLOWED: tuple[type[sql.Expression], ...] = (
    sql.Column, sql.Identifier, sql.Literal, sql.Boolean, sql.Null, sql.Paren,
    sql.And, sql.Or, sql.Not, sql.EQ, sql.NEQ, sql.GT, sql.GTE, sql.LT, sql.LTE,
    sql.Between, sql.In, sql.Is, sql.Add, sql.Sub, sql.Mul, sql.Neg,
    sql.Case, sql.If, sql.Greatest, sql.Least, sql.Coalesce, sql.Abs, sql.Anonymous,
)  # fmt: skip

# The two functions of our own take no parentheses inside, so that substitution makes their SQL.
OWN_FUNCTIONS = {
    "ratio": re.compile(r"\bratio\([^(),]+,[^(),]+\)"),
    "days_since": re.compile(r"\bdays_since\(\w+\)"),
}
CUT = re.compile(r"(?<![\w.])([a-z]\w*) *(>=|<) *(p\d{1,2})\b")


class ExpressionError(ValueError):
    """An expression that the policy language does not have: says which part, and what it has."""


def check_expression(text: str, known: Collection[str]) -> None:
    """Check one expression against the allow-list and the names that it may use.

    Cuts are written `x >= p80` or `x < p40` with a bare column. Raises ExpressionError.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ExpressionError("is not an expression; check quotes and parentheses.") from error
    for node in tree.walk():
        if not isinstance(node, ALLOWED):
            raise ExpressionError(
                f"{node.sql()!r} is not part of the policy language (comparison, and/or/not, "
                "+ - *, in, between, is null, case, greatest, least, coalesce, abs, ratio, "
                "days_since, pNN)."
            )
        if isinstance(node, sql.Anonymous):
            _check_function(node, text)
    columns = [column for column in tree.find_all(sql.Column) if column.name not in known]
    bounds = [column for column in columns if re.fullmatch(r"p\d{1,2}", column.name)]
    if len(bounds) != len(CUT.findall(text)):
        raise ExpressionError(
            "a cut is written `column >= p80` or `column < p40`, with a bare column."
        )
    for column in columns:
        if column not in bounds:
            raise ExpressionError(
                f"{column.sql()!r} is not known here: "
                "name a fact, or a metric or scheme that stands before."
            )


def _check_function(call: sql.Anonymous, text: str) -> None:
    name = str(call.this)
    if name not in OWN_FUNCTIONS:
        raise ExpressionError(
            f"the function {name} is not part of the policy language; "
            "it has greatest, least, coalesce, abs, ratio and days_since."
        )
    if len(OWN_FUNCTIONS[name].findall(text)) != text.count(f"{name}("):
        raise ExpressionError(
            "ratio takes two arguments and days_since one column, "
            "without parentheses or commas inside."
        )
