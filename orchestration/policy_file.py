"""One policy file: its text, its theme, and the line of each of its parts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.policy_schema import Theme

Place = tuple[str | int, ...]


class PolicyFile:
    """One policy file: its content, and the line of each of its parts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text("utf-8")
        self.meta: dict[str, Any] = {}
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
            (model,) = yaml.safe_load(self.text)["models"]
            self.meta = model["config"]["meta"]
            self.root = yaml.compose(self.text)
            problems += [
                f"{self.path}:{line}: the key {key!r} stands twice."
                for key, line in _twice(self.root)
            ]
        except yaml.YAMLError as error:
            problems.append(f"{self.path}: not readable as YAML: {error}")
            return None
        except (KeyError, TypeError, ValueError):
            problems.append(f"{self.path}: expected one model with its policy under config.meta.")
            return None
        if model.get("name") != self.path.stem:
            problems.append(
                f"{self.path}: the model's name has to be {self.path.stem!r}, as the file's."
            )
        try:
            return Theme.model_validate(self.meta)
        except ValidationError as error:
            problems += [self._problem(each) for each in error.errors()]
            return None

    def _problem(self, error: Any) -> str:
        at = error["loc"]
        scheme = ""
        if len(at) > 1 and at[0] == "schemes":
            scheme = f"scheme {self.meta['schemes'][at[1]].get('id', at[1])}: "
        field = ".".join(str(part) for part in at[2 if scheme else 0 :])
        return f"{self.where(at)}: {scheme}{field}: {error['msg'].removeprefix('Value error, ')}"

    def where(self, at: Place) -> str:
        """`file:line` of a part of config.meta; of the nearest part around it if it is missing."""
        node: Any = self.root
        for key in ("models", 0, "config", "meta", *at):
            node = _child(node, key) or node
        return f"{self.path}:{node.start_mark.line + 1}"


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
