"""One policy file: its text, its theme, and the line of each of its parts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.policy.classes import Place
from orchestration.policy.theme import Document, Theme

META: Place = ("models", 0, "config", "meta")
# What one of each is called.
LISTS = {
    "schemes": "scheme",
    "classes": "class",
    "dimensions": "dimension",
    "metrics": "metric",
    "attributes": "attribute",
    "groups": "group",
    "points": "points of",
}


class PolicyFile:
    """One policy file: its content, and the line of each of its parts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text("utf-8")
        self.content: Any = None
        self.root: yaml.Node | None = None

    def theme(self, problems: list[str]) -> Theme | None:
        """The checked theme, or None with the problems added."""
        jinja = re.search(r"\{[{%#]", self.text)
        if jinja:
            line = self.text.count("\n", 0, jinja.start()) + 1
            problems.append(
                f"{self.path}:{line}: {jinja.group()} is not allowed; policy is data only."
            )
            return None
        try:
            self.content = yaml.safe_load(self.text)
            self.root = yaml.compose(self.text)
        except yaml.YAMLError as error:
            problems.append(f"{self.path}: not readable as YAML: {error}")
            return None
        problems += [
            f"{self.path}:{line}: the key {key!r} stands twice." for key, line in _twice(self.root)
        ]
        try:
            (model,) = Document.model_validate(self.content).models
        except ValidationError as error:
            problems += [self._refusal(each) for each in error.errors()]
            return None
        if model.name != self.path.stem:
            problems.append(
                self.problem(
                    ("models", 0, "name"),
                    f"the model's name is {model.name!r}; it has to be the file's,"
                    f" {self.path.stem!r}.",
                )
            )
        return model.config.meta

    def _refusal(self, error: Any) -> str:
        at = error["loc"]
        if "key" in error.get("ctx", {}):
            at = (*at, error["ctx"]["key"])
        told, found = error["msg"].removeprefix("Value error, "), error["input"]
        if error["type"] == "missing":
            told = "is missing."
        elif error["type"] != "value_error" and isinstance(found, str | int | float):
            told = f"{found!r}: {told}"
        return self.problem(_without_kind(at), told)

    def problem(self, at: Place, told: str) -> str:
        """What is wrong with a part of the file: `file:line: scheme: class: field: what`."""
        owner = "".join(f"{word}: " for word in self._words(at[len(META) :]))
        return f"{self.path}:{self._line(at)}: {owner}{told}"

    def _line(self, at: Place) -> int:
        """The line of a part; of the nearest part around it if it is missing."""
        node: Any = self.root
        for key in at:
            node = _child(node, key) or node
        return int(node.start_mark.line) + 1 if node else 1

    def _words(self, place: Place) -> Iterator[str]:
        """Yield what people call a place: `scheme rfm`, `class lost`, `when`."""
        node: Any = self.content["models"][0]["config"]["meta"] if place else None
        listed: str | None = None
        for key in place:
            node = node[key] if _has(node, key) else None
            if listed:
                named = node if isinstance(key, int) and isinstance(node, dict) else {}
                yield f"{LISTS[listed]} {named.get('id', named.get('code', key))}"
                listed = None
            elif key in LISTS:
                listed = str(key)
            else:
                yield str(key)
        if listed:
            yield listed


def _without_kind(at: Place) -> Place:
    """Pydantic names the kind of a scheme behind its position; the file does not."""
    scheme = len(META) + 2
    return (*at[:scheme], *at[scheme + 1 :]) if at[len(META) : scheme - 1] == ("schemes",) else at


def _has(node: Any, key: Any) -> bool:
    return key in node if isinstance(node, dict) else isinstance(node, list) and key < len(node)


def _child(node: Any, key: Any) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key]
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None


def _twice(node: Any) -> Iterator[tuple[str, int]]:
    """Yield (key, line) of every key that a mapping has twice; YAML itself would take the last."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _twice(value)
