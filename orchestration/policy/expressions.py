"""The language of policy expressions: a small part of SQL, kept by an allow-list."""

import re
from collections.abc import Collection
from functools import lru_cache

import duckdb
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
BOUND = re.compile(r"\bp\d{1,2}\b")
CUT = re.compile(r"(?<![\w.])([a-z]\w*) *(>=|<) *(p\d{1,2})\b")


class ExpressionError(ValueError):
    """An expression that the policy language does not have: says which part, and what it has."""


def check_expression(
    text: str, known: Collection[str], ranked: Collection[str] = ()
) -> frozenset[str]:
    """Check one expression against the allow-list and the names that it may use; the names it uses.

    A cut is written `x >= p80` or `x < p40`, where x is one of `ranked`. Raises ExpressionError.
    """
    if "--" in text or "/*" in text:
        raise ExpressionError("has a comment; comments belong to YAML, behind a #.")
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
    _check_names(tree, CUT.findall(text), known, ranked)
    return frozenset(column.name for column in tree.find_all(sql.Column))


@lru_cache
def words_of_sql() -> frozenset[str]:
    """The words that SQL keeps for itself, which no column can have as its name."""
    with duckdb.connect() as connection:
        found = connection.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
    return frozenset(word for (word,) in found)


def _check_names(
    tree: sql.Expr,
    cuts: list[tuple[str, str, str]],
    known: Collection[str],
    ranked: Collection[str],
) -> None:
    unknown = [
        column for column in tree.find_all(sql.Column) if column.table or column.name not in known
    ]
    bounds = [column for column in unknown if BOUND.fullmatch(column.name)]
    if len(bounds) != len(cuts):
        raise ExpressionError(
            "a cut is written `column >= p80` or `column < p40`, with a bare column."
        )
    for name, _, share in cuts:
        if name not in ranked:
            raise ExpressionError(
                f"{name!r} cannot be cut at {share} here: only the `when` of a class has cuts, "
                "of a fact or a metric; in a score, of its `score`."
            )
    for column in unknown:
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
