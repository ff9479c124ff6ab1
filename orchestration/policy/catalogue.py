"""The catalogue: every class of every scheme, in reading order, as one row."""

from collections.abc import Iterator, Sequence
from typing import Any

from orchestration.policy.classes import FoundClass, Group, Node, nodes
from orchestration.policy.origins import Origins, is_from_model_alone, sensitive_columns
from orchestration.policy.rules import Attribute, Rules
from orchestration.policy.schemes import Scheme
from orchestration.policy.values import UNCLASSIFIED, UNKNOWN


def catalogue_rows(
    theme: str,
    scheme: Scheme,
    origins: Origins,
    deciding: Origins,
    *,
    enabled: bool,
    found: Sequence[FoundClass] = (),
) -> list[dict[str, Any]]:
    """One row per class; last come those that no policy names: `unknown`, `unclassified`.

    `found` are classes that a model found of the scheme, which then lists none. A class in no group
    has None as `group_en` and `group_zh`, one at the top as `parent_code`.
    """
    owner = {
        "theme": theme,
        "scheme": scheme.id,
        "kind": scheme.kind,
        "enabled": enabled,
        "sensitive": scheme.sensitive,
        "uses_sensitive": "; ".join(sorted(sensitive_columns(origins, scheme))) or None,
        "is_from_model_alone": is_from_model_alone(deciding, scheme),
        "scheme_en": scheme.label.en,
        "scheme_zh": scheme.label.zh,
        "scheme_description": scheme.description and scheme.description.en.strip(),
        "scheme_description_zh": scheme.description and scheme.description.zh.strip(),
        "population": scheme.population or "everyone",
    }
    group_of = {code: group for group in scheme.groups.values() for code in group.of}
    listed = [*scheme.nodes(), *nodes(found)]
    classes = [_named(node, scheme.measure, group_of.get(node.code)) for node in listed]
    rows = [*classes, *_unnamed(scheme)]
    return [
        owner | {"position": place} | row | _column(scheme, row["class_code"])
        for place, row in enumerate(rows, start=1)
    ]


def _column(scheme: Scheme, code: str) -> dict[str, str]:
    """Where customer_classes tells that a customer is in the class."""
    if isinstance(scheme, Rules) and scheme.many:
        return {"column_name": f"{scheme.id}_{code}", "column_value": "true"}
    return {"column_name": scheme.id, "column_value": code}


def _named(node: Node, measure: str, group: Group | None) -> dict[str, Any]:
    share = node.part.share
    return {
        "class_code": node.code,
        "parent_code": node.parent,
        "class_en": node.part.en,
        "class_zh": node.part.zh,
        "group_en": group.en if group else None,
        "group_zh": group.zh if group else None,
        "aliases": "; ".join(node.part.aliases) or None,
        "condition": node.part.in_words(measure),
        "share_min": share[0] if share else None,
        "share_max": share[1] if share else None,
    }


def _unnamed(scheme: Scheme) -> Iterator[dict[str, Any]]:
    if isinstance(scheme, Attribute):
        yield _of_all(UNKNOWN, "Unknown", "未知", f"{scheme.by} is null")
    if not (isinstance(scheme, Rules) and scheme.many):
        yield _of_all(UNCLASSIFIED, "Unclassified", "未分类", "no class fits")


def _of_all(code: str, en: str, zh: str, condition: str) -> dict[str, Any]:
    labels = {"class_code": code, "class_en": en, "class_zh": zh, "condition": condition}
    rest = ("parent_code", "group_en", "group_zh", "aliases", "share_min", "share_max")
    return labels | dict.fromkeys(rest)
