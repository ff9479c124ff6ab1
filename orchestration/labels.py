"""What readers call a column, in English and in Chinese, as dbt's yml and the policy say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Label = Mapping[str, str]


def column_labels(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What is called how: facts, attributes and metrics by name, a score's parts as scheme.part.

    Args:
        manifest: dbt's, as `read_manifest` gives it; only themes that are switched on are in it.
    """
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    labels = dict(_of_policy(models)) | dict(_of_columns(models))
    return {name: (label["en"], label["zh"]) for name, label in labels.items()}


def _of_policy(models: list[Mapping[str, Any]]) -> Iterator[tuple[str, Label]]:
    for model in models:
        policy = model["config"]["meta"]
        yield from policy.get("labels", {}).items()
        for scheme in policy.get("schemes", ()):
            for part, dimension in scheme.get("dimensions", {}).items():
                if "label" in dimension:
                    yield f"{scheme['id']}.{part}", dimension["label"]


def _of_columns(models: list[Mapping[str, Any]]) -> Iterator[tuple[str, Label]]:
    for model in models:
        for name, column in model["columns"].items():
            if "label" in column["config"]["meta"]:
                yield name, column["config"]["meta"]["label"]
