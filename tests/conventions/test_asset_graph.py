"""The asset graph as it is meant to be: a change of it is seen in a review, never by accident.

UPDATE_SNAPSHOT=1 .venv/bin/pytest tests/conventions/test_asset_graph.py   # when it is meant
"""

import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_definitions
from orchestration.settings import Settings

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
STAGES = ["landing", "staging", "facts", "classification", "published"]


@pytest.fixture(scope="module")
def definitions(prepared_dbt: Path) -> dg.Definitions:
    return build_definitions(Settings(home=prepared_dbt.parents[1]))


def drawn(definitions: dg.Definitions) -> str:
    """One block per asset: what it holds, what it is made from, and what is checked of it."""
    graph = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(graph.materializable_asset_keys):
        node = graph.get(key)
        daily = ", daily" if node.partitions_def else ""
        holds = "".join(f", {tag}" for tag, said in sorted(node.tags.items()) if said == "yes")
        place = f"{node.group_name}{daily}{holds}"
        lines.append(f"{key.to_user_string()} [{place}] {', '.join(node.owners)}")
        lines += [f"  from {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        checks = sorted(graph.get_check_keys_for_assets({key}), key=lambda check: check.name)
        for check in checks:
            spec = graph.get(check)
            lines.append(f"  check {check.name}{' (blocking)' if spec.blocking else ''}")
    return "\n".join(lines) + "\n"


def test_the_graph_is_the_one_of_the_snapshot(definitions: dg.Definitions) -> None:
    if "UPDATE_SNAPSHOT" in os.environ:
        SNAPSHOT.write_text(drawn(definitions), "utf-8")
    assert drawn(definitions) == SNAPSHOT.read_text("utf-8")


def test_there_are_five_groups_and_no_other(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    keys = graph.materializable_asset_keys
    assert {graph.get(key).group_name for key in keys} == set(STAGES)
    assert all(key.path[0] == graph.get(key).group_name for key in keys)


def test_every_asset_is_tagged_with_its_stage(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        assert graph.get(key).tags["stage"] == key.path[0], key


def test_nothing_flows_backwards(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        for parent in graph.get(key).parent_keys:
            assert parent in graph.materializable_asset_keys, f"nothing makes {parent}"
            assert STAGES.index(parent.path[0]) <= STAGES.index(key.path[0]), (parent, key)


def test_every_asset_has_a_description_an_owner_and_a_kind(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key


def test_what_is_kept_per_day_and_nothing_else_is_partitioned(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    kept = {key for key in graph.materializable_asset_keys if graph.get(key).partitions_def}
    published = {key for key in graph.materializable_asset_keys if key.path[0] == "published"}
    assert kept == published | {dg.AssetKey(["classification", "history"])}


def test_gate_2_stands_before_the_history_and_the_history_before_the_release(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    history = dg.AssetKey(["classification", "history"])
    audited = {check.asset_key for check in graph.asset_check_keys if check.name == "gate_2"}
    assert audited <= graph.get(history).parent_keys
    assert all(
        graph.get(check).blocking for check in graph.asset_check_keys if check.name == "gate_2"
    )
    for key in graph.materializable_asset_keys:
        if key.path[0] == "published":
            assert history in graph.get(key).parent_keys
