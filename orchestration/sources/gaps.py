"""What a source leaves empty: facts that need what it lacks, and schemes that need those."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.policy import enabled_themes
from orchestration.settings import DBT_PROJECT

FACTS = DBT_PROJECT / "models" / "facts" / "customer_facts.yml"
# An expression with one of these may have a value although a part of it has none.
FORGIVING = frozenset({"coalesce", "greatest", "least", "case", "or", "is"})


@dataclass(frozen=True)
class Gaps:
    """What stays empty.

    Attributes:
        facts: columns of customer_facts that are NULL for everybody.
        empty_schemes: schemes that can class nobody.
        poorer_schemes: schemes that judge by what is left, to the empty facts they would use.
    """

    facts: tuple[str, ...]
    empty_schemes: tuple[str, ...]
    poorer_schemes: Mapping[str, tuple[str, ...]]


def find_gaps(supplied: Collection[str], policy_dir: Path, facts: Path = FACTS) -> Gaps:
    """The gaps that remain when `supplied` is there: names as `orders` and `orders.amount`.

    Only themes that are switched on count, in the order of their chain.
    """
    empty = set(empty_facts(supplied, facts))
    columns = tuple(name for name in _facts(facts) if name in empty)
    touched = {name: {name} for name in empty}
    empty_schemes: list[str] = []
    poorer: dict[str, tuple[str, ...]] = {}
    for name in enabled_themes(policy_dir):
        theme = _theme(policy_dir / f"{name}.yml")
        if "attributes" not in supplied:
            empty |= set(theme.get("attributes", {}))
            touched |= {attribute: {attribute} for attribute in theme.get("attributes", {})}
        _spread(list(theme.get("metrics", {}).items()), empty, touched)
        for scheme in theme.get("schemes", []):
            missing = _missing(scheme, touched)
            if _is_empty(scheme, empty):
                empty_schemes.append(scheme["id"])
                empty.add(scheme["id"])
            elif missing:
                poorer[scheme["id"]] = tuple(sorted(missing))
            if missing:
                touched[scheme["id"]] = missing
    return Gaps(columns, tuple(empty_schemes), poorer)


def empty_facts(supplied: Collection[str], facts: Path = FACTS) -> Iterator[str]:
    """The facts whose `config.meta.needs` is not met; a list among the needs asks for one of it."""
    for name, needs in _facts(facts).items():
        for need in needs:
            choices = need if isinstance(need, list) else [need]
            if not any(choice in supplied for choice in choices):
                yield name
                break


def _facts(path: Path) -> dict[str, list[Any]]:
    columns = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["columns"]
    return {
        column["name"]: ((column.get("config") or {}).get("meta") or {}).get("needs", [])
        for column in columns
    }


def _theme(path: Path) -> dict[str, Any]:
    meta = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["config"]["meta"]
    return meta if isinstance(meta, dict) else {}


def _spread(metrics: list[tuple[str, str]], empty: set[str], touched: dict[str, set[str]]) -> None:
    """Follow empty facts through metrics, which may use each other, until nothing changes."""
    before = -1
    while before != len(empty) + len(touched):
        before = len(empty) + len(touched)
        for name, expression in metrics:
            facts = _touching(str(expression), touched)
            if facts:
                touched[name] = facts
            if _is_null(str(expression), empty):
                empty.add(name)


def _is_empty(scheme: dict[str, Any], empty: Collection[str]) -> bool:
    """Whether no customer can get a class: what decides every one of them is NULL."""
    if _is_null(str(scheme.get("population", "")), empty):
        return True
    dimensions = list(scheme.get("dimensions", {}).values())
    if dimensions:
        return all(_is_null(str(dimension.get("by", "")), empty) for dimension in dimensions)
    if "by" in scheme:
        return _is_null(str(scheme["by"]), empty)
    conditions = [str(part["when"]) for part in scheme.get("classes", []) if "when" in part]
    return bool(conditions) and all(_is_null(condition, empty) for condition in conditions)


def _missing(scheme: dict[str, Any], touched: Mapping[str, set[str]]) -> set[str]:
    return {fact for text in _texts(scheme) for fact in _touching(text, touched)}


def _texts(tree: object) -> Iterator[str]:
    """Every expression of a scheme, however deep."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in ("by", "population", "among", "when"):
                yield str(value)
            else:
                yield from _texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _texts(value)


def _touching(expression: str, touched: Mapping[str, set[str]]) -> set[str]:
    return {fact for word in _words(expression) for fact in touched.get(word, ())}


def _is_null(expression: str, empty: Collection[str]) -> bool:
    """Whether an expression is NULL for everybody, as far as its words tell."""
    words = _words(expression)
    return bool(words & set(empty)) and not words & FORGIVING


def _words(expression: str) -> set[str]:
    """The words of an expression, those inside quotes left out."""
    return set(re.findall(r"[a-z_]\w*", re.sub(r"'[^']*'", "", expression)))
