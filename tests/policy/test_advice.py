"""Which one number is advised to be changed: a planted better cut, and never one by chance."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from planted_panel import SPEND, planted_frame, write_panel
from policy_project import PolicyProject

from orchestration.evaluation.advice import advise, split
from orchestration.evaluation.advice_rows import Advice
from orchestration.evaluation.bands import Bands
from orchestration.evaluation.changes import Numbers, numbers_of, value_sql
from orchestration.evaluation.gathering import name_codes
from orchestration.evaluation.judged import judged_schemes
from orchestration.evaluation.judging import judge_schemes
from orchestration.evaluation.known import Origin
from orchestration.evaluation.panel import Panel
from orchestration.evaluation.trying import Trying, kept_numbers
from orchestration.evaluation.walking import walk
from orchestration.policy import Policy
from orchestration.policy.grades import Graded
from orchestration.progress import Silent

LADDER = """
- id: tier
  kind: ladder
  label: {{en: Tier, zh: 等级}}
  by: {SPEND}
  classes:
  - {{code: gold, en: Gold, zh: 金, {bound}}}
  - {{code: basic, en: Basic, zh: 普通}}
"""
SCORE = """
- id: tier
  kind: score
  label: {{en: Tier, zh: 等级}}
  dimensions:
    f: {{by: order_count_365d, weight: {f}}}
    m: {{by: {SPEND}, weight: {m}}}
  classes:
  - {{code: gold, en: Gold, zh: 金, top: 30%}}
  - {{code: basic, en: Basic, zh: 普通}}
"""


def policy_of(folder: Path, schemes: str) -> Policy:
    project = PolicyProject(folder)
    indented = "".join(f"  {line}\n" for line in schemes.strip().splitlines())
    project.write("value", f"schemes:\n{indented}")
    return project.load()


def ladder(folder: Path, bound: str) -> Policy:
    return policy_of(folder, LADDER.format(SPEND=SPEND, bound=bound))


def frame_of(worth: str = "good", customers: int = 600) -> pd.DataFrame:
    """Customers whose spend tells what they buy next, or nothing of it."""
    frame = planted_frame(customers)
    dice = np.random.default_rng(5)
    if worth == "good":
        frame[SPEND] = np.round(frame["amount_90"] * 10 + dice.uniform(1, 900, len(frame)), 2)
    else:
        frame[SPEND] = np.round(dice.uniform(1, 900, len(frame)), 2)
    frame["tier"] = np.where(frame[SPEND].rank(pct=True) > 0.95, "gold", "basic")
    return frame


def advice(home: Path, policy: Policy, frame: pd.DataFrame, *columns: str) -> Advice:
    panel = write_panel(home, frame, ["tier", *columns])
    trying = Trying(policy, judged_schemes(policy, ()), kept_numbers(panel))
    walk(panel, [trying], Silent())
    (found,) = advise(trying)
    return found


@pytest.mark.parametrize("bound", ["top: 3%", "at_least: 4000"])
def test_a_planted_bad_cut_is_advised_towards_the_middle(tmp_path: Path, bound: str) -> None:
    frame = frame_of()
    found = advice(tmp_path, ladder(tmp_path / "policy", bound), frame)
    assert found.change
    assert found.change.place == f"classes[0].{bound.split(':')[0]}"
    assert found.change.from_value == bound.split(": ")[1]
    to = Decimal(found.change.to_value.rstrip("%"))
    reached = to if "top" in bound else Decimal((frame[SPEND] >= float(to)).mean() * 100)
    assert 15 <= reached <= 70
    assert found.margin
    assert found.margin.low > 0.01
    assert found.now is not None
    assert found.then == pytest.approx(found.now + found.margin.value)
    assert f"instead of {found.change.from_value}" in found.note.en
    # What chose it was over before the first day that confirms it.
    assert len(found.confirmed_on) in {2, 3}
    assert max(found.confirmed_on) == max(frame["origin"])


def test_nothing_is_advised_of_what_tells_nothing_or_is_at_its_best(tmp_path: Path) -> None:
    policy = ladder(tmp_path / "policy", "top: 3%")
    by_chance = advice(tmp_path, policy, frame_of("chance"))
    assert (by_chance.change, by_chance.now is None) == (None, False)
    assert by_chance.note.en.startswith("No change of one number would be better for sure")
    frame = frame_of()
    best = advice(tmp_path / "policy", policy, frame).change
    assert best
    settled = ladder(tmp_path / "settled", f"top: {best.to_value}")
    assert advice(tmp_path / "settled", settled, frame).change is None


def test_a_share_that_the_policy_asks_for_is_kept(tmp_path: Path) -> None:
    policy = ladder(tmp_path / "policy", "top: 3%, share: [1%, 9%]")
    found = advice(tmp_path, policy, frame_of()).change
    assert found is None or Decimal(found.to_value.rstrip("%")) < 9


def test_too_short_a_past_says_so(tmp_path: Path) -> None:
    frame = frame_of()
    first, second = sorted(set(frame["origin"]))[:2]
    policy = ladder(tmp_path / "policy", "top: 3%")
    short = advice(tmp_path, policy, frame[frame["origin"] <= second])
    assert "can be judged on: 0; needed: 2" in short.note.en
    few = frame[frame["customer_id"].isin([f"c{n}" for n in range(50)])]
    assert "Too little history" in advice(tmp_path / "policy", policy, few).note.en
    assert split([first, second]) == ([], [])


def test_what_chose_was_over_when_it_is_confirmed() -> None:
    ends = pd.date_range("2024-01-31", periods=6, freq="ME").date.tolist()
    choosing, confirming = split(ends)
    assert (choosing, confirming) == ([date(2024, 1, 31)], ends[3:])
    assert split(ends[1:])[1] == ends[4:]


def scored(dice: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Scores of which the frequency follows what comes next, and the amount nothing."""
    after = frame["amount_90"].rank(pct=True) + dice.normal(0, 0.2, len(frame))
    frame["tier_f"] = np.ceil(after.rank(pct=True) * 5).astype(int)
    frame["tier_m"] = dice.integers(1, 6, len(frame))
    frame.loc[dice.random(len(frame)) < 0.1, "tier_m"] = None
    frame["tier_m"] = frame["tier_m"].astype("Int64")
    return frame


def test_the_weight_of_a_dimension_that_tells_more_is_raised(tmp_path: Path) -> None:
    frame = scored(np.random.default_rng(1), frame_of())
    policy = policy_of(tmp_path / "policy", SCORE.format(SPEND=SPEND, f=1, m=1))
    found = advice(tmp_path, policy, frame, "tier_f", "tier_m").change
    assert found
    assert (found.place, found.from_value, found.to_value) in {
        ("dimensions.f.weight", "1", "2"),
        ("dimensions.m.weight", "1", "0.5"),
    }


@pytest.mark.parametrize("missing", ["reweigh", "none"])
def test_a_score_is_weighed_as_the_policy_says(tmp_path: Path, missing: str) -> None:
    text = SCORE.format(SPEND=SPEND, f=0.25, m=0.6) + f"  missing: {missing}\n"
    ((_, scheme),) = policy_of(tmp_path, text).schemes()
    assert isinstance(scheme, Graded)
    values = "values (4, 5), (2, null), (null, null)"
    with duckdb.connect() as con:
        found = con.execute(
            f"select {value_sql(scheme, numbers_of(scheme).weights)}"
            f' from ({values}) as t("tier_f number", "tier_m number")'
        ).fetchall()
    alone = Decimal(2) if missing == "reweigh" else None
    # (0.25 * 4 + 0.6 * 5) / 0.85
    assert found == [(Decimal("4.70588235"),), (alone,), (None,)]


def test_the_file_has_a_row_per_ladder_and_score_and_names_nobody(tmp_path: Path) -> None:
    policy = ladder(tmp_path / "policy", "top: 3%")
    panel = write_panel(tmp_path, frame_of(), ["tier"])
    with_hash(panel)
    first = pq.read_table(judge_schemes(panel, policy, Silent())["scheme_advice"])
    again = pq.read_table(judge_schemes(panel, policy, Silent())["scheme_advice"])
    assert first == again
    (row,) = first.to_pylist()
    assert (row["scheme"], row["conditions_hash"], row["place"]) == (
        "tier",
        "abc",
        "classes[0].top",
    )
    assert (row["measure"], row["horizon_days"], row["customer_count"]) == ("spearman_90d", 90, 600)
    assert row["low"] <= row["margin"] <= row["high"]
    assert "customer_id" not in row


def with_hash(panel: Panel) -> None:
    with duckdb.connect(panel.file) as con:
        con.execute("insert into schemes values ('tier', 'abc')")


@pytest.mark.parametrize("seed", range(4))
def test_merged_bands_are_the_classes_that_the_policy_would_give(tmp_path: Path, seed: int) -> None:
    dice = np.random.default_rng(seed)
    frame = planted_frame(300, seed, 2)
    # Ties, at which a share takes in all of them; and some without a number.
    frame[SPEND] = frame[SPEND].round(-2).mask(dice.random(len(frame)) < 0.05)
    frame["tier"] = frame[SPEND].map(lambda value: None if pd.isna(value) else "basic")
    ((_, scheme),) = ladder(tmp_path / "policy", "top: 3%").schemes()
    assert isinstance(scheme, Graded)
    panel = write_panel(tmp_path, frame, ["tier"])
    vectors = [
        replace(
            numbers_of(scheme),
            classes=(
                (("top", Decimal(int(dice.integers(1, 40))) / 100), ("at_least", Decimal(100))),
                (("at_least", Decimal(int(dice.integers(0, 9)) * 50)),),
                (),
            ),
        )
        for _ in range(20)
    ]
    value = value_sql(scheme, ())
    origin = panel.origins[0]
    with panel.opened() as con:
        name_codes(con, ["tier"])
        known = Origin(con, origin, (), ["tier"], (90,), [SPEND])
        known.rank("tier")
        bands = Bands.of(known, value, [cut for each in vectors for cut in each.cuts])
        group = frame[(frame["origin"] == origin) & frame["tier"].notna()]
        for vector in vectors:
            found = bands.classed(vector)
            places = anew(group[SPEND], vector)
            for position in range(3):
                chosen = group[places == position]
                assert found.customers[position].sum() == len(chosen)
                assert found.active[90][position].sum() == (chosen["orders_90"] > 0).sum()
                amount = sum(map(Decimal, chosen["amount_90"].astype(str)), Decimal(0))
                assert found.amounts[90][position].sum() == int(amount * 10_000)


def anew(values: pd.Series, numbers: Numbers) -> pd.Series:
    """The class of each customer, computed from all values as the law of `top` says."""
    above = np.array([(values > value).sum() for value in values])
    fits = []
    for cuts in numbers.classes:
        each = np.ones(len(values), bool)
        for key, bound in cuts:
            # Exact: a share of so few is a whole number of hundredths.
            taken = 100 * above < int(100 * bound) * len(values)
            each &= taken if key == "top" else values.to_numpy() >= float(bound)
        fits.append(each)
    return pd.Series(np.argmax(np.stack(fits), axis=0), index=values.index)
