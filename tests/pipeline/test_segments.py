"""Segments that were kept are classes like others, and SQL takes whom their bounds take."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from kept_segments import BOXES, COUNT, GAP, NAMES, REFUNDS, code, keep_segments, segment_policy
from staged_company import StagedCompany

from orchestration.segmentation.boxes import NOWHERE, assign
from orchestration.segmentation.frame import Frame

DAY = date(2024, 9, 30)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """Customers on both sides of each bound, on it, and with values that nobody knows."""
    folder = tmp_path_factory.mktemp("segments")
    policy = segment_policy(folder / "policy")
    made = StagedCompany(folder)
    made.settings = replace(made.settings, policy_dir=policy)
    orders, refunds = [], []
    for customer in range(80):
        count, gap = 2 + customer % 10, 10 + 20 * (customer % 3)
        before = 400 if customer % 9 == 0 else 0
        for number in range(count):
            day = DAY - timedelta(before + gap * number)
            orders.append((f"o{customer}-{number}", f"c{customer}", f"{day}", "100"))
        back = Decimal(5 * count * (customer % 5))
        refunds.append((f"r{customer}", f"c{customer}", f"{DAY}", f"{back}"))
    made.load("orders", ("order_id", "customer_id", "ordered_at", "amount"), *orders)
    made.load("refunds", ("refund_id", "customer_id", "refunded_at", "amount"), *refunds)
    keep_segments(made.settings.history, DAY, folder)
    made.stage(DAY, "customer_class_reasons", "scheme_distribution", "segments")
    return made


def test_sql_takes_whom_the_bounds_take(company: StagedCompany) -> None:
    made_of = ", ".join(
        "refund_amount_365d / nullif(gross_amount_365d, 0)" if each is REFUNDS else each.name
        for each in (COUNT, REFUNDS, GAP)
    )
    rows = company.query(
        f"select order_count, segment_code, {made_of} from facts.customer_facts order by all"
    )
    exact = [[np.nan if value is None else float(value) for value in row[2:]] for row in rows]
    places = assign(BOXES, Frame((COUNT, REFUNDS, GAP), np.array(exact), {}))
    expected = [
        code(place) if row[0] >= 3 and place != NOWHERE else None
        for row, place in zip(rows, places, strict=True)
    ]
    assert [row[1] for row in rows] == expected
    assert set(expected) == {code(0), code(1), code(2), None}
    on_a_bound = [value for row in exact for value in row if value in (8, 0.1, 30)]
    assert {8.0, 0.1, 30.0} <= set(on_a_bound)
    assert np.isnan(np.array(exact)).any()


def test_a_segment_is_a_class_with_its_names_and_its_rule(company: StagedCompany) -> None:
    catalogue = company.query(
        "select class_code, class_en, class_zh, condition from classification.scheme_catalogue"
        " where scheme = 'ai_segment' order by position"
    )
    assert catalogue[0] == (
        code(0),
        "Frequent",
        "高频",
        "order_count >= 3 and order_count_365d >= 8",
    )
    assert [row[0] for row in catalogue[3:]] == ["unknown", "unclassified"]
    counted = dict(
        company.query(
            "select class_en, customers from classification.scheme_distribution"
            " where scheme = 'ai_segment'"
        )
    )
    facts = Counter(
        found
        for (found,) in company.query(
            "select segment_code from facts.customer_facts where order_count >= 3"
        )
    )
    assert [counted[name.en] for name in NAMES] == [facts[code(place)] for place in range(3)]
    assert counted["Unknown"] == facts[None] > 0


def test_why_somebody_is_in_a_segment_is_told_by_its_rule(company: StagedCompany) -> None:
    told = company.query(
        "select reason_en, reason_zh from classification.customer_class_reasons"
        " where scheme = 'ai_segment' and customer_id = 'c7'"
    )
    assert told == [
        (
            "Frequent: purchase count is 9, at least 3;"
            " purchase count in 365 days is 9, at least 8.",
            "高频：购买次数为 9，达到下限 3；近365天购买次数为 9，达到下限 8。",
        )
    ]
    ((silent,),) = company.query(
        "select count(*) from classification.customer_class_reasons"
        " where reason_en is null or reason_zh is null or loses_en is null"
    )
    assert silent == 0


def test_who_loses_a_segment_loses_it_to_a_class_that_there_is(company: StagedCompany) -> None:
    lost = company.query(
        "select distinct loses_class from classification.customer_class_reasons"
        " where scheme = 'ai_segment' and loses_class is not null order by all"
    )
    assert ("unknown",) in lost
    assert ("unclassified",) not in lost


def test_the_rules_are_published_in_words(company: StagedCompany) -> None:
    assert company.query(
        "select rule_en, rule_zh, low, high, takes_unknown from classification.segments"
        " where segment_code = ? and feature = 'refund_share_365d'",
        code(1),
    ) == [
        (
            "purchase count in 365 days below 8; refunded share in 365 days at least 10%,"
            " or unknown",
            "近365天购买次数低于 8；近365天退款占比不低于 10%，或未知",
            Decimal("0.10000000"),
            None,
            True,
        )
    ]
