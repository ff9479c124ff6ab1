"""A model is published only where the past tells more of the future than a plain forecast."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from purchase_maker import DAY, FACTS, ORIGINS, YEAR, Company, predictable, unpredictable

from orchestration.prediction.assessment import Assessment, CannotTell, told
from orchestration.prediction.card import model_card
from orchestration.prediction.choosing import assess
from orchestration.prediction.intervals import Spread
from orchestration.prediction.judging import Band, saved
from orchestration.prediction.predicting import write_predictions

Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def steady() -> Iterator[tuple[duckdb.DuckDBPyConnection, Assessment]]:
    with predictable(seed=7).panel() as panel:
        yield panel, assess(panel, YEAR, FACTS, smallest_group=5)


def predictions(
    company: Company, file: Path, threads: int, shuffled: bool
) -> tuple[bytes, list[Row]]:
    with company.panel(threads=threads, shuffled=shuffled) as opened:
        assessment = assess(opened, YEAR, FACTS, smallest_group=5)
        write_predictions(opened, DAY, FACTS, assessment, file)
        return file.read_bytes(), opened.execute("from read_parquet(?)", [str(file)]).fetchall()


def test_where_the_future_follows_the_past_a_model_beats_every_plain_forecast(
    steady: tuple[duckdb.DuckDBPyConnection, Assessment],
) -> None:
    _, assessment = steady
    assert (assessment.learnt, assessment.tested) == ([ORIGINS[0]], ORIGINS[1])
    for verdict in assessment.verdicts.values():
        assert set(verdict.margins) == {"everyone", "own_class", "last_time"}
        assert verdict.is_better
        assert min(margin.low for margin in verdict.margins.values()) > 0
        best = min(verdict.scores, key=lambda name: verdict.scores[name].error)
        assert best == verdict.model


def test_the_bounds_of_an_amount_hold_on_the_later_day_as_often_as_they_say(
    steady: tuple[duckdb.DuckDBPyConnection, Assessment],
) -> None:
    """More often where many bring nothing: who is at the lower bound is not below it."""
    assert 0.78 <= steady[1].covered.value <= 0.93


def test_the_bounds_leave_out_one_in_ten_on_each_side() -> None:
    generator = np.random.default_rng(4)
    forecast = generator.gamma(2, 50, 8000)
    actual = forecast * generator.gamma(3, 1 / 3, 8000)
    low, high = Spread.of(actual[::2], forecast[::2]).around(forecast[1::2])
    assert (actual[1::2] < low).mean() == pytest.approx(0.1, abs=0.015)
    assert (actual[1::2] > high).mean() == pytest.approx(0.1, abs=0.015)


def test_a_forecast_is_right_on_average_in_each_band(
    steady: tuple[duckdb.DuckDBPyConnection, Assessment],
) -> None:
    verdict = steady[1].verdicts["buys"]
    assert sum(band.customers for band in verdict.bands) == steady[1].customers
    for band in verdict.bands:
        assert band.forecast == pytest.approx(band.actual, abs=0.15)


@pytest.mark.parametrize("seed", [1, 2])
def test_where_the_future_is_chance_nothing_is_published(seed: int, tmp_path: Path) -> None:
    with unpredictable(seed).panel() as panel:
        assessment = assess(panel, YEAR, FACTS, smallest_group=5)
        written = write_predictions(panel, DAY, FACTS, assessment, tmp_path / "none.parquet")
    assert [verdict.is_better for verdict in assessment.verdicts.values()] == [False, False]
    assert written == 0


def test_neither_threads_nor_the_order_of_rows_change_a_prediction(tmp_path: Path) -> None:
    company = predictable(seed=7, count=700)
    first, rows = predictions(company, tmp_path / "one.parquet", threads=1, shuffled=False)
    second, _ = predictions(company, tmp_path / "two.parquet", threads=3, shuffled=True)
    assert first == second
    known = company.purchases.query("day <= @DAY")["customer_id"]
    assert [row[0] for row in rows] == sorted(known.unique())
    for _, predicted_on, net, low, high, churn, model in rows:
        assert predicted_on == DAY
        assert low <= net <= high
        assert 0 <= churn <= 1
        assert model


def test_what_came_after_the_tested_day_changes_nothing_of_the_forecast_of_it(
    steady: tuple[duckdb.DuckDBPyConnection, Assessment],
) -> None:
    """The forecasts of the tested origin stand in the bands; the future stands in the outcomes."""
    panel, before = steady
    panel.execute("begin")
    panel.execute(f"update facts set net_amount = 0, order_count = 1 where origin = date '{DAY}'")
    after = assess(panel, YEAR, FACTS, smallest_group=5)
    panel.execute("rollback")
    assert after == before


def test_small_groups_are_not_told_of_nor_what_is_missing_to_all(
    steady: tuple[duckdb.DuckDBPyConnection, Assessment],
) -> None:
    assert [group.name for group in steady[1].groups if group.kind == "region"] == ["everywhere"]
    assert steady[1].hidden == 2


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((9, 5, 7), (9, 5, 7)),
        ((9, 4, 7), (9,)),
        ((9, 4, 4, 7), (9, 7)),
        ((9, 1, 1, 7), (9,)),
        ((1,), ()),
    ],
)
def test_hidden_parts_hold_a_smallest_group_together(
    counts: tuple[int, ...], shown: tuple[int, ...]
) -> None:
    parts = [Band(customers, 0.0, 0.0) for customers in counts]
    assert tuple(part.customers for part in told(parts, 5)) == shown


def test_a_model_that_past_days_cannot_tell_is_left_out() -> None:
    """Nobody had come back by the first origin, so that no bounds could be learnt for the model."""
    purchases = predictable(seed=7, count=600).purchases
    early = purchases[purchases["day"] <= ORIGINS[0]].groupby("customer_id").head(1)
    company = Company(pd.concat([early, purchases[purchases["day"] > ORIGINS[0]]]))
    with company.panel() as panel:
        assessment = assess(panel, YEAR, FACTS, smallest_group=5)
    assert assessment.left_out == {"buy_till_you_die": "nobody has bought on two days"}
    assert {each.model for each in assessment.verdicts.values()} == {"gradient_boosting"}


def test_customers_who_were_all_alike_get_no_forecast() -> None:
    day = ORIGINS[0] - timedelta(10)
    rows = [(f"c{number:05}", day, 10.0) for number in range(400)]
    rows += [(customer, day + timedelta(20), 10.0) for customer, *_ in rows[::2]]
    purchases = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    with Company(purchases).panel() as panel:
        panel.execute("update outcomes set is_active = true where hash(customer_id) % 2 = 0")
        assessment = assess(panel, YEAR, FACTS, smallest_group=5)
    assert not any(verdict.is_better for verdict in assessment.verdicts.values())


def test_who_bring_nothing_at_all_are_still_told_whether_they_buy() -> None:
    with predictable(seed=7, count=600).panel() as panel:
        panel.execute("update outcomes set net_amount = 0")
        assessment = assess(panel, YEAR, FACTS, smallest_group=5)
    net, buys = (assessment.verdicts[target] for target in ("net", "buys"))
    assert (net.is_better, buys.is_better) == (False, True)
    card = model_card(assessment, day=DAY, horizon=YEAR, currency="CNY", smallest_group=5)
    assert not any("nan" in text for text in card.values())


def test_one_year_of_purchases_is_too_little_and_says_so() -> None:
    with predictable(seed=7, count=300).panel() as panel:
        panel.execute(f"delete from outcomes where origin = date '{ORIGINS[0]}'")
        with pytest.raises(CannotTell) as missing:
            assess(panel, YEAR, FACTS, smallest_group=5)
    assert (missing.value.code, missing.value.values) == ("too_little_history", {"days": 2 * YEAR})


def test_a_handful_of_customers_is_too_few_and_says_so() -> None:
    with predictable(seed=7, count=60).panel() as panel, pytest.raises(CannotTell) as missing:
        assess(panel, YEAR, FACTS, smallest_group=5)
    assert missing.value.code == "too_few_customers"


def test_the_margin_is_what_a_better_forecast_errs_less() -> None:
    actual = np.random.default_rng(2).normal(size=4000)
    margin = saved(actual, actual * 0.5, np.zeros(4000), 0.95)
    assert margin.value == pytest.approx(0.75)
    worse = saved(actual, actual + 2, actual + 1, 0.95)
    assert (worse.value, worse.low, worse.high) == pytest.approx((-3, -3, -3))
    same = saved(actual, np.zeros(4000), np.zeros(4000), 0.95)
    assert (same.low, same.high) == (0, 0)
