"""Whatever an explanation or the report may name has a name in both languages."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

from orchestration.policy import load_policy
from orchestration.policy.grades import Score
from orchestration.report.conditions import in_words
from orchestration.report.wording import Both
from orchestration.settings import DBT_PROJECT

FACTS = DBT_PROJECT / "models" / "facts" / "customer_facts.yml"
COLUMNS = {
    column["name"]: column
    for column in yaml.safe_load(FACTS.read_text("utf-8"))["models"][0]["columns"]
}
POLICY = load_policy(DBT_PROJECT / "policy")
# The theme of each attribute and metric that the bundled policy makes, and the scheme of each part.
MADE = {
    name: theme for theme in POLICY.themes.values() for name in theme.attributes | theme.metrics
}
PARTS = {
    f"{scheme.id}.{name}": dimension
    for _, scheme in POLICY.schemes(enabled=False)
    if isinstance(scheme, Score)
    for name, dimension in scheme.dimensions.items()
}
# What may stay as it is in a condition: SQL that the report has no words for.
SQL = {"greatest", "least", "abs", "ratio", "case", "when", "then", "else", "end"}


def names() -> Iterator[tuple[str, Both]]:
    """Yield what readers call each column that a condition may name."""
    for name, column in COLUMNS.items():
        yield name, Both(**column["config"]["meta"]["label"])
    for name, theme in MADE.items():
        yield name, Both(theme.labels[name].en, theme.labels[name].zh)
    for name, part in PARTS.items():
        assert part.label, name
        yield name, Both(part.label.en, part.label.zh)
    for _, scheme in POLICY.schemes(enabled=False):
        yield scheme.id, Both(scheme.label.en, scheme.label.zh)


NAMES = dict(names())


@pytest.mark.parametrize("name", NAMES)
def test_what_a_condition_may_name_is_called_something_in_english_and_in_chinese(name: str) -> None:
    assert re.search(r"[a-zA-Z]", NAMES[name].en)
    assert re.search(r"[\u4e00-\u9fff]", NAMES[name].zh)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_facts_or_metrics_are_called_the_same(language: str) -> None:
    called = Counter(getattr(NAMES[name], language) for name in (*COLUMNS, *MADE))
    assert [label for label, times in called.items() if times > 1] == []


def test_no_condition_of_the_bundled_policy_names_a_column_to_a_chinese_reader() -> None:
    for row in POLICY.catalogue():
        for condition in (row["condition"], row["population"]):
            told = in_words(condition, NAMES, row["scheme"]).zh
            words = re.findall(r"[a-z_][a-z0-9_]*", re.sub(r"'[^']*'", "", told))
            assert set(words) <= SQL, (row["scheme"], condition)
