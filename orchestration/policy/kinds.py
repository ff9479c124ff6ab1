"""Checks that expressions hold like against like: numbers, texts, dates, what is true or false."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from sqlglot import expressions as sql

from orchestration.policy.expressions import BOUND, COMPARISON, ExpressionError, sides_of

# None is what nobody can tell: null, or a text that may be a date.
Kind = Literal["number", "text", "date", "boolean"] | None
WORDS = {
    "number": "a number",
    "text": "a text",
    "date": "a date",
    "boolean": "something true or false",
}
SQL_TYPES: Mapping[str, Kind] = {
    "bigint": "number",
    "decimal": "number",
    "string": "text",
    "varchar": "text",
    "date": "date",
    "timestamp": "date",
    "boolean": "boolean",
}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?")


def kind_of_type(data_type: str) -> Kind:
    """`decimal(18,4)` → number."""
    return SQL_TYPES.get(data_type.partition("(")[0])


def kind_of(node: sql.Expr, kinds: Mapping[str, Kind]) -> Kind:
    """What an expression comes to, by the kinds of columns. Raises ExpressionError."""
    match node:
        case sql.Column():
            return "number" if BOUND.fullmatch(node.name) else kinds.get(node.name)
        case sql.Literal():
            if node.is_string:
                return None if DATE.fullmatch(node.name) else "text"
            return "number"
        case sql.Null():
            return None
        case sql.Paren():
            return kind_of(node.this, kinds)
        case sql.Case():
            return _kind_of_case(node, kinds)
        case sql.Coalesce() | sql.Greatest() | sql.Least():
            return _alike(node, [node.this, *node.expressions], kinds)
        case sql.Add() | sql.Sub() | sql.Mul() | sql.Neg() | sql.Abs() | sql.Anonymous():
            _check_operands(node, kinds)
            return "number"
        case sql.And() | sql.Or() | sql.Not():
            _check_operands(node, kinds)
        case sql.Between():
            _alike(node, [node.this, node.args["low"], node.args["high"]], kinds)
        case sql.In() | sql.Is():
            _alike(node, sides_of(node), kinds)
        case _ if isinstance(node, COMPARISON):
            _alike(node, sides_of(node), kinds)
    return "boolean"


def check_kind(node: sql.Expr, kinds: Mapping[str, Kind], wanted: Kind) -> Kind:
    """Check what an expression comes to; None is content with anything. Raises ExpressionError."""
    found = kind_of(node, kinds)
    if wanted and found and found != wanted:
        raise ExpressionError(f"{node.sql()!r} is {WORDS[found]}; expected {WORDS[wanted]}.")
    return found


def _alike(node: sql.Expr, sides: Iterable[sql.Expr], kinds: Mapping[str, Kind]) -> Kind:
    """The one kind of several values."""
    found = {kind: side for side in sides if (kind := kind_of(side, kinds))}
    if len(found) > 1:
        (one, left), (other, right) = list(found.items())[:2]
        raise ExpressionError(
            f"{node.sql()!r} holds {left.sql()}, {WORDS[one]}, "
            f"against {right.sql()}, {WORDS[other]}."
        )
    return next(iter(found), None)


def _check_operands(node: sql.Expr, kinds: Mapping[str, Kind]) -> None:
    wanted: Kind = "boolean" if isinstance(node, sql.And | sql.Or | sql.Not) else "number"
    if isinstance(node, sql.Anonymous):
        wanted = "date" if node.this == "days_since" else "number"
    for operand in node.iter_expressions():
        check_kind(operand, kinds, wanted)


def _kind_of_case(node: sql.Case, kinds: Mapping[str, Kind]) -> Kind:
    arms = node.args["ifs"]
    if node.this:
        _alike(node, [node.this, *(arm.this for arm in arms)], kinds)
    else:
        for arm in arms:
            check_kind(arm.this, kinds, "boolean")
    values = [arm.args["true"] for arm in arms]
    return _alike(node, [*values, *filter(None, [node.args.get("default")])], kinds)
