"""An evaluation looks for segments among the customers of its day, and knows those of before."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from segment_maker import KINDS, Columns, customers, noise

from orchestration.evaluation.command import segment_customers
from orchestration.evaluation.panel import Panel
from orchestration.history import keep_evaluation, newest_evaluation
from orchestration.policy import Policy
from orchestration.progress import Silent
from orchestration.segmentation.features import FEATURES
from orchestration.segmentation.part import find_segments
from orchestration.settings import Settings

SPRING, SUMMER, AUTUMN = date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30)


def panel_of(home: Path, day: date, columns: Columns) -> Panel:
    """A panel whose facts of the day are these; those of the day before are others."""
    panel = Panel(day, (), Settings(home=home / f"{day}"), home / "history")
    panel.file.parent.mkdir()
    facts = pd.DataFrame(columns).assign(
        order_count=5, is_opted_out=False, refund_amount_365d=0.0, gross_amount_365d=100.0
    )
    facts.insert(0, "customer_id", [f"c{number}" for number in range(len(facts))])
    for feature in FEATURES:
        if feature.name == feature.made_of and feature.name not in facts:
            facts[feature.name] = np.nan
    with duckdb.connect(panel.file) as con:
        con.register("facts_of_the_day", facts)
        con.execute(
            f"create table facts as select date '{day}' as origin, * from facts_of_the_day"
            " union all select date '2020-01-01', * replace (0 as order_count_365d)"
            " from facts_of_the_day"
        )
    return panel


def found(panel: Panel) -> dict[str, list[dict[str, object]]]:
    """What is found, and kept."""
    files = find_segments(panel, Silent())
    keep_evaluation(panel.history, panel.day, files)
    return {name: pq.read_table(file).to_pylist() for name, file in files.items()}


def test_segments_go_on_end_and_are_never_mixed_up(tmp_path: Path) -> None:
    spring = found(panel_of(tmp_path, SPRING, customers()))
    codes = {row["segment_code"] for row in spring["segments"]}
    assert len(codes) == 3
    assert {row["fate"] for row in spring["segment_mapping"]} == {"new"}

    others = {**KINDS, "gone": (3.0, 6000.0, 15.0, 0.0)}
    summer = found(panel_of(tmp_path, SUMMER, customers(1, kinds=others)))
    (ended,) = (row for row in summer["segment_mapping"] if row["fate"] == "ended")
    (new,) = (row for row in summer["segment_mapping"] if row["fate"] == "new")
    assert new["segment_code"] not in codes
    assert sum(row["fate"] == "kept" for row in summer["segment_mapping"]) == 2

    autumn = found(panel_of(tmp_path, AUTUMN, customers(2)))
    back = {row["segment_code"] for row in autumn["segments"]}
    assert ended["previous_code"] not in back
    assert {
        row["previous_code"] for row in autumn["segment_mapping"] if row["fate"] == "ended"
    } == {
        ended["previous_code"],
        new["segment_code"],
    }


def test_where_nothing_is_stable_those_of_before_stay_and_the_evidence_is_new(
    tmp_path: Path,
) -> None:
    found(panel_of(tmp_path, SPRING, customers()))
    noisy = found(panel_of(tmp_path, SUMMER, noise()))
    assert set(noisy) == {"segment_evidence"}
    assert noisy["segment_evidence"][0]["told_en"] == (
        "Nothing new is published: drawn anew, the segments do not come back."
    )
    kept = newest_evaluation(tmp_path / "history", "segments", until=SUMMER)
    told = newest_evaluation(tmp_path / "history", "segment_evidence", until=SUMMER)
    assert (kept and kept.as_of, told and told.as_of) == (SPRING, SUMMER)


def test_nobody_looks_for_segments_while_no_theme_shows_them(tmp_path: Path) -> None:
    panel = Panel(SPRING, (), Settings(home=tmp_path), tmp_path / "history")
    assert segment_customers(panel, Policy({}, ("value",), ""), Silent()) == {}


@pytest.mark.parametrize("said", [True, False])
def test_who_opted_out_is_not_looked_at(tmp_path: Path, said: bool) -> None:
    panel = panel_of(tmp_path, SPRING, customers())
    with duckdb.connect(panel.file) as con:
        con.execute("update facts set is_opted_out = ? where customer_id < 'c2'", [said])
        ((silent,),) = con.execute(
            "select count(*) from facts where not is_opted_out and origin = ?", [SPRING]
        ).fetchall()
    rows = {row["measure"]: row["value"] for row in found(panel)["segment_evidence"]}
    assert rows["customers"] == silent
