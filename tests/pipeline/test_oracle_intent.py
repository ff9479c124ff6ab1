"""Every class of theme intent, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import ago, classes_of, customer, declared, judged
from oracle.rows import Row
from oracle.schemes.intent import Intent, intent_level, intent_stage, need_grade


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, False),
        ({"open_opportunity_count": 0}, False),
        ({"open_opportunity_count": 1}, True),
        ({"declared_intent": "never"}, False),
        ({"declared_intent": "not_now"}, True),
        ({"declared_intent": "considering"}, True),
        ({"declared_intent": "interested"}, True),
        ({"last_quote_date": ago(365)}, True),
        ({"last_quote_date": ago(366)}, False),
        ({"last_quote_date": ago(366), "declared_intent": "not_now"}, True),
    ],
)
def test_intent_is_an_open_opportunity_a_word_or_a_quote_of_the_year(
    facts: Row, expected: bool
) -> None:
    assert customer(**facts)["has_intent"] is expected


@pytest.mark.parametrize(
    ("need", "expected"),
    [("70", "a"), ("69.99999999", "b"), ("40", "b"), ("39.99999999", "c"), ("-1", "c")],
)
def test_need_is_graded_by_its_score(need: str, expected: str) -> None:
    assert need_grade(customer(need_score=Decimal(need))) == expected
    assert need_grade(customer()) is None


QUOTED = {"last_quote_date": ago(7), "replied_after_quote": False}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        (QUOTED, "quoted_silent"),
        (QUOTED | {"last_quote_date": ago(6)}, "interested"),
        (QUOTED | {"replied_after_quote": True}, "interested"),
        (QUOTED | {"replied_after_quote": None}, "interested"),
        (QUOTED | {"last_order_date": ago(8)}, "quoted_silent"),
        (QUOTED | {"last_order_date": ago(7)}, "interested"),
        (QUOTED | {"declared_intent": "never"}, "quoted_silent"),
        (QUOTED | {"declared_intent": "never", "replied_after_quote": True}, "never"),
        ({"declared_intent": "never"}, "never"),
        ({"declared_intent": "not_now"}, "not_now"),
        ({"declared_intent": "not_now", "expected_buy_date": ago(-1)}, "not_now"),
        ({"declared_intent": "not_now", "expected_buy_date": ago(0)}, "considering"),
        ({"declared_intent": "considering"}, "considering"),
        ({"declared_intent": "interested"}, "interested"),
        ({"declared_intent": "interested", "expected_buy_date": ago(-1)}, "interested"),
    ],
)
def test_the_stage_is_what_was_said_unless_a_quote_is_without_an_answer(
    facts: Row, expected: str | None
) -> None:
    assert intent_stage(customer(**facts)) == expected


@pytest.mark.parametrize(
    ("stage", "need", "expected"),
    [
        (None, None, None),
        (None, "29.99999999", "none"),
        (None, "30", "some"),
        (None, "69.99999999", "some"),
        (None, "70", "strong"),
        ("never", "99", "none"),
        ("interested", "0", "strong"),
        ("interested", None, "strong"),
        ("considering", "99", "some"),
        ("not_now", None, "some"),
        ("quoted_silent", "0", "some"),
    ],
)
def test_the_level_is_that_of_the_stage_else_of_the_need(
    stage: str | None, need: str | None, expected: str | None
) -> None:
    score = None if need is None else Decimal(need)
    assert intent_level(customer(need_score=score) | {"intent_stage": stage}) == expected


def test_a_declared_stage_decides_the_level_even_of_who_has_no_stage() -> None:
    rows = [
        customer(**declared("intent_stage", "interested", days_ago=89)),
        customer(declared_intent="never", **declared("intent_stage", "not_now", days_ago=0)),
    ]
    assert classes_of(Intent, "intent_stage", *rows) == ["interested", "not_now"]
    assert classes_of(Intent, "intent_stage_computed", *rows) == [None, "never"]
    assert classes_of(Intent, "intent_stage_declared", *rows) == ["interested", "not_now"]
    assert classes_of(Intent, "intent_level", *rows) == ["strong", "some"]


def test_a_declared_grade_of_need_is_no_stage() -> None:
    (row,) = judged(Intent, customer(**declared("need_grade", "b", days_ago=1)))
    grades = ("need_grade", "need_grade_computed", "need_grade_declared", "intent_level")
    assert [row[name] for name in grades] == ["b", None, "b", None]
