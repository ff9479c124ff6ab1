"""Load and check the policy: what every class of every scheme means, as YAML that people edit.

A policy file `<theme>.yml` describes the dbt model `<theme>` and holds the policy under
`config.meta`, so dbt, its docs and this module read the same text. Everything that SQL is made of
is checked here first: names against the facts and what stands before them, expressions against
an allow-list.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.expressions import ExpressionError, check_expression
from orchestration.policy_schema import Scheme, Theme
from orchestration.settings import DBT_PROJECT

UNCLASSIFIED = {"code": "unclassified", "en": "Unclassified", "zh": "未分类"}


class PolicyError(ValueError):
    """The policy cannot be used. Each problem names file, line, scheme, field and expectation."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(
            f"The policy has {len(problems)} problem(s); nothing was run.\n"
            + "\n".join(f"  {problem}" for problem in problems)
        )


@dataclass(frozen=True)
class Policy:
    """Every theme by name, those that are switched on in the order of their chain, and a hash.

    The hash changes with anything in the files or the chain, labels included.
    """

    themes: dict[str, Theme]
    enabled: tuple[str, ...]
    hash: str

    def schemes(self, *, enabled: bool = True) -> Iterator[tuple[str, Scheme]]:
        """Yield (theme, scheme): the enabled ones in chain order, then the others if asked for."""
        others = () if enabled else sorted(set(self.themes) - set(self.enabled))
        for theme in (*self.enabled, *others):
            for scheme in self.themes[theme].schemes:
                yield theme, scheme

    def catalogue(self) -> list[dict[str, Any]]:
        """One row per scheme and class, on or off, in reading order; `unclassified` comes last."""
        rows = []
        for theme, scheme in self.schemes(enabled=False):
            rest = {"class_en": UNCLASSIFIED["en"], "class_zh": UNCLASSIFIED["zh"]}
            classes = [
                {
                    "class_code": part.code,
                    "class_en": part.en,
                    "class_zh": part.zh,
                    "aliases": "; ".join(part.aliases) or None,
                    "condition": scheme.condition_in_words(part),
                    "share_min": part.share[0] if part.share else None,
                    "share_max": part.share[1] if part.share else None,
                }
                for part in scheme.classes
            ] + [{"class_code": UNCLASSIFIED["code"], **rest, "condition": "no class fits"}]
            for position, row in enumerate(classes, start=1):
                rows.append(
                    {
                        "theme": theme,
                        "scheme": scheme.id,
                        "kind": scheme.kind,
                        "enabled": theme in self.enabled,
                        "scheme_en": scheme.label.en,
                        "scheme_zh": scheme.label.zh,
                        "scheme_description": scheme.description,
                        "population": scheme.population or "everyone",
                        "position": position,
                        **row,
                    }
                )
        return rows


def enabled_themes(project: Path = DBT_PROJECT) -> tuple[str, ...]:
    """The dbt var `themes`: the one switch, and the order of the chain."""
    variables = yaml.safe_load((project / "dbt_project.yml").read_text("utf-8"))["vars"]
    return tuple(variables["themes"])


def fact_columns(project: Path = DBT_PROJECT) -> frozenset[str]:
    """The columns of `customer_facts`, which an expression may name."""
    described = yaml.safe_load(
        (project / "models" / "facts" / "customer_facts.yml").read_text("utf-8")
    )
    return frozenset(column["name"] for column in described["models"][0]["columns"])


def load_policy(folder: Path, project: Path = DBT_PROJECT) -> Policy:
    """Load every `<theme>.yml` of a folder. Raises PolicyError with all problems found."""
    problems: list[str] = []
    themes: dict[str, Theme] = {}
    files = {path.stem: _PolicyFile(path) for path in sorted(folder.glob("*.yml"))}
    for name, file in files.items():
        theme = file.theme(problems)
        if theme:
            themes[name] = theme
    enabled = enabled_themes(project)
    for name in enabled:
        if name not in files:
            problems.append(
                f"{folder}: the theme {name!r} is switched on but {name}.yml is missing."
            )
        elif not (folder / f"{name}.sql").exists():
            problems.append(
                f"{folder}: {name}.sql is missing; it holds the line {{{{ classify() }}}}."
            )
    if not problems:
        others = tuple(name for name in themes if name not in enabled)
        known = set(fact_columns(project))
        for name in (*enabled, *others):
            # A theme that is off may be switched on anywhere: it is checked at the chain's end.
            _check_names(files[name], themes[name], known, problems)
    if problems:
        raise PolicyError(problems)
    content = json.dumps([enabled, {name: files[name].meta for name in sorted(files)}], default=str)
    return Policy(themes, enabled, hashlib.sha256(content.encode()).hexdigest())


def _check_names(file: "_PolicyFile", theme: Theme, known: set[str], problems: list[str]) -> None:
    """Check every expression of a theme against what stands before it; add its names to `known`."""
    for metric, text in theme.metrics.items():
        _check(file, ("metrics", metric), f"metric {metric}", text, known, problems)
        # lost_after_days and the like may be said again by a later theme, in the same words only.
        known.add(metric)
    for position, scheme in enumerate(theme.schemes):
        at = ("schemes", position)
        taken = sorted(known & set(scheme.columns()))
        if taken:
            problems.append(
                f"{file.where((*at, 'id'))}: scheme {scheme.id}: {', '.join(taken)} stands already "
                "as a fact, metric or scheme; choose another id."
            )
        for field, text, local in scheme.expressions():
            _check(file, (*at, *field), f"scheme {scheme.id}", text, known | local, problems)
        known.update(scheme.columns())


def _check(
    file: "_PolicyFile",
    at: tuple[Any, ...],
    owner: str,
    text: str,
    known: set[str],
    problems: list[str],
) -> None:
    try:
        check_expression(text, known)
    except ExpressionError as error:
        problems.append(f"{file.where(at)}: {owner}: {at[-1]}: {text!r}: {error}")


class _PolicyFile:
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

    def where(self, at: tuple[Any, ...]) -> str:
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
