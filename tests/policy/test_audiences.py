"""The bundled rights of the departments name what is published."""

import csv
from typing import Any

import pytest
import yaml

from orchestration.policy import load_policy
from orchestration.settings import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds"


def lines(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published_columns() -> dict[str, set[str]]:
    """Columns of each public table; of customer_classes the schemes that are not sensitive, too."""
    policy = load_policy(DBT_PROJECT / "policy")
    schemes = {one.id for _, one in policy.schemes(enabled=False) if not one.sensitive}
    found = {}
    for path in (DBT_PROJECT / "models").rglob("*.yml"):
        models: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8")).get("models", [])
        for model in models:
            if model.get("config", {}).get("access") == "public":
                described = {column["name"] for column in model["columns"]}
                extra = schemes if model["name"] == "customer_classes" else set()
                found[model["name"]] = described | extra
    return found


def test_every_right_is_of_a_department_to_a_published_column() -> None:
    rights, published = lines("seed_audience_columns"), published_columns()
    assert {line["audience"] for line in rights} == {
        line["audience"] for line in lines("seed_audiences")
    }
    unknown = [line for line in rights if line["column_name"] not in published[line["table_name"]]]
    assert unknown == []


@pytest.mark.parametrize(
    ("audience", "table", "hidden"),
    [
        ("marketing", "customer_facts", {"credit_score", "income_band", "margin_amount_365d"}),
        ("sales", "customer_facts", {"credit_score", "income_band", "gender", "age_years"}),
        ("service", "customer_facts", {"credit_score", "income_band", "margin_amount_365d"}),
        ("finance", "customer_facts", {"gender", "age_years", "education", "occupation"}),
        ("product", "customer_facts", {"credit_score", "income_band", "owner_id"}),
    ],
)
def test_a_department_does_not_see_what_its_work_does_not_need(
    audience: str, table: str, hidden: set[str]
) -> None:
    seen = {
        line["column_name"]
        for line in lines("seed_audience_columns")
        if (line["audience"], line["table_name"]) == (audience, table)
    }
    assert seen
    assert hidden <= published_columns()[table]
    assert not seen & hidden


def test_marketing_alone_is_without_those_who_opted_out() -> None:
    without = {line["audience"]: line["without_opted_out"] for line in lines("seed_audiences")}
    assert {name for name, said in without.items() if said == "true"} == {"marketing"}
