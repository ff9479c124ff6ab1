"""Segments: found where customers differ, refused where they do not, and each is its rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from segment_maker import KINDS, Kinds, customers, noise
from threadpoolctl import threadpool_info, threadpool_limits

from orchestration.segmentation import fitting
from orchestration.segmentation.boxes import NOWHERE, Box, assign
from orchestration.segmentation.clusters import clustered_boxes
from orchestration.segmentation.evidence import evidence
from orchestration.segmentation.fitting import Fit, fit_segments
from orchestration.segmentation.frame import Frame
from orchestration.segmentation.keeping import read_ended, read_segments, write_fit
from orchestration.segmentation.stability import LEAST_AGREEMENT
from orchestration.segmentation.wording import rule_en

DAY = date(2024, 6, 30)


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


def test_every_customer_is_in_one_segment_and_each_is_large_enough(fitted: Fit) -> None:
    places = assign([one.box for one in fitted.segments], fitted.frame)
    assert NOWHERE not in places
    each_alone = [assign([one.box], fitted.frame) != NOWHERE for one in fitted.segments]
    assert np.sum(each_alone, axis=0).tolist() == [1] * len(places)
    assert np.bincount(places).min() >= 20


def test_the_same_customers_give_the_same_segments_in_any_order(fitted: Fit) -> None:
    order = np.random.default_rng(1).permutation(360)
    shuffled = {name: column[order] for name, column in customers().items()}
    assert fit_segments(Frame.of(shuffled)).segments == fitted.segments


def test_it_is_computed_on_one_thread_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: set[int] = set()

    def watched(frame: Frame, count: int) -> list[Box]:
        threads.update(pool["num_threads"] for pool in threadpool_info())
        return clustered_boxes(frame, count)

    monkeypatch.setattr(fitting, "clustered_boxes", watched)
    with threadpool_limits(2):
        fit_segments(Frame.of(customers()))
    assert threads == {1}


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
