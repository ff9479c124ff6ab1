"""Every class of theme behaviour, at its bounds."""

from collections import Counter
from decimal import Decimal
from itertools import product

import pytest
from oracle.handmade_rows import classes_of, customer, judged
from oracle.rows import Row
from oracle.schemes.behaviour import (
    Behaviour,
    activity,
    frequency_level,
    membership,
    price_sensitivity,
    rfm,
)


def buyer(count: int, net: object = 1, **more: object) -> Row:
    """A customer with so many orders of the year, for so much."""
    amounts = {"net_amount_365d": Decimal(str(net)), "recency_days": 1}
    counts = {"order_count": count, "order_count_365d": count, "order_day_count_365d": count}
    return customer(**counts | amounts | more)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(None, None), (0, None), (1, "low"), (3, "low"), (4, "mid"), (11, "mid"), (12, "high")],
)
def test_frequency_is_the_orders_of_the_year(count: int | None, expected: str | None) -> None:
    assert frequency_level(customer(order_count_365d=count)) == expected


def test_rfm_has_one_segment_for_each_of_its_125_cells() -> None:
    cells = Counter(
        rfm(customer(order_count=1), {"rfm_r": r, "rfm_f": f, "rfm_m": m})
        for r, f, m in product(range(1, 6), repeat=3)
    )
    assert cells == {
        "key_value": 8,
        "key_develop": 12,
        "key_keep": 8,
        "key_win_back": 12,
        "general_value": 12,
        "new": 6,
        "general_develop": 12,
        "general_keep": 12,
        "general_win_back": 18,
        "sleeping": 16,
        "lost": 9,
    }


@pytest.mark.parametrize(
    ("r", "f", "m", "expected"),
    [
        (4, 4, 4, "key_value"),
        (5, 3, 4, "key_develop"),
        (4, 1, 5, "key_develop"),
        (3, 4, 4, "key_keep"),
        (2, 5, 4, "key_keep"),
        (3, 3, 4, "key_win_back"),
        (4, 4, 3, "general_value"),
        (4, 1, 3, "new"),
        (4, 2, 3, "general_develop"),
        (5, 3, 1, "general_develop"),
        (3, 4, 3, "general_keep"),
        (2, 3, 3, "general_win_back"),
        (1, 4, 1, "sleeping"),
        (1, 1, 4, "sleeping"),
        (1, 3, 3, "lost"),
        (None, None, None, "lost"),
    ],
)
def test_rfm_segments_have_their_bounds(
    r: int | None, f: int | None, m: int | None, expected: str
) -> None:
    assert rfm(customer(order_count=1), {"rfm_r": r, "rfm_f": f, "rfm_m": m}) == expected


def test_rfm_is_for_who_ever_bought_and_scores_who_bought_in_the_year() -> None:
    rows = [buyer(0), customer(), buyer(1), buyer(0, 0, order_count=3)]
    assert classes_of(Behaviour, "rfm", *rows) == [None, None, "lost", "lost"]
    assert classes_of(Behaviour, "rfm_score", *rows) == [None, None, 1, None]


def test_a_retail_vip_comes_often_and_is_among_the_top_by_amount() -> None:
    crowd = [buyer(1, net) for net in range(9)]
    rows = [buyer(12, 100), buyer(11, 100), buyer(12, 8), customer(order_count=0), customer()]
    found = classes_of(Behaviour, "retail_vip", *rows, *crowd)
    assert found[:5] == ["vip", "regular", "regular", "potential", "unclassified"]


def test_who_bought_only_before_the_year_is_a_regular_of_retail() -> None:
    assert classes_of(Behaviour, "retail_vip", buyer(0, 0, order_count=2)) == ["regular"]


def test_a_high_spender_needs_half_the_visits_to_be_frequent() -> None:
    crowd = [buyer(1, net) for net in range(9)]
    rows = [buyer(12, 0), buyer(11, 0), buyer(6, 100), buyer(5, 100), buyer(0), customer()]
    found = classes_of(Behaviour, "visit_frequency", *rows, *crowd)
    assert found[:6] == ["frequent", "occasional", "frequent", "occasional", None, None]


@pytest.mark.parametrize(
    ("net", "expected"),
    [
        ("30000", "diamond"),
        ("29999.9999", "gold"),
        ("10000", "gold"),
        ("9999.9999", "silver"),
        ("2000", "silver"),
        ("1999.9999", "basic"),
        ("-5", "basic"),
    ],
)
def test_membership_is_the_amount_of_the_year(net: str, expected: str) -> None:
    assert membership(buyer(1, net)) == expected


def test_membership_is_for_who_ever_bought() -> None:
    (row,) = judged(Behaviour, buyer(0))
    columns = ("membership", "membership_computed", "membership_held", "membership_below_since")
    assert [row[name] for name in columns] == [None] * 4


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "unclassified"),
        ({"last_engaged_days": 29}, "active"),
        ({"last_engaged_days": 30}, "unclassified"),
        ({"order_count": 0}, "potential"),
        ({"order_count": 0, "last_engaged_days": 1}, "potential"),
        ({"recency_days": 90}, "active"),
        ({"recency_days": 91}, "dormant"),
        ({"recency_days": 91, "last_engaged_days": 29}, "active"),
        ({"recency_days": 365}, "dormant"),
        ({"recency_days": 366}, "lost"),
        ({"recency_days": 366, "last_engaged_days": 29}, "active"),
        ({"recency_days": 201, "median_gap_days": Decimal("100.5")}, "active"),
        ({"recency_days": 202, "median_gap_days": Decimal("100.5")}, "dormant"),
        ({"recency_days": 402, "median_gap_days": Decimal("100.5")}, "dormant"),
        ({"recency_days": 403, "median_gap_days": Decimal("100.5")}, "lost"),
    ],
)
def test_activity_is_held_against_the_customers_own_cycle(facts: Row, expected: str) -> None:
    bought = {"order_count": 2} if "recency_days" in facts else {}
    assert activity(customer(**bought | facts)) == expected


def test_engagement_counts_contacts_visits_and_replies_of_90_days() -> None:
    def engaged(*counts: int | None) -> Row:
        names = ("contact_count_90d", "browse_count_90d", "reply_count_90d")
        return customer(**dict(zip(names, counts, strict=True)))

    assert engaged(1, 2, 4)["engagement_count_90d"] == 7
    assert engaged(1, None, 4)["engagement_count_90d"] is None
    rows = [engaged(count, 0, 0) for count in (9, 8, 7, 7, 5, 4, 3, 2, 0, 0)]
    assert classes_of(Behaviour, "engagement", *rows, customer()) == [
        *["high"] * 2,
        *["mid"] * 4,
        *["low"] * 4,
        None,
    ]


def test_nobody_is_engaged_who_never_was_in_touch() -> None:
    counts = dict.fromkeys(("contact_count_90d", "browse_count_90d", "reply_count_90d"), 0)
    assert classes_of(Behaviour, "engagement", customer(**counts)) == ["low"]


@pytest.mark.parametrize(
    ("discount", "promo", "expected"),
    [
        ("0.6", "0.6", "sensitive"),
        ("0.59999999", "1", "other"),
        ("1", "0.59999999", "other"),
        (None, "1", "unknown"),
        ("1", None, "unknown"),
    ],
)
def test_price_sensitivity_needs_discounts_and_promotions(
    discount: str | None, promo: str | None, expected: str
) -> None:
    shares = {
        "discount_share_365d": None if discount is None else Decimal(discount),
        "promo_order_share_365d": None if promo is None else Decimal(promo),
    }
    assert price_sensitivity(buyer(3, **shares)) == expected
    assert price_sensitivity(buyer(0, **shares)) is None
