"""Every class of theme experience, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import classes_of, customer, judged
from oracle.rows import Row
from oracle.schemes.experience import (
    Experience,
    process_experience,
    product_experience,
    satisfaction,
    service_experience,
)


@pytest.mark.parametrize(
    ("score", "nps", "open_complaints", "expected"),
    [
        (None, None, 0, "unknown"),
        (None, None, None, "unknown"),
        ("4.5", None, 0, "high"),
        ("4.5", 0, 0, "high"),
        ("4.49999999", 10, 0, "mid"),
        ("5", None, 1, "mid"),
        ("5", None, None, "mid"),
        (None, 9, 0, "high"),
        (None, 9, 1, "mid"),
        (None, "8.99999999", 0, "mid"),
        (None, 7, 0, "mid"),
        (None, "6.99999999", 0, "low"),
        ("3", None, 0, "mid"),
        ("2.99999999", None, 0, "low"),
        ("2", 10, 0, "low"),
    ],
)
def test_satisfaction_is_the_survey_else_the_recommendation(
    score: str | None, nps: str | int | None, open_complaints: int | None, expected: str
) -> None:
    row = customer(
        satisfaction_score=None if score is None else Decimal(score),
        nps_score=None if nps is None else Decimal(nps),
        open_complaint_count=open_complaints,
    )
    assert satisfaction(row) == expected


@pytest.mark.parametrize(
    ("score", "returned", "expected"),
    [
        (None, None, "unknown"),
        (None, "0", "unknown"),
        (None, "0.00000001", "fair"),
        ("2.99999999", "0", "poor"),
        ("3", "0", "fair"),
        ("5", "0.3", "poor"),
        ("5", "0.29999999", "fair"),
        (None, "0.3", "poor"),
        ("4.5", "0.09999999", "good"),
        ("4.5", "0.1", "fair"),
        ("4.49999999", "0", "fair"),
        ("4.5", None, "good"),
        ("3", None, "fair"),
    ],
)
def test_product_experience_is_reviews_and_what_went_back(
    score: str | None, returned: str | None, expected: str
) -> None:
    row = customer(
        product_score=None if score is None else Decimal(score),
        return_share_365d=None if returned is None else Decimal(returned),
    )
    assert product_experience(row) == expected


@pytest.mark.parametrize(
    ("score", "days", "expected"),
    [
        (None, None, "unknown"),
        ("2.99999999", "0", "poor"),
        ("3", "0", "fair"),
        ("5", "7.00000001", "poor"),
        ("5", "7", "fair"),
        (None, "8", "poor"),
        ("4.5", "2", "good"),
        ("4.5", "2.00000001", "fair"),
        ("4.49999999", "0", "fair"),
        ("4.5", None, "good"),
        ("3.5", None, "fair"),
        (None, "2", "good"),
        (None, "3", "fair"),
    ],
)
def test_service_experience_is_reviews_and_how_long_complaints_stayed_open(
    score: str | None, days: str | None, expected: str
) -> None:
    row = customer(
        service_score=None if score is None else Decimal(score),
        complaint_resolve_days_365d=None if days is None else Decimal(days),
    )
    assert service_experience(row) == expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [("4.5", "good"), ("4.49999999", "fair"), ("3", "fair"), ("2.99999999", "poor")],
)
def test_process_experience_is_for_who_said_something(score: str, expected: str) -> None:
    assert process_experience(customer(process_score=Decimal(score))) == expected
    assert process_experience(customer()) is None


def test_shares_are_quotients_of_money_and_of_days() -> None:
    row = customer(
        refund_amount_365d=Decimal("1.0000"),
        gross_amount_365d=Decimal("3.0000"),
        order_day_count=3,
    )
    assert row["return_share_365d"] == Decimal("0.33333333")
    assert row["repeat_share"] == Decimal("0.66666667")


def test_nothing_bought_has_no_shares() -> None:
    silent = customer(
        refund_amount_365d=Decimal(1), gross_amount_365d=Decimal(0), order_day_count=0
    )
    assert silent["return_share_365d"] is silent["repeat_share"] is None
    assert customer()["repeat_share"] is None


def buyer(days: int, **more: object) -> Row:
    return customer(order_count=days, order_day_count=days, **more)


def test_loyalty_weighs_what_is_known_and_ranks_the_mean() -> None:
    rows = judged(
        Experience,
        buyer(1, tenure_days=10, referral_count_365d=0),
        buyer(2, tenure_days=20, referral_count_365d=1, on_cycle_share=Decimal(1)),
        buyer(4, tenure_days=30, referral_count_365d=5, on_cycle_share=Decimal("0.5")),
    )
    dimensions = ("repeat", "cycle", "referral", "tenure", "score")
    assert [[row[f"loyalty_{name}"] for name in dimensions] for row in rows] == [
        [1, None, 1, 1, Decimal(1)],
        [3, 5, 2, 3, Decimal("3.2")],
        [5, 1, 5, 5, Decimal("4.2")],
    ]
    assert [row["loyalty"] for row in rows] == ["low", "mid", "high"]


@pytest.mark.parametrize(
    ("count", "score"), [(None, None), (0, 1), (1, 2), (2, 3), (3, 4), (4, 4), (5, 5), (99, 5)]
)
def test_referrals_score_against_fixed_bounds(count: int | None, score: int | None) -> None:
    (row,) = judged(Experience, buyer(1, referral_count_365d=count))
    assert row["loyalty_referral"] == score


def test_loyalty_is_for_who_ever_bought() -> None:
    rows = [customer(), buyer(0, referral_count_365d=3), buyer(1, tenure_days=1)]
    assert classes_of(Experience, "loyalty", *rows) == [None, None, "high"]


def test_equally_loyal_customers_are_all_low() -> None:
    rows = [buyer(2, tenure_days=9) for _ in range(4)]
    assert classes_of(Experience, "loyalty", *rows) == ["low"] * 4


def test_loyalty_keeps_to_the_bounds_of_an_earlier_day() -> None:
    earlier = [buyer(days, tenure_days=days) for days in (1, 2, 3, 4, 5)]
    today = [buyer(5, tenure_days=5), buyer(5, tenure_days=5), buyer(9, tenure_days=9)]
    kept = judged(Experience, *today, earlier=[earlier])
    assert [row["loyalty_score"] for row in kept] == [5, 5, 5]
    assert [row["loyalty"] for row in kept] == ["high"] * 3
