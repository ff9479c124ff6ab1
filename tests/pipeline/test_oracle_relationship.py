"""Every class of theme relationship, at its bounds."""

from decimal import Decimal

import pytest
from oracle.handmade_rows import classes_of, customer, declared, judged
from oracle.rows import Row
from oracle.schemes.relationship import Relationship, channel_tree, party_type


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (None, "unknown"),
        ("internal", "internal"),
        ("channel", "channel"),
        ("business", "business"),
        ("consumer", "consumer"),
        ("alien", "unclassified"),
    ],
)
def test_a_party_is_what_it_is_called(party: str | None, expected: str) -> None:
    assert party_type(customer(party_kind=party)) == expected


def commercial(**facts: object) -> Row:
    return customer(party_kind="business", **facts)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (customer(), "unclassified"),
        (customer(party_kind="internal"), "unclassified"),
        (customer(party_kind="channel"), "channel"),
        (customer(party_kind="channel", channel_kind="distributor"), "channel.distributor"),
        (customer(party_kind="channel", channel_kind="regional_distributor"), "channel.regional"),
        (customer(party_kind="channel", channel_kind="agent"), "channel.agent"),
        (customer(party_kind="channel", channel_kind="dealer"), "channel.dealer"),
        (customer(party_kind="channel", channel_kind="store"), "channel.store"),
        (customer(party_kind="consumer", channel_kind="store"), "terminal.consumer"),
        (commercial(), "terminal.commercial.lead"),
        (commercial(order_count=0), "terminal.commercial.lead"),
        (commercial(open_opportunity_count=0), "terminal.commercial.lead"),
        (commercial(open_opportunity_count=1), "terminal.commercial.opportunity"),
        (commercial(is_named_account=True), "terminal.commercial.lead"),
    ],
)
def test_the_tree_is_entered_by_party(row: Row, expected: str) -> None:
    assert channel_tree(row) == expected


def bought(count: int, recency: int, **facts: object) -> Row:
    return commercial(order_count=count, recency_days=recency, **facts)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (bought(1, 365), "order"),
        (bought(1, 366), "one_off"),
        (bought(1, 366, is_named_account=True), "one_off"),
        (bought(1, 366, open_opportunity_count=1), "order"),
        (bought(2, 366), "order"),
        (bought(2, 1, open_opportunity_count=1), "order"),
        (bought(2, 1, is_named_account=True), "order.named_direct"),
        (bought(2, 1, is_named_account=True, is_via_partner=False), "order.named_direct"),
        (bought(2, 1, is_named_account=True, is_via_partner=True), "order.named_indirect"),
        (bought(2, 1, is_named_account=True, is_regional_account=True), "order.named_direct"),
        (bought(2, 1, is_regional_account=True, is_via_partner=True), "order.regional"),
        (bought(2, 1, is_named_account=False, is_regional_account=True), "order.regional"),
        (bought(2, 1, is_named_account=False, is_via_partner=True), "order"),
    ],
)
def test_a_business_that_bought_is_placed_by_its_orders_and_account(
    row: Row, expected: str
) -> None:
    assert channel_tree(row) == f"terminal.commercial.{expected}"


def need(product: int | None, **more: object) -> Row:
    return customer(product_need_score=None if product is None else Decimal(product), **more)


def test_need_weighs_what_is_known() -> None:
    rows = judged(
        Relationship,
        need(10, contract_amount=Decimal(5)),
        need(20, service_need_score=Decimal(1), contract_amount=Decimal(1)),
        need(None, service_need_score=Decimal(2), support_need_score=Decimal(3)),
    )
    names = ("product", "service", "support", "contract", "score")
    assert [[row[f"need_level_{name}"] for name in names] for row in rows] == [
        [1, None, None, 5, Decimal("1.8")],
        [5, 1, None, 1, Decimal("3")],
        [None, 5, 1, None, Decimal("3.4")],
    ]


def test_the_top_percent_by_need_is_strategic_and_the_top_fifth_core() -> None:
    rows = [need(score) for score in (*range(8), 50, 60)]
    found = classes_of(Relationship, "need_level", *rows, customer(contract_amount=Decimal(9)))
    assert found == [*["ordinary"] * 8, "strategic", "strategic", None]


def test_a_tie_below_the_top_is_core_when_it_starts_within_the_fifth() -> None:
    tied = [need(score) for score in (*[1] * 7, 2, 2, 3)]
    assert classes_of(Relationship, "need_level", *tied) == [
        *["ordinary"] * 7,
        "core",
        "core",
        "strategic",
    ]


def test_a_declared_level_holds_for_a_year_and_for_who_told_nothing() -> None:
    rows = [customer(**declared("need_level", "strategic", days_ago)) for days_ago in (364, 365)]
    assert classes_of(Relationship, "need_level", *rows) == ["strategic", None]
    assert classes_of(Relationship, "need_level_declared", *rows) == ["strategic", None]
    assert classes_of(Relationship, "need_level_computed", *rows) == [None, None]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, [False, False, False]),
        ({"order_count_365d": 1}, [True, False, False]),
        ({"order_count_365d": 0, "open_opportunity_count": 1}, [True, False, False]),
        ({"service_feedback_count_365d": 1}, [False, True, False]),
        ({"support_request_count_365d": 1}, [False, False, True]),
        (
            {
                "order_count_365d": 2,
                "service_feedback_count_365d": 1,
                "support_request_count_365d": 1,
            },
            [True, True, True],
        ),
    ],
)
def test_a_customer_has_every_kind_of_need_that_it_showed(facts: Row, expected: list[bool]) -> None:
    (row,) = judged(Relationship, customer(**facts))
    assert [row[f"need_type_{kind}"] for kind in ("product", "service", "support")] == expected
