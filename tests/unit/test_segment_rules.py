"""Rules of segments: what is read is what is computed, here and in SQL, under their own names."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import numpy as np
import pytest

from orchestration.segmentation.boxes import NOWHERE, Bound, Box, assign, readable
from orchestration.segmentation.features import FEATURES
from orchestration.segmentation.frame import Frame, read_frame
from orchestration.segmentation.naming import names
from orchestration.segmentation.wording import condition, rule_en, rule_zh

BY_NAME = {feature.name: feature for feature in FEATURES}


def test_names_are_unique_in_both_languages() -> None:
    count = BY_NAME["order_count_365d"]
    # Three boxes that stand alike: all are above what most customers do.
    cuts = [Decimal(cut) for cut in (80, 90, 95)]
    boxes: list[Box] = [
        {count: Bound(high=cuts[0])},
        {count: Bound(cuts[0], cuts[1])},
        {count: Bound(cuts[1], cuts[2])},
        {count: Bound(low=cuts[2])},
    ]
    frame = Frame.of({"order_count_365d": np.arange(100.0)})
    given = names(frame, boxes, assign(boxes, frame))
    assert len({name.en for name in given}) == len({name.zh for name in given}) == 4
    assert given[3].en == "Very frequent (purchase count in 365 days at least 95)"
    assert given[3].zh == "超高频（近365天购买次数不低于 95）"


@pytest.mark.parametrize(
    ("unit", "threshold", "read"),
    [
        ("money", 1234.56, "1200"),
        ("money", -0.01234, "-0.012"),
        ("money", 0.0, "0"),
        ("days", 29.5, "30"),
        ("count", 4.0, "4"),
        ("share", 0.1234, "0.12"),
        ("share", 0.001, "0.01"),
    ],
)
def test_thresholds_are_rounded_before_they_are_used(
    unit: str, threshold: float, read: str
) -> None:
    assert readable(threshold, unit) == Decimal(read)  # type: ignore[arg-type]


def test_a_value_on_a_bound_belongs_to_the_box_above_and_an_unknown_one_where_the_rule_says() -> (
    None
):
    days = BY_NAME["recency_days"]
    boxes: list[Box] = [
        {days: Bound(high=Decimal(30))},
        {days: Bound(low=Decimal(30), takes_unknown=True)},
    ]
    values = np.array([[29.0], [30.0], [np.nan]])
    frame = Frame((days,), values, {})
    assert assign(boxes, frame).tolist() == [0, 1, 1]
    assert assign(boxes[:1], frame).tolist() == [0, NOWHERE, NOWHERE]
    assert rule_en(boxes[1]) == "recency in days at least 30, or unknown"
    assert rule_zh(boxes[1]) == "距最近购买天数不低于 30，或未知"
    assert condition(boxes[1]) == (
        "order_count >= 3 and (recency_days >= 30 or recency_days is null)"
    )


FACTS = """
    create table facts as
    select 'c' || i as customer_id, cast(i % 9 as bigint) as order_count,
        i % 50 = 0 as is_opted_out,
        cast(i % 7 as bigint) as order_count_365d,
        cast(i % 5 * 100 + (i % 3 - 1) * 0.0001 as decimal(18, 4)) as net_amount_365d,
        cast(i % 40 as bigint) as recency_days,
        cast(if(i % 6 = 0, null, i % 10 * 0.05) as decimal(28, 8)) as discount_share_365d,
        cast(i % 11 as decimal(18, 4)) as refund_amount_365d,
        cast(i % 13 * 10 as decimal(18, 4)) as gross_amount_365d,
        cast(i % 3 as bigint) as category_count_365d,
        cast(i % 6 + 0.5 as decimal(28, 8)) as median_gap_days,
        cast(i as bigint) as tenure_days
    from range(2000) as numbers (i)
"""


def test_the_condition_in_sql_takes_whom_the_bounds_take() -> None:
    money, share = BY_NAME["net_amount_365d"], BY_NAME["discount_share_365d"]
    refunds = BY_NAME["refund_share_365d"]
    boxes: list[Box] = [
        {money: Bound(Decimal(200)), share: Bound(high=Decimal("0.15"), takes_unknown=True)},
        {money: Bound(Decimal(200)), share: Bound(low=Decimal("0.15"))},
        {money: Bound(high=Decimal(200)), refunds: Bound(Decimal("0.1"), takes_unknown=True)},
    ]
    arms = " ".join(f"when {condition(box)} then {place}" for place, box in enumerate(boxes))
    with duckdb.connect() as con:
        con.execute(FACTS)
        frame = read_frame(con, "facts")
        made = ", ".join(each.made_of for each in frame.features)
        rows = con.execute(
            f"select case {arms} else {NOWHERE} end, {made} from facts"
            " where order_count >= 3 and not is_opted_out"
        ).fetchall()
        ((outside,),) = con.execute(
            f"select count(case {arms} end) from facts where order_count < 3"
        ).fetchall()
    by_sql = [place for place, *_ in rows]
    exact = [[np.nan if value is None else float(value) for value in row[1:]] for row in rows]
    values = np.array(exact)
    assert np.array_equal(values[np.lexsort(values.T)], frame.values, equal_nan=True), (
        "the frame has the facts as they are"
    )
    assert len(values) == len(frame.values) > 1000
    assert assign(boxes, replace(frame, values=values)).tolist() == by_sql
    assert set(by_sql) == {0, 1, 2, NOWHERE}
    assert outside == 0
