"""What is published, as the models in dbt's manifest say: `access: public`, their keys and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from orchestration.manifest import ManifestError
from orchestration.publishing import Count, PublicTable, Tags
from orchestration.publishing.comments import in_both_languages

SUPPRESSED = "is_suppressed"
# What the release is about itself: its run id and times differ between runs of equal input.
UNHASHED = frozenset({"release_info"})


def public_tables(manifest: Mapping[str, Any]) -> list[PublicTable]:
    """What is published: every model with `access: public`, ordered by name.

    Raises ManifestError for a public model without a key, or with a column of personal data.
    """
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    tags, measures = _tags(models), _measures(models)
    public = [model for model in models if model["access"] == "public"]
    return [
        replace(_public_table(model, tags), measures=measures)
        for model in sorted(public, key=lambda one: one["name"])
    ]


def _measures(models: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Comments of what the policy makes for itself and has a label for."""
    return {
        name: in_both_languages(
            f"{label['en']}, a metric of the policy.", f"{label['zh']}，策略定义的指标。"
        )
        for model in models
        for name, label in model["config"]["meta"].get("labels", {}).items()
    }


def _tags(models: Sequence[Mapping[str, Any]]) -> Tags:
    """What columns of a name hold: a tag on the column of any model is one on all of that name."""
    tagged: dict[str, set[str]] = {"personal": set(), "identifier": set(), "free_text": set()}
    for model in models:
        for column in model["columns"].values():
            for tag in tagged.keys() & column["config"]["meta"].keys():
                tagged[tag].add(column["name"])
    return Tags(
        personal=frozenset(tagged["personal"]),
        identifiers=frozenset(tagged["identifier"]),
        free_text=frozenset(tagged["free_text"]),
    )


def _public_table(model: Mapping[str, Any], tags: Tags) -> PublicTable:
    columns = {name: _described(column) for name, column in model["columns"].items()}
    place = model["patch_path"] or model["original_file_path"]
    if leaking := sorted(tags.personal & set(columns)):
        raise ManifestError(
            f"{place}: {model['name']} is public and has columns of personal data "
            f"({', '.join(leaking)}). Take them out of the model; personal data is never published."
        )
    if not model["config"]["meta"].get("key"):
        raise ManifestError(
            f"{place}: {model['name']} is public and has no config.meta.key. "
            "Name the columns that tell its rows apart; the release is ordered by them."
        )
    is_view = model["config"]["materialized"] == "view"
    return PublicTable(
        schema=model["schema"],
        name=model["name"],
        kind="view" if is_view else "table",
        key=tuple(model["config"]["meta"]["key"]),
        description=_described(model),
        columns=columns,
        hashed=not is_view and model["name"] not in UNHASHED,
        tags=tags,
        counts=_counts(model, place),
    )


def _described(described: Mapping[str, Any]) -> str:
    """The description of a model or column, with the Chinese one that its meta holds."""
    return in_both_languages(described["description"], described["config"]["meta"].get("zh", ""))


def _counts(model: Mapping[str, Any], place: str) -> tuple[Count, ...]:
    """The columns that count customers. Raises ManifestError for tags that do not fit together."""
    metas = {name: column["config"]["meta"] for name, column in model["columns"].items()}
    hides: dict[str, list[str]] = {}
    for name, meta in metas.items():
        if with_count := meta.get("suppressed_with"):
            hides.setdefault(with_count, []).append(name)
    counts = tuple(
        Count(
            name,
            tuple(hides.pop(name, ())),
            tuple(tag.get("within", ())),
            total=tag.get("total"),
            up_to=tag.get("up_to"),
        )
        for name, meta in metas.items()
        if (tag := meta.get("counts_customers")) is not None
    )
    named = {
        part for one in counts for part in (*one.within, one.total, one.up_to) if part is not None
    }
    if hides or not named <= set(metas) or (counts and SUPPRESSED not in metas):
        raise ManifestError(
            f"{place}: {model['name']} counts customers, and its tags do not fit together. "
            "`suppressed_with` names a column with `counts_customers`; `total`, `up_to` and "
            f"`within` of one name columns; and the model has a column {SUPPRESSED}."
        )
    return counts
