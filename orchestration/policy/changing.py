"""Change one number of a policy file, and nothing else of its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from orchestration.policy.classes import Place
from orchestration.policy.file import child_node


class CannotChange(ValueError):
    """The number stands for others, too, or not where it was looked for; change it by hand."""


def with_number(text: str, place: Place, number: str) -> str:
    """The text of a policy file with another number at a place; comments and layout stay.

    A number that is left out, so that its default counts, is put first in its mapping. Raises
    CannotChange.
    """
    root = yaml.SafeLoader(text).get_single_node()
    around: Any = root
    for key in place[:-1]:
        around = child_node(around, key)
    changed = _changed(text, around, str(place[-1]), number)
    found = list(_differing(yaml.safe_load(text), yaml.safe_load(changed)))
    if found != [place]:
        raise CannotChange(f"{place[-1]} changes in {len(found)} places; change it by hand.")
    return changed


def _changed(text: str, around: Any, key: str, number: str) -> str:
    if not isinstance(around, yaml.MappingNode) or not around.value:
        raise CannotChange(f"{key} stands in no mapping of its own; change it by hand.")
    node = child_node(around, key)
    if node:
        start, end = node.start_mark.index, node.end_mark.index
        return f"{text[:start]}{number}{text[end:]}"
    mark = around.value[0][0].start_mark
    between = ", " if around.flow_style else "\n" + " " * mark.column
    return f"{text[: mark.index]}{key}: {number}{between}{text[mark.index :]}"


def _differing(was: Any, now: Any, place: Place = ()) -> Iterator[Place]:
    """Yield every place at which two documents differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from _differing(was.get(key), now.get(key), (*place, key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for position, each in enumerate(zip(was, now, strict=True)):
            yield from _differing(*each, (*place, position))
    elif was != now:
        yield place
