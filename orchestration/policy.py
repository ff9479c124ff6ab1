"""Load and check the policy: what every class of every scheme means, as YAML that people edit.

A policy file `<theme>.yml` describes the dbt model `<theme>` and holds the policy under
`config.meta`, so dbt, its docs and this module read the same text. Everything that SQL is made of
is checked here first: names against the facts and what stands before them, expressions against
an allow-list.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.expressions import ExpressionError, check_expression, words_of_sql
from orchestration.policy_file import Place, PolicyFile
from orchestration.policy_schema import Scheme, Theme
from orchestration.settings import DBT_PROJECT

TAKEN = "the name stands already as a fact, metric or scheme, or is a word of SQL; choose another."
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
    files = {path.stem: PolicyFile(path) for path in sorted(folder.glob("*.yml"))}
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
        names = _Names(fact_columns(project), problems)
        for name in (*enabled, *others):
            # A theme that is off may be switched on anywhere: it is checked at the chain's end.
            names.add(files[name], themes[name])
    if problems:
        raise PolicyError(problems)
    content = json.dumps([enabled, {name: files[name].meta for name in sorted(files)}], default=str)
    return Policy(themes, enabled, hashlib.sha256(content.encode()).hexdigest())


class _Names:
    """Checks each expression against what stands before it, theme after theme."""

    def __init__(self, facts: Iterable[str], problems: list[str]) -> None:
        # What may be ranked: facts and metrics. Schemes stand beside them in a condition only.
        self.base = set(facts)
        self.metrics: dict[str, str] = {}
        self.schemes: set[str] = set()
        self.problems = problems

    def add(self, file: PolicyFile, theme: Theme) -> None:
        """Check one theme, and let what it defines be known to those after it."""
        for metric, text in theme.metrics.items():
            self._add_metric(file, metric, text)
        for position, scheme in enumerate(theme.schemes):
            self._add_scheme(file, position, scheme)

    def _add_metric(self, file: PolicyFile, metric: str, text: str) -> None:
        at = ("metrics", metric)
        self._check(file, at, f"metric {metric}", text, self.base)
        # A later theme may say a metric again, so that it reads by itself: in the same words only.
        if self.metrics.get(metric) != text and self._is_taken(metric):
            self.problems.append(f"{file.where(at)}: metric {metric}: {TAKEN}")
        self.metrics[metric] = text
        self.base.add(metric)

    def _is_taken(self, name: str) -> bool:
        return name in self.base | self.schemes | words_of_sql()

    def _add_scheme(self, file: PolicyFile, position: int, scheme: Scheme) -> None:
        at, owner = ("schemes", position), f"scheme {scheme.id}"
        columns = set(scheme.columns())
        if any(self._is_taken(column) for column in columns):
            self.problems.append(f"{file.where((*at, 'id'))}: {owner}: {TAKEN}")
        known = self.base | self.schemes
        for field, text in scheme.inputs():
            self._check(file, (*at, *field), owner, text, self.base if scheme.has_cuts else known)
        own = {*scheme.dimensions, "score"} if scheme.kind == "score" else set()
        ranked = {"score"} if scheme.kind == "score" else self.base
        for field, text in scheme.conditions():
            self._check(file, (*at, *field), owner, text, known | own, ranked)
        self.schemes |= columns

    def _check(
        self,
        file: PolicyFile,
        at: Place,
        owner: str,
        text: str,
        known: Collection[str],
        ranked: Collection[str] = (),
    ) -> None:
        try:
            check_expression(text, known, ranked)
        except ExpressionError as error:
            self.problems.append(f"{file.where(at)}: {owner}: {at[-1]}: {text!r}: {error}")
