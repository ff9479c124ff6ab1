"""The suites as files: complete, readable, and in step with what they audit."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_poison import POISON, every_expectation

from orchestration.auditing.suites import STAGES, SuiteError, load_suite, suites_of
from orchestration.canonical import canonical_tables
from orchestration.settings import DBT_PROJECT, EXPECTATIONS

EVERY_SUITE = [suite for stage in STAGES for suite in suites_of(stage)]


def public_models() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted((DBT_PROJECT / "models").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
            if model.get("config", {}).get("access", model.get("access")) == "public":
                found[model["name"]] = model
    return found


def query_of(suite: str, name: str) -> str:
    (expected,) = [one for one in load_suite(suite).expected if one.name == name]
    return str(expected.kwargs["unexpected_rows_query"])


def test_every_file_belongs_to_a_stage() -> None:
    files = {f"{path.parent.name}/{path.stem}" for path in EXPECTATIONS.rglob("*.yml")}
    assert files == set(EVERY_SUITE)


def test_a_warning_can_be_told_to_readers_in_both_languages() -> None:
    warnings = [
        one for suite in EVERY_SUITE for one in load_suite(suite).expected
        if one.severity == "warning"
    ]  # fmt: skip
    assert warnings
    for one in warnings:
        assert one.unit and set(one.zh) == {"unit", "what_to_do"}, one.name
        assert all(re.search(r"[一-鿿]", text) for text in one.zh.values()), one.name


def test_every_written_poison_is_of_an_expectation() -> None:
    everything = set(every_expectation(*STAGES)) | {("any", "records_are_well_formed")}
    written = {
        (suite, name)
        for stage in STAGES
        for suite, names in POISON[stage].items()
        for name in names
    }
    assert written - everything == set()


@pytest.mark.parametrize("suite", EVERY_SUITE)
def test_every_expectation_says_in_a_sentence_what_to_do(suite: str) -> None:
    for one in load_suite(suite).expected:
        assert re.fullmatch(r"[A-Z].*\.", one.what_to_do, re.DOTALL), (one.name, one.what_to_do)
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.name), one.name


@pytest.mark.parametrize("table", canonical_tables().values(), ids=lambda table: table.name)
def test_gate_1_looks_at_every_column_that_staging_will_type(table: Any) -> None:
    expected = {
        (one.column, one.kwargs.get("text") or tuple(one.kwargs.get("value_set", ())))
        for one in load_suite(f"landing/{table.name}").expected
    }
    for column in table.columns.values():
        if column.data_type != "text":
            assert (column.name, column.data_type) in expected
        if column.values:
            assert (column.name, column.values) in expected
    for name in table.required:
        assert (name, "filled") in expected


@pytest.mark.parametrize("table", canonical_tables().values(), ids=lambda table: table.name)
def test_gate_1_leaves_out_only_what_a_source_may_lack(table: Any) -> None:
    """What is left out for want of a required column is told by the column's own expectation."""
    expected = load_suite(f"landing/{table.name}").expected
    told = {one.column for one in expected if one.type == "expect_column_to_exist"}
    assert told == set(table.required)
    for one in expected:
        if one.type == "expect_column_text_to_be":
            assert one.needs == (one.column,)


def test_personal_columns_of_the_staging_models_are_those_that_gate_3_refuses() -> None:
    personal = {
        column.name
        for table in canonical_tables().values()
        for column in table.columns.values()
        if column.personal
    }
    query = query_of("published/release_info", "nothing_personal_is_published")
    assert set(re.findall(r"'(\w+)'", query)) == personal


def test_gate_3_allows_and_audits_the_public_models_and_no_other_table() -> None:
    query = query_of("published/release_info", "only_public_tables_are_published")
    assert set(re.findall(r"'(\w+)'", query)) == set(public_models())
    assert {suite.split("/")[1] for suite in suites_of("published")} == set(public_models())


GOOD = """
description: What a load is.
expectations:
- type: expect_table_row_count_to_be_between
  kwargs: {min_value: 1}
  meta: {name: has_rows, what_to_do: Ask for an export.}
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("what_to_do: Ask for an export.", "note: none"), "unknown keys"),
        ((", what_to_do: Ask for an export.", ""), "meta.what_to_do"),
        (("description:", "describtion:"), "keys description and expectations"),
        (("  kwargs", "  severity: fatal\n  kwargs"), "severity is 'fatal'"),
        ((GOOD[GOOD.index("- type") :], "  []"), "expects nothing"),
        (("- type", "- *again\n- type"), "cannot be read"),
        ((GOOD[GOOD.index("- type") :], GOOD[GOOD.index("- type") :] * 2), "stand twice"),
    ],
)
def test_a_suite_that_cannot_be_used_is_refused_with_its_file(
    change: tuple[str, str], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "landing" / "orders.yml"
    path.parent.mkdir()
    assert change[0] in GOOD
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(SuiteError, match=re.escape(str(path))) as refused:
        load_suite("landing/orders", tmp_path)
    assert told in str(refused.value)


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(SuiteError, match="expected one of landing, warehouse, published"):
        suites_of("gate_2")
