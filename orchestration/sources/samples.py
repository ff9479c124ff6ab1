"""What sampled values look like, told without showing them."""

import re
from collections.abc import Sequence

from orchestration.canonical import CanonicalColumn

LONGEST = 24
PATTERNS = {
    "integer": r"[+-]?\d+(\.0*)?",
    "number": r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamp": r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}(:?\d{2})?|Z)?)?",
    "boolean": r"(?i:true|false|t|f|yes|no|y|n|1|0|是|否)",
}
# A value that is written as the first may become any of the others.
BECOMES = {"money": ("number",), "date": ("date", "timestamp"), "timestamp": ("timestamp",)}


def guess_type(values: Sequence[str]) -> str:
    """The narrowest type that all values are written as: `text` when none, `empty` without any."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return "empty"
    for kind, pattern in PATTERNS.items():
        if all(re.fullmatch(pattern, value) for value in filled):
            return kind
    return "text"


def fits(value: str, column: CanonicalColumn) -> bool:
    """Whether staging will likely take a value; a blank one always."""
    text = value.strip()
    if not text:
        return True
    if column.values:
        return text.lower() in column.values
    kinds = BECOMES.get(column.data_type, (column.data_type,))
    return any(kind not in PATTERNS or re.fullmatch(PATTERNS[kind], text) for kind in kinds)


def masked(value: str) -> str:
    """A value whose letters are x and whose digits are 9, at most 24 characters of it."""
    shape = "".join(
        "9" if sign.isdigit() else "x" if sign.isalpha() else sign for sign in value[:LONGEST]
    )
    return shape + "…" if len(value) > LONGEST else shape
