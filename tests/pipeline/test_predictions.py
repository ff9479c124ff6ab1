"""What an evaluation forecasts stands in the facts of that day and later ones, and in classes."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from purchase_maker import DAY, predictable
from small_company import FIRST_DAY, SmallCompany
from staged_company import StagedCompany

from orchestration.evaluation.command import predict_customers
from orchestration.evaluation.panel import replayed
from orchestration.history import evaluations, keep_evaluation
from orchestration.policy import load_policy
from orchestration.prediction import THEME, origins_needed
from orchestration.prediction.predicting import COLUMNS
from orchestration.progress import Silent
from orchestration.settings import DBT_PROJECT
from orchestration.sources.source_file import load_source_file

pytestmark = pytest.mark.slow
LATER = DAY + timedelta(3)
PREDICTED = (
    "select predicted_on, predicted_net_amount_365d, predicted_net_amount_365d_low,"
    " predicted_net_amount_365d_high, churn_probability from facts.customer_facts"
)
Row = tuple[object, ...]


def with_predictions(folder: Path, *others: str) -> Path:
    """The bundled policy, with the theme of forecasts switched on, first in the chain."""
    policy = shutil.copytree(DBT_PROJECT / "policy", folder)
    (policy / "themes.txt").write_text("\n".join([THEME, *others]), "utf-8")
    return policy


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """A company three days after its evaluation: one came anew, and two turned out to be one."""
    folder = tmp_path_factory.mktemp("predictions")
    (folder / "made").mkdir()
    made = StagedCompany(folder / "made")
    made.settings = replace(made.settings, policy_dir=with_predictions(folder / "policy"))
    bought = predictable(seed=7, count=700).purchases.query("day <= @DAY")
    rows = [
        (f"o{number}", str(row.customer_id), f"{row.day:%Y-%m-%d}", f"{row.amount:.2f}")
        for number, row in enumerate(bought.itertuples())
    ]
    columns = ("order_id", "customer_id", "ordered_at", "amount")
    made.load("orders", columns, *rows)
    made.stage(DAY, "customers")
    policy = load_policy(made.settings.policy_dir)
    source = load_source_file(made.folder / "sources.yml")
    needed = origins_needed(DAY)
    with replayed(made.settings, source, policy, DAY, (), Silent(), needed) as panel:
        keep_evaluation(made.settings.history, DAY, predict_customers(panel, policy, Silent()))
    made.load("orders", columns, ("new", "anew", f"{LATER}", "12.00"))
    merge = ("customer_id", "into_customer_id", "approved_by", "approved_at")
    made.load("customer_merges", merge, ("c00000", "c00001", "somebody", f"{LATER}"))
    made.stage(LATER, "customer_classes")
    return made


def test_whoever_had_bought_by_the_day_is_forecast(later: StagedCompany) -> None:
    rows = later.query(f"{PREDICTED} where customer_id <> 'anew'")
    assert len(rows) == 699
    for predicted_on, net, low, high, churn in rows:
        assert predicted_on == DAY
        assert low <= net <= high
        assert Decimal(0) <= churn <= 1


def test_who_came_later_has_no_forecast_and_no_class_of_one(later: StagedCompany) -> None:
    assert later.query(f"{PREDICTED} where customer_id = 'anew'") == [(None,) * 5]
    assert later.query(
        "select predicted_value, churn_risk from classification.customer_classes"
        " where customer_id = 'anew'"
    ) == [("unclassified", "unclassified")]


def test_of_two_who_turn_out_to_be_one_the_survivor_keeps_its_own(later: StagedCompany) -> None:
    (kept,) = evaluations(later.settings.history, until=LATER)
    forecast = later.query(
        "select predicted_net_amount_365d from read_parquet(?) where customer_id = 'c00001'",
        str(kept.path / "predictions.parquet"),
    )
    assert forecast == later.query(
        "select predicted_net_amount_365d from facts.customer_facts where customer_id = 'c00001'"
    )
    assert later.query("from facts.customer_facts where customer_id = 'c00000'") == []


def test_the_classes_are_what_the_policy_says_of_the_forecasts(later: StagedCompany) -> None:
    classed = later.query(
        "select churn_risk, min(churn_probability), max(churn_probability)"
        " from classification.customer_classes join facts.customer_facts using (customer_id)"
        " where churn_probability is not null group by churn_risk"
    )
    bounds = {"high": (0.67, 1), "mid": (0.33, 0.67), "low": (0, 0.33)}
    assert {code for code, _, _ in classed} == set(bounds)
    for code, least, most in classed:
        assert bounds[code][0] <= least <= most <= bounds[code][1]
    ranked = later.query(
        "select predicted_net_amount_365d, predicted_value"
        " from classification.customer_classes join facts.customer_facts using (customer_id)"
        " where predicted_net_amount_365d is not null order by 1 desc"
    )
    assert {code for _, code in ranked[:135]} == {"high"}
    assert {code for _, code in ranked[145:345]} == {"mid"}
    assert {code for _, code in ranked[355:]} == {"low"}


def kept_files(folder: Path, rows: Sequence[Row]) -> dict[str, Path]:
    files = {name: folder / f"{name}.parquet" for name in ("predictions", "model_card")}
    with duckdb.connect() as con:
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        con.execute(f"create table predictions ({columns})")
        if rows:
            con.executemany("insert into predictions values (?, ?, ?, ?, ?, ?, ?)", rows)
        con.execute(f"copy predictions to '{files['predictions']}'")
    card = {"language": ["en", "zh"], "text": ["What it knows.", "它知道什么。"]}
    pq.write_table(pa.table(card), files["model_card"])
    return files


def test_a_release_has_the_forecasts_and_their_card(
    first_run: SmallCompany, tmp_path: Path
) -> None:
    company = first_run.copy(tmp_path / "company")
    policy = with_predictions(tmp_path / "policy", "experience", "intent", "behaviour", "lifecycle")
    settings = replace(company.settings, policy_dir=policy)
    forecast = ("c01", FIRST_DAY, Decimal("250.5"), Decimal(0), Decimal(900), Decimal("0.4"), "m")
    keep_evaluation(settings.history, FIRST_DAY, kept_files(tmp_path, [forecast]))
    keep_evaluation(settings.history, date(2030, 1, 1), kept_files(tmp_path, []))
    release = SmallCompany(company.folder, settings).run().release
    assert release is not None
    text = (release.path / "model_card.md").read_text("utf-8")
    assert text == "What it knows.\n它知道什么。"
    assert "model_card.md" in (release.path / "manifest.json").read_text("utf-8")
    with duckdb.connect(release.database, read_only=True) as con:
        known = con.execute(
            "select customer_id, predicted_net_amount_365d, churn_probability"
            " from customer_facts where predicted_on is not null"
        ).fetchall()
        classed = con.execute(
            "select churn_risk from customer_classes where customer_id = 'c01'"
        ).fetchall()
    assert (known, classed) == ([("c01", Decimal("250.5"), Decimal("0.4"))], [("mid",)])
