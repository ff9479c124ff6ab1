"""Whatever an explanation may name has a name in both languages."""

import re

import pytest
import yaml

from orchestration.settings import DBT_PROJECT

FACTS = DBT_PROJECT / "models" / "facts" / "customer_facts.yml"
COLUMNS = {
    column["name"]: column
    for column in yaml.safe_load(FACTS.read_text("utf-8"))["models"][0]["columns"]
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_fact_is_called_something_in_english_and_in_chinese(name: str) -> None:
    label = COLUMNS[name]["config"]["meta"]["label"]
    assert set(label) == {"en", "zh"}
    assert re.search(r"[a-zA-Z]", label["en"])
    assert re.search(r"[\u4e00-\u9fff]", label["zh"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_facts_are_called_the_same(language: str) -> None:
    labels = [column["config"]["meta"]["label"][language] for column in COLUMNS.values()]
    assert sorted(labels) == sorted(set(labels))
