"""The model card tells what was done, of groups only, in both languages."""

import re
from dataclasses import replace

import pytest
from purchase_maker import DAY, FACTS, YEAR, predictable

from orchestration.prediction import btyd
from orchestration.prediction.assessment import Assessment, CannotTell
from orchestration.prediction.card import model_card
from orchestration.prediction.choosing import assess


@pytest.fixture(scope="module")
def outcome() -> Assessment:
    with predictable(seed=7, count=600).panel() as panel:
        panel.execute("update facts set region = 'a | b' where region = 'everywhere'")
        return assess(panel, YEAR, FACTS, smallest_group=5)


def card(outcome: Assessment | CannotTell) -> dict[str, str]:
    return dict(model_card(outcome, day=DAY, horizon=YEAR, currency="CNY", smallest_group=5))


def test_both_languages_tell_the_same_numbers(outcome: Assessment) -> None:
    told = card(outcome)
    numbers = {language: re.findall(r"\d(?:[\d,.]*\d)?%?", text) for language, text in told.items()}
    assert sorted(numbers["en"]) == sorted(numbers["zh"])
    assert len(numbers["en"]) > 100
    for text in told.values():
        assert str(DAY) in text and "CNY" in text


def test_it_names_the_model_the_data_the_margins_and_every_fact(outcome: Assessment) -> None:
    text = card(outcome)["en"]
    assert "published, by " in text
    assert f"tested on {outcome.tested}" in text
    for fact in FACTS:
        assert fact in text
    for verdict in outcome.verdicts.values():
        for margin in verdict.margins.values():
            assert f"{margin.value:.0%} ({margin.low:.0%} to {margin.high:.0%})" in text


def test_it_names_no_customer_and_no_small_group(outcome: Assessment) -> None:
    for text in card(outcome).values():
        assert "the only one" not in text
        assert not re.search(r"\bc\d{5}\b", text)


def test_every_table_is_whole_whatever_a_group_is_called(outcome: Assessment) -> None:
    for text in card(outcome).values():
        assert "a \\| b" in text
        for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.M):
            rows = table.replace("\\|", "").splitlines()
            assert len({row.count("|") for row in rows}) == 1
            assert rows[1].startswith("|---")


def test_why_a_model_is_left_out_is_told_in_each_language(outcome: Assessment) -> None:
    for reason in (btyd.NO_REPEATS, btyd.NO_AMOUNTS, btyd.NO_MAXIMUM):
        told = card(replace(outcome, left_out={"buy_till_you_die": reason}))
        assert reason in told["en"]
        assert reason not in told["zh"] and "无法拟合（" in told["zh"]


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        (CannotTell("too_little_history", days=730), "730"),
        (CannotTell("too_few_customers", customers=31, bought=2), "31"),
    ],
)
def test_it_says_what_is_missing_instead_of_a_number(missing: CannotTell, told: str) -> None:
    english, chinese = card(missing).values()
    assert "No forecast is published" in english and told in english
    assert "未发布" in chinese and told in chinese
