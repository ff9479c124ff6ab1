"""Every class of theme lifecycle, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import ago, customer
from oracle.rows import Row
from oracle.schemes.lifecycle import deal_status, lifecycle, new_customer, relation

LOYAL = {
    "order_count": 5,
    "tenure_days": 180,
    "recency_days": 20,
    "median_gap_days": Decimal("10"),
    "return_date": None,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "unclassified"),
        ({"order_count": 0}, "prospect"),
        ({"order_count": 1, "recency_days": 365}, "first"),
        ({"order_count": 1, "recency_days": 366}, "lost"),
        ({"order_count": 2, "recency_days": 365}, "repeat"),
        (LOYAL, "loyal"),
        (LOYAL | {"order_count": 4}, "repeat"),
        (LOYAL | {"tenure_days": 179}, "repeat"),
        (LOYAL | {"recency_days": 21}, "repeat"),
        (LOYAL | {"median_gap_days": None}, "repeat"),
        (LOYAL | {"return_date": ago(180)}, "loyal"),
        (LOYAL | {"return_date": ago(179)}, "repeat"),
        (LOYAL | {"recency_days": 800, "median_gap_days": Decimal("200")}, "repeat"),
        (LOYAL | {"recency_days": 801, "median_gap_days": Decimal("200")}, "lost"),
    ],
)
def test_lifecycle_goes_from_prospect_to_loyal_and_lost(facts: Row, expected: str) -> None:
    assert lifecycle(customer(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "unclassified"),
        ({"order_count": 0}, "non_customer"),
        ({"order_count": 0, "is_targeted": False}, "non_customer"),
        ({"has_intent": True}, "prospect"),
        ({"has_intent": True, "is_targeted": False}, "prospect"),
        ({"is_targeted": True}, "target"),
        ({"has_intent": True, "is_targeted": True}, "prospect_and_target"),
        ({"order_count": 1, "recency_days": 366, "has_intent": True}, "lost"),
        ({"order_count": 1, "recency_days": 365, "is_targeted": True}, "current"),
    ],
)
def test_relation_is_what_was_bought_else_what_is_wanted_or_meant(
    facts: Row, expected: str
) -> None:
    assert relation(customer(**facts)) == expected


@pytest.mark.parametrize(
    ("count", "tenure", "expected"),
    [(None, None, None), (0, None, None), (1, 89, "new"), (1, 90, "other")],
)
def test_a_customer_is_new_for_90_days(
    count: int | None, tenure: int | None, expected: str | None
) -> None:
    assert new_customer(customer(order_count=count, tenure_days=tenure)) == expected


@pytest.mark.parametrize(
    ("orders", "won", "expected"),
    [
        (None, None, "unclassified"),
        (0, 0, "open"),
        (0, None, "open"),
        (None, 0, "open"),
        (1, None, "closed"),
        (None, 1, "closed"),
        (0, 1, "closed"),
    ],
)
def test_a_deal_is_an_order_or_a_won_opportunity(
    orders: int | None, won: int | None, expected: str
) -> None:
    assert deal_status(customer(order_count=orders, won_opportunity_count=won)) == expected
