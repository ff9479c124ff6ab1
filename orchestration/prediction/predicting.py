"""The forecasts of a day, as a file that history keeps: only what beat the plain forecasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.duckdb_files import write_ordered_parquet
from orchestration.inputs.decided import EVALUATION_COLUMNS
from orchestration.prediction.assessment import Assessment
from orchestration.prediction.choosing import LEARNT, fitting
from orchestration.prediction.customers import Floats, closed_origins, read_customers
from orchestration.prediction.intervals import spread_of

# What history keeps: what the daily run reads, and which models it came from.
COLUMNS = {**EVALUATION_COLUMNS["predictions"], "model": "varchar"}
# Customers are forecast in parts, by the first digit of the hash of their ids.
PARTS = "0123456789abcdef"


def write_predictions(
    panel: duckdb.DuckDBPyConnection,
    day: date,
    facts: Mapping[str, str],
    assessment: Assessment | None,
    file: Path,
) -> int:
    """Forecast everybody who has bought by `day`, the last origin of a panel; returns how many.

    Models are fitted once more, to every origin whose window is over by then. Without a model that
    is better than the plain forecasts the file has no row.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    panel.execute(f"create or replace temp table predictions ({columns})")
    chosen = {
        target: verdict.model
        for target, verdict in (assessment.verdicts if assessment else {}).items()
        if verdict.is_better
    }
    if assessment and chosen:
        for part in _forecast(panel, day, facts, assessment.horizon, chosen):
            panel.register("part", part)
            panel.execute("insert into predictions select * from part")
            panel.unregister("part")
    return write_ordered_parquet(panel, "from predictions", "customer_id", file)


def _forecast(
    panel: duckdb.DuckDBPyConnection,
    day: date,
    facts: Mapping[str, str],
    horizon: int,
    chosen: Mapping[str, str],
) -> Iterator[pa.Table]:
    past = read_customers(panel, closed_origins(panel, horizon), horizon, facts, most=LEARNT)
    some = read_customers(panel, [day], horizon, facts, most=LEARNT)
    models = {name: fitting(name, horizon)(past, some) for name in sorted(set(chosen.values()))}
    spread = spread_of(fitting(chosen["net"], horizon), past) if "net" in chosen else None
    for part in PARTS:
        now = read_customers(panel, [day], horizon, facts, part=part)
        if not len(now):
            continue
        forecasts = {target: models[name].forecast(now) for target, name in chosen.items()}
        net = forecasts["net"].net if "net" in chosen else None
        low, high = spread.around(net) if spread and net is not None else (None, None)
        churn = 1 - forecasts["buys"].buys if "buys" in chosen else None
        yield pa.table(
            [
                pa.array(now.ids, pa.string()),
                pa.array([day] * len(now), pa.date32()),
                *(_numbers(each, len(now)) for each in (net, low, high, churn)),
                pa.array([", ".join(models)] * len(now), pa.string()),
            ],
            names=list(COLUMNS),
        )


def _numbers(values: Floats | None, count: int) -> pa.Array:
    return pa.nulls(count, pa.float64()) if values is None else pa.array(values)
