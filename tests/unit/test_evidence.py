"""What the past says of a scheme, against the same computed by other means, and against a plant."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from planted_panel import SPEND, planted_frame, write_panel

from orchestration.evaluation.accuracy import LEAST_ORIGINS, accuracy
from orchestration.evaluation.judged import Judged, judged_schemes
from orchestration.evaluation.looking import Looked, Looking
from orchestration.evaluation.measures import MEASURES, weights
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.rows import Row
from orchestration.evaluation.stability import BOUNDS, stability
from orchestration.evaluation.walking import walk
from orchestration.evaluation.wording import reads_undated
from orchestration.policy import load_policy
from orchestration.policy.evidence import Measure
from orchestration.progress import Silent
from orchestration.settings import DBT_PROJECT

ORDER = ("gold", "silver", "basic")
SCHEMES = ("good", "chance", "past")
Rows = Mapping[str, Row]


def look(panel: Panel, judged: Sequence[Judged]) -> Mapping[str, Looked]:
    looking = Looking(judged)
    walk(panel, [looking], Silent())
    return looking.looked


def judge(looked: Mapping[str, Looked], judged: Judged) -> Rows:
    found, drawn = looked[judged.scheme], weights()
    rows = [*accuracy(judged, found.seen, drawn), *stability(judged, found, drawn)]
    return {row.measure: row for row in rows}


def evidence(
    home: Path, frame: pd.DataFrame, order: tuple[str, ...] | None = ORDER
) -> Mapping[str, Rows]:
    """The rows of each planted scheme, by measure."""
    judged = [Judged(scheme, order, None) for scheme in SCHEMES]
    looked = look(write_panel(home, frame, SCHEMES), judged)
    return {each.scheme: judge(looked, each) for each in judged}


def test_a_planted_good_scheme_is_good_and_a_planted_random_one_useless(tmp_path: Path) -> None:
    found = evidence(tmp_path, planted_frame())
    for horizon in ("90d", "180d"):
        for measure in ("spearman", "auc_active", "top_lift"):
            name = f"{measure}_{horizon}"
            assert (name, found["good"][name].finding) == (name, "better")
            assert (name, found["chance"][name].finding) == (name, "useless")
            assert (name, found["past"][name].finding) == (name, "as_good")
    assert found["good"]["monotone_share_90d"].value == 1


@pytest.mark.parametrize("name", ["place", "bucket", "active_90", "value"])
def test_whatever_a_scheme_is_called_it_is_judged_alike(tmp_path: Path, name: str) -> None:
    frame = planted_frame(customers=150)
    judged = [Judged("good", ORDER, None), Judged(name, ORDER, None)]
    panel = write_panel(tmp_path, frame.assign(**{name: frame["good"]}), ["good", name])
    looked = look(panel, judged)
    first, second = (judge(looked, each) for each in judged)
    assert {row: replace(told, scheme="good") for row, told in second.items()} == first


def test_a_learned_order_is_as_good_and_is_judged_on_later_origins_only(tmp_path: Path) -> None:
    frame = planted_frame()
    told = evidence(tmp_path, frame, order=None)
    row = told["good"]["spearman_90d"]
    assert (row.finding, row.origin_count) == ("better", 3)
    assert row.first_origin == sorted(set(frame["origin"]))[3]
    assert told["chance"]["spearman_90d"].finding == "useless"
    late = told["good"]["spearman_180d"]
    assert (late.value, late.finding) == (None, None)
    assert late.note is not None
    assert "can be judged on: 0; needed: 2" in late.note.en


@pytest.mark.parametrize("seed", range(6))
def test_every_number_is_that_of_another_way_to_compute_it(tmp_path: Path, seed: int) -> None:
    frame = planted_frame(customers=150, seed=seed, origins=3)
    dice = np.random.default_rng(seed)
    # Ties, refunds, and some whom the scheme does not classify.
    frame["amount_90"] = np.where(dice.random(len(frame)) < 0.1, -5, frame["amount_90"].round(-1))
    frame["good"] = frame["good"].mask(dice.random(len(frame)) < 0.1, "unclassified")
    frame["good"] = frame["good"].mask(dice.random(len(frame)) < 0.1, None)
    found = evidence(tmp_path, frame)["good"]
    named = frame[frame["good"].isin(ORDER)]
    by_day = [group for _, group in named.groupby("origin")]
    for name, measure in {
        "spearman_90d": rank_correlation,
        "auc_active_90d": pairs_in_order,
        "top_lift_90d": lift,
        "monotone_share_90d": neighbours_in_order,
    }.items():
        expected = np.mean([measure(group) for group in by_day])
        assert found[name].value == pytest.approx(expected, abs=1e-9), name
    assert found["monthly_moves"].value == pytest.approx(share_that_moves(by_day), abs=1e-9)
    assert found["distribution_psi"].value == pytest.approx(mean_index(by_day), abs=1e-9)


def grade(group: pd.DataFrame) -> pd.Series:
    return group["good"].map({code: -place for place, code in enumerate(ORDER)})


def rank_correlation(group: pd.DataFrame) -> float:
    return float(grade(group).rank().corr(group["amount_90"].rank()))


def pairs_in_order(group: pd.DataFrame) -> float:
    grades, active = grade(group), group["orders_90"] > 0
    gaps = grades[active].to_numpy()[:, None] - grades[~active].to_numpy()[None, :]
    return float((np.sign(gaps) + 1).mean() / 2)


def lift(group: pd.DataFrame) -> float:
    return float(group.loc[group["good"] == "gold", "amount_90"].mean() / group["amount_90"].mean())


def neighbours_in_order(group: pd.DataFrame) -> float:
    means = group.groupby("good")["amount_90"].mean()
    return float(np.mean([means[a] > means[b] for a, b in pairwise(ORDER)]))


def share_that_moves(by_day: list[pd.DataFrame]) -> float:
    both = pd.concat(then.merge(now, on="customer_id") for then, now in pairwise(by_day))
    return float((both["good_x"] != both["good_y"]).mean())


def mean_index(by_day: list[pd.DataFrame]) -> float:
    shares = [group["good"].value_counts(normalize=True) for group in by_day]
    return float(
        np.mean([((now - then) * np.log(now / then)).sum() for then, now in pairwise(shares)])
    )


def test_bands_of_last_years_spend_have_the_sizes_of_the_classes(tmp_path: Path) -> None:
    frame = planted_frame(customers=200, origins=2)
    panel = write_panel(tmp_path, frame, SCHEMES)
    looked = look(panel, [Judged("chance", ORDER, None)])["chance"]
    for seen in looked.seen:
        group = frame[frame["origin"] == seen.origin].sort_values(SPEND, ascending=False)
        sizes = group["chance"].value_counts()[list(ORDER)].to_list()
        assert seen.spend.customers.sum(axis=1).tolist() == sizes
        bought = group["amount_90"].head(sizes[0]).sum() * 10_000
        assert seen.spend.amounts[90][0].sum() == pytest.approx(bought, abs=1)


def test_moves_that_are_taken_back_are_flips(tmp_path: Path) -> None:
    frame = planted_frame(customers=200, origins=3)
    days = sorted(set(frame["origin"]))
    # Twenty go up and come back, ten go up and stay.
    number = frame["customer_id"].str[1:].astype(int)
    frame["good"] = "basic"
    frame.loc[(number < 30) & (frame["origin"] == days[1]), "good"] = "gold"
    frame.loc[(number < 10) & (frame["origin"] == days[2]), "good"] = "gold"
    found = evidence(tmp_path, frame)["good"]
    assert found["flips"].value == pytest.approx(20 / 200)
    assert found["monthly_moves"].value == pytest.approx((30 + 20) / 400)


def test_too_little_history_gives_a_reason_instead_of_a_number(tmp_path: Path) -> None:
    few = evidence(tmp_path, planted_frame(customers=50))["good"]
    assert {row.value for row in few.values()} == {None}
    assert all(row.note and "Too little history" in row.note.en for row in few.values())
    (tmp_path / "short").mkdir()
    short = evidence(tmp_path / "short", planted_frame(origins=LEAST_ORIGINS - 1))["good"]
    assert {row.value for row in short.values()} == {None}
    assert all(row.note and "历史太短" in row.note.zh for row in short.values())


def test_the_same_panel_gives_the_same_numbers(tmp_path: Path) -> None:
    frame = planted_frame(customers=150)
    (tmp_path / "again").mkdir()
    shuffled = frame.sample(frac=1, random_state=3)
    assert evidence(tmp_path, frame) == evidence(tmp_path / "again", shuffled)


def test_the_policy_may_expect_whatever_is_measured() -> None:
    past = {f"{name}_{days}d" for name in MEASURES for days in (90, 180)} | set(BOUNDS)
    assert past < set(get_args(Measure))


def test_a_scheme_that_cannot_be_replayed_says_so(tmp_path: Path) -> None:
    judged = Judged("good", ORDER, reads_undated(["region"]))
    looked = look(write_panel(tmp_path, planted_frame(150), SCHEMES), [judged])
    assert looked == {}
    rows = [*accuracy(judged, (), weights()), *stability(judged, None, weights())]
    assert {row.note for row in rows} == {judged.reason}
    assert replace(rows[0], note=None) == Row("good", "spearman_90d", horizon_days=90)


def test_what_nobody_supplies_is_as_unknown_as_it_ever_was() -> None:
    policy = load_policy(DBT_PROJECT / "policy")
    reasons = {each.scheme: each.reason for each in judged_schemes(policy, ["declared_intent"])}
    assert reasons["rfm"] is None
    # Through another scheme, and through whom it classifies.
    assert reasons["intent_level"] == reads_undated(["declared_intent"])
    assert reasons["customer_value"] == reads_undated(["declared_intent"])
    assert reasons["age_band"] is None
    born = {each.scheme: each.reason for each in judged_schemes(policy, ["birth_date"])}
    assert (born["age_band"], born["customer_value"]) == (reads_undated(["age_years"]), None)
    sensitive = {scheme.id for _, scheme in policy.schemes() if scheme.sensitive}
    assert not sensitive & reasons.keys()
