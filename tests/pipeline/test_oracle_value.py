"""Every class of theme value, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import classes_of, customer, judged
from oracle.rows import Row
from oracle.schemes.value import Value, effective, value_score


def buyer(net: object, count: int = 1, **more: object) -> Row:
    """A customer who bought in the year, for so much."""
    bought = {"order_count": count, "order_count_365d": count}
    base = {"loyalty": None, "loyalty_score": None}
    return customer(**bought | base | {"net_amount_365d": Decimal(str(net))} | more)


def stranger(**more: object) -> Row:
    """A customer who never bought."""
    silent = {"order_count": 0, "order_count_365d": 0, "net_amount_365d": Decimal(0)}
    return customer(**silent | {"loyalty": None, "loyalty_score": None} | more)


def test_high_value_is_often_much_and_loyal() -> None:
    crowd = [buyer(net, net) for net in range(1, 40)]
    rows = [
        *(buyer(99, 99, loyalty=loyalty) for loyalty in ("high", "mid", "low", None)),
        buyer(99, 5, loyalty="high"),
    ]
    found = classes_of(Value, "customer_value", *crowd, *rows)
    assert found[-5:] == ["high", "high", "regular", "regular", "regular"]


def test_low_value_is_seldom_and_little() -> None:
    rows = [buyer(net, count) for net, count in ((1, 1), (2, 1), (3, 2), (4, 2), (5, 2), (2, 2))]
    assert classes_of(Value, "customer_value", *rows) == ["low", "low", *["regular"] * 4]


def test_who_bought_only_before_the_year_is_low_beside_the_buyers_of_the_year() -> None:
    before = buyer(0, 0) | {"order_count": 3}
    crowd = [buyer(net, net) for net in range(1, 6)]
    assert classes_of(Value, "customer_value", before, *crowd)[0] == "low"
    assert classes_of(Value, "customer_value", before, buyer(7))[0] == "low"


def test_nobody_is_low_where_nobody_stands_below_another() -> None:
    before = buyer(0, 0) | {"order_count": 3}
    assert classes_of(Value, "customer_value", before, *[buyer(7)] * 3) == ["regular"] * 4
    assert classes_of(Value, "customer_value", before) == ["regular"]


def test_one_who_never_bought_is_potential_only_with_intent() -> None:
    rows = [stranger(has_intent=True), stranger(has_intent=False)]
    unknown = customer(loyalty=None, loyalty_score=None, has_intent=True)
    assert classes_of(Value, "customer_value", *rows, unknown) == [
        "potential",
        "unclassified",
        "unclassified",
    ]


@pytest.mark.parametrize(("scheme", "best"), [("amount_level", "high"), ("quality", "fine")])
def test_the_top_fifth_and_half_by_amount_unless_nothing_was_paid(scheme: str, best: str) -> None:
    rows = [buyer(net) for net in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)]
    expected = [*[best] * 2, *["mid"] * 3, *["low"] * 5]
    assert classes_of(Value, scheme, *rows, stranger()) == [*expected, None]
    few = [buyer(net) for net in ("0.01", "0.0099", 0, -1)]
    assert classes_of(Value, scheme, *few) == [best, "low", "low", "low"]


def test_the_value_score_weighs_what_is_known() -> None:
    rows = judged(
        Value,
        buyer(10, 1, margin_amount_365d=Decimal(5), loyalty_score=Decimal("3.33333333")),
        buyer(20, 2, margin_amount_365d=None, loyalty_score=Decimal("4.2")),
        buyer(30, 3, margin_amount_365d=Decimal(9), loyalty_score=None),
    )
    names = ("f", "m", "margin", "loyalty", "score")
    assert [[row[f"value_score_{name}"] for name in names] for row in rows] == [
        [1, 1, 1, Decimal("3.33333333"), Decimal("1.23333333")],
        [3, 3, None, Decimal("4.2"), Decimal("3.17142857")],
        [5, 5, 5, None, Decimal(5)],
    ]
    assert [row["value_score"] for row in rows] == ["low", "mid", "high"]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("3.8", "high"),
        ("3.79999999", "mid"),
        ("2.4", "mid"),
        ("2.39999999", "low"),
        (None, "unclassified"),
    ],
)
def test_the_value_score_has_its_bounds(score: str | None, expected: str) -> None:
    number = None if score is None else Decimal(score)
    assert value_score(buyer(1), number) == expected
    assert value_score(stranger(), number) is None


def test_vip_value_is_the_mean_of_three_scores_of_twenty_parts() -> None:
    rows = [buyer(net, net, unit_count_365d=Decimal(net)) for net in range(1, 42)]
    found = judged(Value, *rows, buyer(99, 1))
    names = ("f", "m", "units", "score", "class")
    keys = [f"vip_value_{name}" for name in names[:4]] + ["vip_value"]
    assert [found[0][key] for key in keys] == [1, 1, 1, Decimal(1), "other"]
    assert [found[40][key] for key in keys] == [20, 20, 20, Decimal(20), "vip"]
    assert [found[41][key] for key in keys] == [1, 20, None, Decimal("10.5"), "other"]


def test_vip_value_goes_by_shares_of_its_score() -> None:
    rows = [buyer(net, net) for net in range(1, 21)]
    expected = [*["other"] * 12, *["mid"] * 6, "high", "vip", None]
    assert classes_of(Value, "vip_value", *rows, stranger()) == expected


def test_the_pyramid_needs_twenty_buyers() -> None:
    rows = [buyer(net) for net in range(20)]
    assert classes_of(Value, "pyramid", *rows[1:], stranger()) == [None] * 20
    assert classes_of(Value, "pyramid", *rows, stranger()) == [
        *["lead"] * 16,
        *["iron"] * 3,
        "platinum",
        None,
    ]


def test_importance_needs_no_least_number() -> None:
    rows = [buyer(net) for net in range(9)]
    assert classes_of(Value, "importance", *rows, stranger()) == [
        *["small"] * 7,
        "ordinary",
        "important",
        None,
    ]


def test_the_pyramid_and_importance_have_four_classes_of_a_hundred() -> None:
    rows = [buyer(net) for net in range(100)]
    pyramid = [*["lead"] * 80, *["iron"] * 15, *["gold"] * 4, "platinum"]
    importance = [*["small"] * 80, *["ordinary"] * 15, *["major"] * 4, "important"]
    assert classes_of(Value, "pyramid", *rows) == pyramid
    assert classes_of(Value, "importance", *rows) == importance


def test_the_first_run_of_the_period_with_enough_buyers_sets_the_bounds() -> None:
    rows = [buyer(net) for net in range(20)]
    few, enough, later = [buyer(1)] * 19, [buyer(100)] * 20, [buyer(1)] * 20
    assert judged(Value, *rows, earlier=[few])[19]["pyramid"] == "platinum"
    assert judged(Value, *rows, earlier=[few, enough, later])[19]["pyramid"] == "lead"


@pytest.mark.parametrize(
    ("trend", "count", "expected"),
    [
        ("0.5", 2, "potential"),
        ("0.49999999", 2, "other"),
        ("0.5", 1, "other"),
        (None, 2, "other"),
    ],
)
def test_potential_is_growth_of_half_in_two_orders(
    trend: str | None, count: int, expected: str
) -> None:
    growth = None if trend is None else Decimal(trend)
    rows = [buyer(0, count, trend_ratio_180d=growth), *(buyer(net) for net in (1, 2, 3, 4))]
    found = classes_of(Value, "value_potential", *rows, buyer(5, 2, trend_ratio_180d=Decimal(1)))
    assert found == [expected, "other", "other", "other", "high", "high"]
    assert classes_of(Value, "value_potential", stranger()) == [None]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "unclassified"),
        ({"order_count": 1}, "benefit"),
        ({"has_intent": True}, "benefit"),
        ({"has_intent": True, "last_contact_days": 4}, "benefit"),
        ({"last_contact_days": 4000}, "audience"),
        ({"campaign_count_365d": 1}, "audience"),
        ({"campaign_count_365d": 0}, "unclassified"),
    ],
)
def test_benefit_is_an_order_or_intent_and_audience_who_is_only_reached(
    facts: Row, expected: str
) -> None:
    assert effective(customer(**facts)) == expected
