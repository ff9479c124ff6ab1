"""What a run left: the totals that it published, and how long dbt took for it."""

import json
from collections.abc import Container
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb


def published_totals(database: Path) -> dict[str, Any]:
    """The totals of a release, as the manifest of a generated company states them."""
    with duckdb.connect(database, read_only=True) as con:
        row = con.execute(
            "select count(*), sum(order_count)::bigint, sum(gross_amount)::varchar,"
            " sum(refund_amount)::varchar, sum(net_amount)::varchar from customer_facts"
        ).fetchone()
    names = ("customers", "purchases", "gross_amount", "refund_amount", "net_amount")
    return dict(zip(names, row or (), strict=True))


def model_seconds(run_results: Path, models: Container[str] | None = None) -> float:
    """How long at least one model (of these) was being built, by dbt's own account."""
    spans = sorted(
        (datetime.fromisoformat(phase["started_at"]), datetime.fromisoformat(phase["completed_at"]))
        for result in json.loads(run_results.read_text("utf-8"))["results"]
        for phase in result["timing"]
        if result["unique_id"].startswith("model.")
        and phase["name"] == "execute"
        and (models is None or result["unique_id"].rpartition(".")[2] in models)
    )
    seconds, until = 0.0, spans[0][0]
    for start, end in spans:
        seconds += max((end - max(start, until)).total_seconds(), 0)
        until = max(until, end)
    return seconds
