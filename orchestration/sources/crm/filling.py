"""Templates and conditions of a mapping file, held against values and records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.sources.crm.vendor import Case, Conditions, Part

NAME = re.compile(r"\{(\w+)\}")
Values = Mapping[str, object]


def filled(template: Any, values: Values) -> Any:
    """The template, with every `{name}` filled in; text that is all `{name}` keeps its type."""
    match template:
        case str():
            whole = NAME.fullmatch(template)
            if whole:
                return values[whole[1]]
            return NAME.sub(lambda found: str(values[found[1]]), template)
        case dict():
            return {key: filled(value, values) for key, value in template.items()}
        case list():
            return [filled(value, values) for value in template]
    return template


def merged(first: Any, second: Any) -> Any:
    """Both: what either has of a mapping, one list after the other, else the second."""
    if isinstance(first, dict) and isinstance(second, dict):
        both = {key: merged(first[key], second[key]) for key in first.keys() & second.keys()}
        return {**first, **second, **both}
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return second


def arguments(values: Values, *parts: Part) -> dict[str, Any]:
    """The parts of a request, filled in, under the names that `requests` has for them."""
    whole: dict[str, Any] = {}
    for part in parts:
        given = part.model_dump(include={"headers", "params", "body", "form"})
        whole = merged(whole, filled(given, values))
    texts = {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in whole["params"].items()
    }
    named = {"headers": whole["headers"], "params": texts, "json": whole["body"]}
    named["data"] = whole["form"]
    return {name: value for name, value in named.items() if value}


def at(record: object, path: str) -> object:
    """What stands at a dotted path, whose numbers count the items of lists; None when nothing."""
    for step in path.split("."):
        if isinstance(record, dict):
            record = record.get(step)
        elif isinstance(record, list) and step.isdecimal() and int(step) < len(record):
            record = record[int(step)]
        else:
            return None
    return record


def holds(record: object, conditions: Conditions, *, every: bool) -> bool:
    """Whether a record has one of the values at each path, or at one; compared in lower case."""
    found = (
        as_word(at(record, path)) in [value.lower() for value in values]
        for path, values in conditions.items()
    )
    return all(found) if every else any(found)


def derived(record: object, cases: Sequence[Case]) -> object:
    """What the first case gives that fits and has a value."""
    for case in cases:
        if not case.when or holds(record, case.when, every=False):
            value = at(record, case.source) if case.source else case.constant
            if value not in (None, ""):
                return value
    return None


def as_word(value: object) -> str | None:
    """A value as a condition is written."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value).strip().lower()
