"""Segments: found where customers differ, refused where they do not, and each is its rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pytest
from segment_maker import KINDS, Kinds, customers, noise

from orchestration.segmentation.boxes import NOWHERE, Bound, Box, assign, readable
from orchestration.segmentation.evidence import evidence
from orchestration.segmentation.features import FEATURES
from orchestration.segmentation.fitting import Fit, fit_segments
from orchestration.segmentation.frame import Frame, read_frame
from orchestration.segmentation.keeping import read_ended, read_segments, write_fit
from orchestration.segmentation.naming import names
from orchestration.segmentation.stability import LEAST_AGREEMENT
from orchestration.segmentation.wording import condition, rule_en, rule_zh

DAY = date(2024, 6, 30)
BY_NAME = {feature.name: feature for feature in FEATURES}


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit_segments(Frame.of(customers()))


def test_planted_clusters_are_found_with_rules_that_a_reader_recognises(fitted: Fit) -> None:
    assert [round(one.share, 2) for one in fitted.segments] == [0.33, 0.33, 0.33]
    typical = replace(fitted.frame, values=np.array(list(KINDS.values())))
    for place, segment in enumerate(fitted.segments):
        inside = assign([segment.box], typical) != NOWHERE
        assert inside.tolist() == [place == kind for kind in range(3)], rule_en(segment.box)
        assert len(segment.box) <= 2, "a rule of more bounds is hard to read"


def test_noise_is_not_published_and_the_evidence_says_why() -> None:
    fit = fit_segments(Frame.of(noise()))
    assert fit.segments == ()
    told = {row[0]: row for row in evidence(fit)}
    assert told["segments"][3].startswith("Nothing new is published")
    measured = [row for name, row in told.items() if name.startswith("agreement_of")]
    assert measured
    assert all(row[1] is not None and row[1] < Decimal(str(LEAST_AGREEMENT)) for row in measured)


def test_too_few_customers_are_no_population() -> None:
    fit = fit_segments(Frame.of(customers(each=30)))
    assert (fit.segments, fit.trials) == ((), ())
    assert "too few customers" in evidence(fit)[0][3]


def test_a_feature_that_is_mostly_unknown_or_always_the_same_is_left_out_and_told_of() -> None:
    columns = dict(customers())
    columns["discount_share_365d"] = np.where(
        np.arange(360) % 2, np.nan, columns["discount_share_365d"]
    )
    frame = Frame.of({**columns, "category_count_365d": np.full(360, 1.0)})
    assert [feature.name for feature in frame.features] == [
        "order_count_365d",
        "net_amount_365d",
        "recency_days",
    ]
    assert frame.left_out["discount_share_365d"].en == "unknown of 50% of the customers"
    assert frame.left_out["category_count_365d"].zh == "100% 的客户相同"
    assert "left_out_category_count_365d" in [row[0] for row in evidence(Fit(frame))]


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


def test_every_customer_is_in_one_segment_and_each_is_large_enough(fitted: Fit) -> None:
    unknown = fitted.frame.values.copy()
    unknown[::10, 0] = np.nan
    places = assign([one.box for one in fitted.segments], fitted.frame)
    assert NOWHERE not in places
    each_alone = [assign([one.box], fitted.frame) != NOWHERE for one in fitted.segments]
    assert np.sum(each_alone, axis=0).tolist() == [1] * len(places)
    assert np.bincount(places).min() >= 20


def test_the_same_customers_give_the_same_segments_in_any_order(fitted: Fit) -> None:
    order = np.random.default_rng(1).permutation(360)
    shuffled = {name: column[order] for name, column in customers().items()}
    assert fit_segments(Frame.of(shuffled)).segments == fitted.segments


def test_a_refit_on_slightly_changed_data_keeps_the_codes(fitted: Fit) -> None:
    before = [(one.code, one.box) for one in fitted.segments]
    again = fit_segments(Frame.of(customers(seed=1)), before, [code for code, _ in before])
    assert [one.code for one in again.segments] == [code for code, _ in before]
    assert {match.fate for match in again.matches} == {"kept"}


def test_a_refit_with_a_vanished_and_a_new_cluster_ends_one_code_and_gives_a_new_one(
    fitted: Fit,
) -> None:
    before = [(one.code, one.box) for one in fitted.segments]
    kinds: Kinds = {
        "loyal": KINDS["loyal"],
        "bargain": KINDS["bargain"],
        "occasional": (3.0, 6000.0, 15.0, 0.0),
    }
    again = fit_segments(
        Frame.of(customers(seed=2, kinds=kinds)), before, [code for code, _ in before]
    )
    fates = {
        match.previous_code: (
            match.fate,
            match.place is not None and again.segments[match.place].code,
        )
        for match in again.matches
    }
    loyal, bargain, gone = (code for code, _ in before)
    assert fates[loyal] == ("kept", loyal)
    assert fates[bargain] == ("kept", bargain)
    assert fates[gone][0] == "ended"
    assert fates[None][0] == "new"
    assert fates[None][1] not in (loyal, bargain, gone)


def test_a_code_that_ended_is_never_given_again(fitted: Fit) -> None:
    used = [one.code for one in fitted.segments]
    anew = fit_segments(fitted.frame, (), used)
    assert [one.code for one in anew.segments] == [f"{code}_2" for code in used]


def test_what_is_kept_is_read_as_it_was_and_names_no_customer(fitted: Fit, tmp_path: Path) -> None:
    files = write_fit(tmp_path, fitted, DAY, ["segment_old"])
    assert sorted(files) == ["segment_evidence", "segment_mapping", "segments"]
    assert read_segments(files["segments"]) == [(one.code, one.box) for one in fitted.segments]
    assert read_ended(files["segment_mapping"]) == ["segment_old"]


def test_without_segments_the_evidence_alone_is_kept(fitted: Fit, tmp_path: Path) -> None:
    files = write_fit(tmp_path, replace(fitted, segments=(), matches=()), DAY)
    assert sorted(files) == ["segment_evidence"]


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
