"""What pydantic refuses, in words for people: what was found, and what is expected."""

from typing import Any

from orchestration.policy.values import EXPECTED

WORDS = {
    "missing": "is missing.",
    "model_type": "expected keys with values.",
    "model_attributes_type": "expected keys with values.",
    "dict_type": "expected keys with values.",
    "list_type": "expected a list.",
    "string_type": "expected a text; put it in quotes.",
    "int_type": "expected a whole number.",
    "bool_type": "expected true or false.",
    "too_short": "expected at least {min_length}.",
    "too_long": "expected at most {max_length}; there are {actual_length}.",
    "less_than_equal": "expected at most {le}.",
    "greater_than_equal": "expected at least {ge}.",
    "literal_error": "expected {expected}.",
    "string_too_short": "is empty.",
    "union_tag_not_found": "is missing; expected attribute, ladder, rules or score.",
    "union_tag_invalid": "expected one of {expected_tags}.",
}


def worded(error: Any) -> str:
    """One of `ValidationError.errors()` as a sentence. Own refusals stay as they are written."""
    kind, context, found = error["type"], error.get("ctx", {}), error["input"]
    if kind in ("refused", "value_error"):
        return str(error["msg"]).removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        told = EXPECTED[context["pattern"]]
    else:
        told = WORDS.get(kind, error["msg"]).format(**context)
    if kind == "union_tag_invalid":
        found = context["tag"]
    return told if kind == "missing" or isinstance(found, dict | list) else f"{found!r}: {told}"
