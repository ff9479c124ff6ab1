"""The language of policy expressions: a small part of SQL, kept by an allow-list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

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
    "ratio": re.compile(r"\bratio\([^(),']+,[^(),']+\)"),
    "days_since": re.compile(r"\bdays_since\(\w+\)"),
}
FUNCTIONS = frozenset({"greatest", "least", "coalesce", "abs"})
# What else may stand before a parenthesis.
WORDS = frozenset({"and", "or", "not", "in", "is", "between", "case", "when", "then", "else"})
# With an exponent SQL would count in floating point, which is not exact.
PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+")
CALL = re.compile(r"\b([a-z_]\w*)\s*\(", re.IGNORECASE)
COMPARISON = (sql.EQ, sql.NEQ, sql.GT, sql.GTE, sql.LT, sql.LTE)
BOUND = re.compile(r"\bp\d{1,2}\b")
CUT = re.compile(r"(?<![\w.])([a-z]\w*) *(?:>=|<) *(p\d{1,2})\b")


class ExpressionError(ValueError):
    """An expression that the policy language does not have: says which part, and what it has."""


@dataclass(frozen=True)
class Expression:
    """What an expression names.

    Attributes:
        names: its columns.
        cuts: (column, share) of each cut, such as ("net_amount", "p80").
        texts: (column, text) where a column is held against a text.
        tree: it as a tree.
    """

    names: frozenset[str]
    cuts: tuple[tuple[str, str], ...]
    texts: frozenset[tuple[str, str]]
    tree: sql.Expr


def read_expression(text: str) -> Expression:
    """Check an expression against the allow-list, and say what it names. Raises ExpressionError.

    A cut is written `x >= p80` or `x < p40`.
    """
    if "--" in text or "/*" in text:
        raise ExpressionError("has a comment; comments belong to YAML, behind a #.")
    unquoted = re.sub("'[^']*'", "''", text)
    if ";" in unquoted:
        raise ExpressionError("has a ; which ends a statement; an expression has none.")
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ExpressionError("is not an expression; check quotes and parentheses.") from error
    for node in tree.walk():
        _check_node(node)
    _check_calls(tree, unquoted)
    columns = [column.name for column in tree.find_all(sql.Column)]
    cuts = tuple(
        (held.this.name, held.expression.name)
        for held in tree.find_all(sql.GTE, sql.LT)
        if isinstance(held.this, sql.Column)
        and isinstance(held.expression, sql.Column)
        and BOUND.fullmatch(held.expression.name)
    )
    bounds = [name for name in columns if BOUND.fullmatch(name)]
    # SQL is made of the text, so each cut has to be written as it is looked for there.
    if len(bounds) != len(cuts) or sorted(cuts) != sorted(CUT.findall(text)):
        raise ExpressionError(
            "a cut is written `column >= p80` or `column < p40`, with a bare column."
        )
    return Expression(frozenset(columns) - set(bounds), cuts, frozenset(_texts(tree)), tree)


@lru_cache
def words_of_sql() -> frozenset[str]:
    """The words that SQL keeps for itself, which no column can have as its name."""
    with duckdb.connect() as connection:
        found = connection.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
    return frozenset(word for (word,) in found)


def _check_node(node: sql.Expr) -> None:
    if not isinstance(node, ALLOWED) or node.args.get("symmetric") is not None:
        raise ExpressionError(
            f"{node.sql()!r} is not part of the policy language (comparison, and/or/not, "
            "+ - *, in, between, is null, case, greatest, least, coalesce, abs, ratio, "
            "days_since, pNN)."
        )
    if isinstance(node, sql.Literal) and not node.is_string and not PLAIN.fullmatch(node.name):
        raise ExpressionError(f"{node.name} has a power of ten; a number is written out.")
    if isinstance(node, sql.Column) and node.table:
        raise ExpressionError(f"{node.sql()!r} has a dot; a column is named alone.")
    if isinstance(node, sql.Identifier) and node.quoted:
        raise ExpressionError(
            f"{node.sql()} is quoted; names have no quotes, texts have single ones."
        )
    if isinstance(node, sql.In) and not node.expressions:
        raise ExpressionError(f"{node.sql()!r}: `in` takes a list, as in ('a', 'b').")
    if isinstance(node, (*COMPARISON, sql.In)) and any(
        isinstance(side, sql.Null) for side in sides_of(node)
    ):
        raise ExpressionError(
            f"{node.sql()!r} holds a value against null, which equals nothing; "
            "write `is null` or `is not null`."
        )
    if isinstance(node, COMPARISON) and isinstance(node.parent, COMPARISON):
        raise ExpressionError(
            f"{node.parent.sql()!r} compares a comparison; write a < b and b < c, or parentheses."
        )


def _texts(tree: sql.Expr) -> Iterator[tuple[str, str]]:
    for held in tree.find_all(sql.EQ, sql.NEQ, sql.In):
        sides = sides_of(held)
        columns = [side.name for side in sides if isinstance(side, sql.Column)]
        texts = [side.name for side in sides if side.is_string]
        yield from product(columns, texts)


def sides_of(held: sql.Expr) -> list[sql.Expr]:
    """What a comparison, or `in`, holds against each other."""
    return [held.this, *(held.expressions or [held.expression])]


def _check_calls(tree: sql.Expr, unquoted: str) -> None:
    """Check how functions are called. The parser would take some by names that DuckDB has not."""
    for name in CALL.findall(unquoted):
        if name not in OWN_FUNCTIONS and name.lower() not in FUNCTIONS | WORDS:
            raise ExpressionError(
                f"the function {name} is not part of the policy language; "
                "it has greatest, least, coalesce, abs, ratio and days_since."
            )
    calls = [str(call.this) for call in tree.find_all(sql.Anonymous)]
    for name, written in OWN_FUNCTIONS.items():
        if calls.count(name) != len(written.findall(unquoted)):
            raise ExpressionError(
                "ratio(a, b) takes two arguments and days_since(a) one column, without a space "
                "before the parenthesis, and without parentheses, commas or quotes inside."
            )
