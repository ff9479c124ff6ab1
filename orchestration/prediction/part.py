"""The part of an evaluation that forecasts: predictions and their model card, as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.evaluation.panel import Panel
from orchestration.manifest import read_manifest
from orchestration.prediction import CARD_FILE, HORIZON, PREDICTIONS_FILE
from orchestration.prediction.assessment import Assessment, CannotTell
from orchestration.prediction.card import model_card
from orchestration.prediction.choosing import assess
from orchestration.prediction.customers import dated_facts
from orchestration.prediction.predicting import write_predictions
from orchestration.progress import Progress


def predict(panel: Panel, progress: Progress) -> Mapping[str, Path]:
    """Forecast the customers of the panel's day, if a model is better than plain forecasts.

    Both files are there in any case: without a better model nobody is in the first, and the second
    says why.
    """
    facts, smallest = dated_facts(read_manifest(panel.home)), panel.home.smallest_group
    names = (PREDICTIONS_FILE, CARD_FILE)
    files = {name: panel.home.home / f"{name}.parquet" for name in names}
    with panel.opened() as con:
        progress.say("evaluation: testing forecasts on a day of the past")
        outcome = _assessed(con, facts, smallest)
        assessment = None if isinstance(outcome, CannotTell) else outcome
        rows = write_predictions(con, panel.day, facts, assessment, files[PREDICTIONS_FILE])
    progress.say(f"evaluation: {rows:,} customers forecast")
    card = model_card(
        outcome,
        day=panel.day,
        horizon=HORIZON,
        currency=_currency(panel),
        smallest_group=smallest,
    )
    pq.write_table(
        pa.table({"language": list(card), "text": list(card.values())}), files[CARD_FILE]
    )
    return files


def _assessed(
    con: duckdb.DuckDBPyConnection, facts: Mapping[str, str], smallest_group: int
) -> Assessment | CannotTell:
    try:
        return assess(con, HORIZON, facts, smallest_group)
    except CannotTell as missing:
        return missing


def _currency(panel: Panel) -> str:
    with duckdb.connect(panel.home.warehouse, read_only=True) as con:
        (found,) = con.execute("select base_currency from landing.run_parameters").fetchone() or (
            "",
        )
    return str(found)
