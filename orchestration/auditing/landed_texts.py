"""What the text of a landed column has to be, as SQL: a type is what staging takes for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orchestration.duckdb_sql import quote_name, quote_text, stripped

_NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
_MOMENT = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([ T].*)?"
_BOOLEANS = ("true", "1", "yes", "y", "t", "是", "false", "0", "no", "n", "f", "否")
# text -> (the shape that it has to have, what it is then cast to)
_TYPES: Mapping[str, tuple[str, str]] = {
    "money": (_NUMBER, "decimal(18, 4)"),
    "number": (_NUMBER, "decimal(28, 8)"),
    "integer": ("[+-]?[0-9]+([.]0*)?", "decimal(28, 0)"),
    "date": (_MOMENT, "timestamp"),
    "timestamp": (_MOMENT, "timestamp"),
}
TEXTS = ("filled", "boolean", *_TYPES)


def unfit_text(column: str, text: str | None, value_set: Sequence[str]) -> str:
    """SQL that is true of a row whose text is not what it should be.

    Raises ValueError for a text that is not one of TEXTS, and unless exactly one of both is given.
    """
    if bool(text) == bool(value_set) or text not in (None, *TEXTS):
        raise ValueError(f"{column}: expected value_set, or text as one of {', '.join(TEXTS)}")
    bare = stripped(quote_name(column))
    if text == "filled":
        # A malformed record has no columns, and records_are_well_formed counts it.
        return f"_malformed is null and coalesce({bare}, '') = ''"
    if text is not None and text in _TYPES:
        shape, kind = _TYPES[text]
        return (
            f"{bare} <> '' and case when regexp_full_match({bare}, '{shape}')"
            f" then try_cast({bare} as {kind}) end is null"
        )
    listed = ", ".join(map(quote_text, value_set or _BOOLEANS))
    return f"{bare} <> '' and lower({bare}) not in ({listed})"
