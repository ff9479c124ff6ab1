"""Tags of columns are set where they have to be, and what must list them by hand does."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from orchestration.auditing.suites import load_suite
from orchestration.settings import DBT_PROJECT

Model = Mapping[str, Any]
MODELS: list[Model] = [
    model
    for path in sorted((DBT_PROJECT / "models").rglob("*.yml"))
    for model in yaml.safe_load(path.read_text("utf-8")).get("models", ())
]
PUBLIC = {
    model["name"]: model for model in MODELS if model.get("config", {}).get("access") == "public"
}
# Numbers that count no customers of a class, a band or another group.
OTHER_NUMBERS = (
    {
        ("release_info", name)
        for name in ("smallest_group", "customers", "purchases", "landed_rows", "quarantined_rows")
    }
    | {(name, "position") for name in ("scheme_catalogue", "scheme_distribution", "segments")}
    | {("scheme_evaluation", name) for name in ("horizon_days", "origin_count")}
)


def meta_of(column: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = (column.get("config") or {}).get("meta") or {}
    return meta


def tagged(tag: str) -> set[str]:
    return {
        column["name"]
        for model in MODELS
        for column in model.get("columns", ())
        if tag in meta_of(column)
    }


def numbers_of_groups() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Whole numbers of public tables that do not have a row per customer."""
    for name, model in PUBLIC.items():
        if "customer_id" not in model["config"]["meta"]["key"]:
            for column in model["columns"]:
                if column.get("data_type") == "bigint":
                    yield name, column


@pytest.mark.parametrize(
    ("name", "column"), numbers_of_groups(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_published_number_counts_customers_or_is_known_not_to(
    name: str, column: Mapping[str, Any]
) -> None:
    counts = "counts_customers" in meta_of(column)
    assert counts != ((name, column["name"]) in OTHER_NUMBERS), f"{name}.{column['name']}"


def test_gate_3_looks_at_the_ids_of_every_public_table_of_customers() -> None:
    (expected,) = [
        one
        for one in load_suite("published/release_info").expected
        if one.name == "ids_are_pseudonyms_when_there_is_a_key"
    ]
    query = expected.kwargs["unexpected_rows_query"]
    for name, model in PUBLIC.items():
        ids = {column["name"] for column in model["columns"]} & tagged("identifier")
        if name == "customer_class_reasons":
            continue  # a view of the others
        for column in ids:
            assert f"select {column} as id from {name}\n" in query, f"{name}.{column}"


def test_what_a_person_is_called_or_reached_by_is_tagged_once() -> None:
    assert {"name", "email", "phone", "registration_code", "birth_date"} <= tagged("personal")
    assert {"customer_id", "referrer_id", "into_customer_id"} <= tagged("identifier")
    assert tagged("free_text") == {"reason"}
