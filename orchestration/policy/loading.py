"""Load and check the policy files of a folder."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.policy.catalogue import catalogue_rows
from orchestration.policy.file import PolicyFile
from orchestration.policy.names import Names
from orchestration.policy.schemes import Scheme
from orchestration.policy.theme import Theme
from orchestration.settings import DBT_PROJECT


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
        """One row per scheme and class, on or off, in reading order."""
        return [
            row
            for theme, scheme in self.schemes(enabled=False)
            for row in catalogue_rows(theme, scheme, enabled=theme in self.enabled)
        ]

    def history_columns(self) -> dict[str, str]:
        """The columns of customers' classes that history keeps, with SQL types, in chain order.

        Per enabled scheme its final class (of a scheme of many classes one boolean each), and what
        a hold or a declaration has decided.
        """
        return {
            column: kind
            for _, scheme in self.schemes()
            for column, kind in (scheme.class_columns() | scheme.kept_columns()).items()
        }


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
    problems += _missing_files(folder, enabled)
    if not problems:
        others = tuple(name for name in themes if name not in enabled)
        names = Names(fact_columns(project), problems)
        for name in (*enabled, *others):
            # A theme that is off may be switched on anywhere: it is checked at the chain's end.
            names.add(files[name], themes[name])
    if problems:
        raise PolicyError(problems)
    content = {name: files[name].content for name in sorted(files)}
    text = json.dumps([enabled, content], default=str)
    return Policy(themes, enabled, hashlib.sha256(text.encode()).hexdigest())


def _missing_files(folder: Path, enabled: tuple[str, ...]) -> Iterator[str]:
    for name in enabled:
        if not (folder / f"{name}.yml").exists():
            yield f"{folder}: the theme {name!r} is switched on but {name}.yml is missing."
        elif not (folder / f"{name}.sql").exists():
            yield f"{folder}: {name}.sql is missing; it holds the line {{{{ classify() }}}}."
