"""Load and check the policy files of a folder."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.policy.catalogue import catalogue_rows
from orchestration.policy.classes import FoundClass
from orchestration.policy.file import META, PolicyFile
from orchestration.policy.grid import grid_problems
from orchestration.policy.names import Names
from orchestration.policy.origins import WHOM, Origins, in_order, sensitive_problems
from orchestration.policy.schemes import Scheme
from orchestration.policy.theme import Theme
from orchestration.settings import DBT_PROJECT

# Beside a policy kept outside the dbt project: which of its themes are on.
THEMES = "themes.txt"
# All that the .sql of a theme holds: what a theme means stands in its .yml, where it is checked.
CLASSIFY = "{{ classify() }}"
ONLY_CLASSIFY = re.compile(r"\{\{-?\s*classify\(\s*\)\s*-?\}\}")
# What dbt takes from a folder of models however deep it lies, in any case of letters: models, which
# are run, and settings of models. It passes over names that begin like those of hidden files.
TAKEN_BY_DBT = (".sql", ".py", ".yml", ".yaml")
PASSED_OVER = (".", "#", "~")


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

    def catalogue(
        self, found: Mapping[str, Sequence[FoundClass]] | None = None
    ) -> list[dict[str, Any]]:
        """One row per scheme and class, on or off, in reading order.

        `found` are the classes that models found, by the fact that tells them.
        """
        themes = in_order(self.themes, self.enabled)
        origins, deciding = Origins(themes), Origins(themes, leaving_out=WHOM)
        return [
            row
            for theme, scheme in self.schemes(enabled=False)
            for row in catalogue_rows(
                theme,
                scheme,
                origins,
                deciding,
                enabled=theme in self.enabled,
                found=() if scheme.classes else (found or {}).get(scheme.measure, ()),
            )
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


def enabled_themes(folder: Path, project: Path = DBT_PROJECT) -> tuple[str, ...]:
    """The themes that classify, in the order of their chain.

    The switch is the dbt var `themes`; or, for policy files kept elsewhere, a file `themes.txt`
    beside them, with a theme on each line. Raises PolicyError when that is not UTF-8.
    """
    listed = folder / THEMES
    if listed.exists():
        try:
            return tuple(listed.read_text("utf-8-sig").split())
        except UnicodeDecodeError:
            raise PolicyError([f"{listed}: is not UTF-8; save it as UTF-8."]) from None
    variables = yaml.safe_load((project / "dbt_project.yml").read_text("utf-8"))["vars"]
    return tuple(variables["themes"])


def fact_columns(project: Path = DBT_PROJECT) -> dict[str, str]:
    """The columns of `customer_facts`, which an expression may name, with SQL types."""
    described = yaml.safe_load(
        (project / "models" / "facts" / "customer_facts.yml").read_text("utf-8")
    )
    columns = described["models"][0]["columns"]
    return {column["name"]: column["data_type"] for column in columns}


def load_policy(folder: Path, project: Path = DBT_PROJECT) -> Policy:
    """Load every `<theme>.yml` of a folder. Raises PolicyError with all problems found."""
    if not folder.is_dir():
        raise PolicyError([f"There is no folder {folder} (TIERS_POLICY_DIR, or the DIR given)."])
    problems: list[str] = []
    files = {path.stem: PolicyFile(path) for path in sorted(folder.glob("*.yml"))}
    read = {name: file.theme(problems) for name, file in files.items()}
    themes = {name: theme for name, theme in read.items() if theme}
    enabled = enabled_themes(folder, project)
    problems += _wrong_files(folder, files, enabled)
    if not problems:
        names = Names(fact_columns(project), themes, problems)
        # A theme that is off may be switched on anywhere: it is checked at the chain's end.
        for name in (*enabled, *(name for name in themes if name not in enabled)):
            names.add(files[name], themes[name])
    if not problems:
        problems += _gaps(files, themes)
        problems += _unsaid(files, themes, enabled)
    if problems:
        raise PolicyError(problems)
    content = {name: files[name].content for name in sorted(files)}
    text = json.dumps([enabled, content], default=str)
    return Policy(themes, enabled, hashlib.sha256(text.encode()).hexdigest())


def _gaps(files: Mapping[str, PolicyFile], themes: Mapping[str, Theme]) -> Iterator[str]:
    """Yield what is wrong with the cells of scores; their expressions have been checked before."""
    for name, theme in themes.items():
        for position, scheme in enumerate(theme.schemes):
            for place, told in grid_problems(scheme):
                yield files[name].problem((*META, "schemes", position, *place), told)


def _unsaid(
    files: Mapping[str, PolicyFile], themes: Mapping[str, Theme], enabled: tuple[str, ...]
) -> Iterator[str]:
    """Yield where a scheme uses sensitive data of a person and does not say so."""
    origins = Origins(in_order(themes, enabled))
    for name, theme in themes.items():
        for position, scheme in enumerate(theme.schemes):
            for place, told in sensitive_problems(origins, scheme):
                yield files[name].problem((*META, "schemes", position, *place), told)


def _wrong_files(folder: Path, files: Collection[str], enabled: tuple[str, ...]) -> Iterator[str]:
    if len(set(enabled)) != len(enabled) or not enabled:
        told = ", ".join(enabled) or "none"
        yield f"{folder}: the themes that are on are {told}; expected at least one, each once."
    for name in enabled:
        if name not in files:
            yield f"{folder}: the theme {name!r} is switched on but {name}.yml is missing."
        elif not (folder / f"{name}.sql").exists():
            yield f"{folder}: {name}.sql is missing; it holds the line {CLASSIFY}."
    for path in sorted(folder.glob("*.sql")):
        if not ONLY_CLASSIFY.fullmatch(path.read_text("utf-8-sig", errors="replace").strip()):
            yield f"{path}:1: expected the line {CLASSIFY} and nothing else."
    yield from _unchecked(folder)


def _unchecked(folder: Path) -> Iterator[str]:
    """Yield the files that dbt would take with the policy and that no check has read.

    They may hold anything, such as Python, which runs with the rights of the run.
    """
    for path in sorted(folder.rglob("*")):
        name = path.name.casefold()
        is_theme = path.parent == folder and path.suffix in (".yml", ".sql")
        is_taken = name.endswith(TAKEN_BY_DBT) and not name.startswith(PASSED_OVER)
        if is_taken and not is_theme and not path.is_dir():
            yield (
                f"{path}: dbt would take this file too, unchecked; expected nothing of the kind but"
                " <theme>.yml and <theme>.sql in the folder itself. Keep it elsewhere."
            )
