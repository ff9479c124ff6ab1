"""What a policy adds to a customer, what history keeps of it, and how the catalogue lists it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from policy_project import PolicyProject

from orchestration.policy import Policy

FORMS = Path(__file__).with_name("every_form.yml")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    project = PolicyProject(tmp_path_factory.mktemp("forms"))
    project.write("forms", FORMS.read_text("utf-8"))
    return project.load()


def rows_of(policy: Policy, scheme: str) -> list[dict[str, Any]]:
    return [row for row in policy.catalogue() if row["scheme"] == scheme]


def codes(policy: Policy, scheme: str) -> list[str]:
    return [row["class_code"] for row in rows_of(policy, scheme)]


def test_each_scheme_adds_its_columns(policy: Policy) -> None:
    assert {scheme.id: scheme.columns() for _, scheme in policy.schemes()} == {
        "membership": [
            "membership",
            "membership_computed",
            "membership_held",
            "membership_below_since",
            "membership_declared",
        ],
        "loyalty": [
            "loyalty_repeat",
            "loyalty_risk",
            "loyalty_score",
            "loyalty",
            "loyalty_computed",
            "loyalty_held",
            "loyalty_below_since",
        ],
        "channel": ["channel"],
        "needs": ["needs_product", "needs_wealth"],
        "trend": ["trend", "trend_computed", "trend_declared"],
        "home": ["home"],
        "town": ["town"],
        "work": ["work"],
    }


def test_history_keeps_what_was_decided_in_the_order_of_the_chain(policy: Policy) -> None:
    assert list(policy.history_columns().items()) == [
        ("membership", "varchar"),
        ("membership_held", "varchar"),
        ("membership_below_since", "date"),
        ("membership_declared", "varchar"),
        ("loyalty", "varchar"),
        ("loyalty_held", "varchar"),
        ("loyalty_below_since", "date"),
        ("channel", "varchar"),
        ("needs_product", "boolean"),
        ("needs_wealth", "boolean"),
        ("trend", "varchar"),
        ("trend_declared", "varchar"),
        ("home", "varchar"),
        ("town", "varchar"),
        ("work", "varchar"),
    ]


def test_history_keeps_nothing_of_a_theme_that_is_off(tmp_path: Path) -> None:
    project = PolicyProject(tmp_path)
    project.write("forms", FORMS.read_text("utf-8"))
    project.write(
        "more", "schemes: [{id: land, kind: attribute, label: {en: L, zh: 国}, by: country}]"
    )
    assert "land" in project.load().history_columns()
    project.themes.remove("more")
    policy = project.load()
    assert "land" not in policy.history_columns()
    assert [row["enabled"] for row in rows_of(policy, "land")] == [False, False]


def test_a_tree_is_listed_by_paths_with_parents_before_children(policy: Policy) -> None:
    assert [(row["class_code"], row["parent_code"]) for row in rows_of(policy, "channel")] == [
        ("partner", None),
        ("end", None),
        ("end.business", "end"),
        ("end.business.partner", "end.business"),
        ("end.other", "end"),
        ("unclassified", None),
    ]
    assert [row["position"] for row in rows_of(policy, "channel")] == [1, 2, 3, 4, 5, 6]


def test_a_class_is_listed_with_its_group(policy: Policy) -> None:
    groups = {row["class_code"]: row["group_zh"] for row in rows_of(policy, "membership")}
    assert groups == {"gold": "关键", "silver": "关键", "basic": None, "unclassified": None}
    groups = {row["class_code"]: row["group_en"] for row in rows_of(policy, "channel")}
    assert {code for code, group in groups.items() if group == "Trade"} == {
        "partner",
        "end.business",
    }


def test_unknown_and_unclassified_are_listed_where_a_customer_can_be_so(policy: Policy) -> None:
    assert codes(policy, "home") == ["North, upper", "unknown", "unclassified"]
    assert codes(policy, "town") == ["unknown", "unclassified"]
    assert codes(policy, "needs") == ["product", "wealth"]
    assert codes(policy, "trend") == ["up", "other", "unclassified"]


def test_a_scheme_is_listed_with_the_sensitive_columns_behind_it(policy: Policy) -> None:
    used = {row["scheme"]: row["uses_sensitive"] for row in policy.catalogue()}
    assert {scheme: columns for scheme, columns in used.items() if columns} == {
        "work": "occupation"
    }


def test_only_a_sensitive_scheme_is_listed_as_sensitive(policy: Policy) -> None:
    assert {row["scheme"] for row in policy.catalogue() if row["sensitive"]} == {"home"}


def test_what_a_class_asks_for_is_listed_in_words(policy: Policy) -> None:
    gold, silver, basic, unclassified = rows_of(policy, "membership")
    assert gold["condition"] == "top 5% by net_amount_365d and net_amount_365d >= 10000"
    assert silver["condition"] == "the customers who make 80% of net_amount_365d"
    assert basic["condition"] == "the rest"
    assert unclassified["condition"] == "no class fits"
    assert gold["aliases"] == "金卡; VIP"
    assert (gold["share_min"], gold["share_max"]) == (0, Decimal("0.055"))
    assert gold["population"] == "order_count > 0"
    upper, unknown, _ = rows_of(policy, "home")
    assert upper["condition"] == "region = 'North, upper'"
    assert unknown["condition"] == "region is null"


def told_of(policy: Policy, scheme: str) -> set[tuple[object, object]]:
    rows = rows_of(policy, scheme)
    return {(row["scheme_description"], row["scheme_description_zh"]) for row in rows}


def test_what_a_scheme_tells_is_listed_in_two_languages(policy: Policy) -> None:
    assert told_of(policy, "membership") == {("What was spent.", "消费金额。")}
    assert told_of(policy, "trend") == {("Who buys more than most.",) * 2}, "a plain text is both"
    assert told_of(policy, "loyalty") == {(None, None)}


def test_the_catalogue_says_by_which_column_and_value_a_customer_is_in_a_class(
    policy: Policy,
) -> None:
    assert [(row["column_name"], row["column_value"]) for row in rows_of(policy, "needs")] == [
        ("needs_product", "true"),
        ("needs_wealth", "true"),
    ]
    assert {(row["column_name"], row["column_value"]) for row in rows_of(policy, "town")} == {
        ("town", "unknown"),
        ("town", "unclassified"),
    }


def test_every_row_of_the_catalogue_has_the_same_columns(policy: Policy) -> None:
    assert len({frozenset(row) for row in policy.catalogue()}) == 1
