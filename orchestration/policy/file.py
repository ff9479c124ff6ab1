"""One policy file: its text, its theme, and the line of each of its parts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.policy.classes import Place
from orchestration.policy.theme import Document, Theme
from orchestration.policy.wording import worded

META: Place = ("models", 0, "config", "meta")
# What one of each is called.
LISTS = {
    "schemes": "scheme",
    "classes": "class",
    "dimensions": "dimension",
    "metrics": "metric",
    "attributes": "attribute",
    "groups": "group",
    "labels": "label",
    "points": "points of",
    "contradictions": "contradiction",
}
# What dbt would run. It is looked for in the text, and again in what escapes in the text stand for.
JINJA = re.compile(r"\{[{%#]")
NO_KIND = ("union_tag_invalid", "union_tag_not_found")


class PolicyFile:
    """One policy file: its content, and the line of each of its parts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content: Any = None
        self.root: yaml.Node | None = None

    def theme(self, problems: list[str]) -> Theme | None:
        """The checked theme, or None with the problems added."""
        found = list(self._read())
        if not found:
            try:
                (model,) = Document.model_validate(self.content).models
            except ValidationError as error:
                found = [self._refusal(each) for each in error.errors()]
            else:
                if model.name == self.path.stem:
                    return model.config.meta
                told = f"{model.name!r}: expected {self.path.stem!r}, the name of the file."
                found = [self.problem(("models", 0, "name"), told)]
        problems += found
        return None

    def _read(self) -> Iterator[str]:
        """Read the file as data, and yield why it cannot be."""
        try:
            text = self.path.read_text("utf-8")
            if jinja := JINJA.search(text):
                yield self._not_data(text.count("\n", 0, jinja.start()), jinja)
                return
            loader = yaml.SafeLoader(text)
            self.root = loader.get_single_node()
            self.content = loader.construct_document(self.root) if self.root else None
        except UnicodeDecodeError:
            yield f"{self.path}: is not UTF-8; save it as UTF-8."
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            yield f"{self.path}:{line}: not readable as YAML: {getattr(error, 'problem', error)}."
        else:
            for key, line in _twice(self.root):
                yield f"{self.path}:{line}: the key {key!r} stands twice; YAML takes only the last."
            for scalar in _scalars(self.root):
                if jinja := JINJA.search(scalar.value):
                    yield self._not_data(scalar.start_mark.line, jinja)

    def _not_data(self, line: int, jinja: re.Match[str]) -> str:
        return f"{self.path}:{line + 1}: {jinja.group()} is not allowed; policy is data only."

    def _refusal(self, error: Any) -> str:
        place = error.get("ctx", {}).get("place", ())
        if error["type"] in NO_KIND:
            place = ("kind",)
        return self.problem((*_place(error["loc"]), *place), worded(error))

    def problem(self, at: Place, told: str) -> str:
        """What is wrong with a part of the file: `file:line: scheme: class: field: what`."""
        words = self._words(at[len(META) :]) if len(at) > len(META) else at[-1:]
        owner = "".join(f"{word}: " for word in words)
        return f"{self.path}:{self._line(at)}: {owner}{told}"

    def _line(self, at: Place) -> int:
        """The line of a part; of the nearest part around it if it is missing."""
        node: Any = self.root
        for key in at:
            node = child_node(node, key) or node
        return int(node.start_mark.line) + 1 if node else 1

    def _words(self, place: Place) -> Iterator[str]:
        """Yield what people call a place: `scheme rfm`, `class lost`, `when`."""
        node: Any = self.content["models"][0]["config"]["meta"]
        listed: str | None = None
        for key in place:
            node = node[key] if _has(node, key) else None
            if listed:
                name: Any = key + 1 if isinstance(key, int) else key
                if isinstance(key, int) and isinstance(node, dict):
                    name = node.get("id", node.get("code", name))
                yield f"{LISTS[listed]} {name}"
                listed = None
            elif key in LISTS:
                listed = str(key)
            else:
                yield str(key)
        if listed:
            yield listed


def _place(loc: Place) -> Place:
    """Where the file has it: pydantic adds the kind of a scheme, and `[key]` to a wrong key."""
    at = tuple(key for key in loc if key != "[key]")
    kind = len(META) + 2
    return (*at[:kind], *at[kind + 1 :]) if at[len(META) : kind - 1] == ("schemes",) else at


def _has(node: Any, key: Any) -> bool:
    if isinstance(node, list):
        return isinstance(key, int) and key < len(node)
    return isinstance(node, dict) and key in node


def child_node(node: Any, key: Any) -> Any:
    """The node under a key of a mapping, or at a position of a list; None when there is none."""
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


def _scalars(node: Any) -> Iterator[yaml.ScalarNode]:
    """Yield every text of a document, keys included."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _scalars(part)
