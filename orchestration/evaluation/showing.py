"""An evaluation on a terminal: one line per scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from orchestration.evaluation.rows import MEASURES_FILE

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.evaluation.command import Evaluated

SHOWN = "spearman_90d"


def show_evaluation(console: Console, done: Evaluated) -> None:
    """Print how each scheme does, the best first, and why others could not be judged."""
    from rich.table import Table

    rows = pq.read_table(done.kept.path / f"{MEASURES_FILE}.parquet").to_pylist()
    shown = [row for row in rows if row["measure"] == SHOWN]
    judged = [row for row in shown if row["value"] is not None]
    table = Table("scheme", "rank correlation with the next 90 days", "of last year's spend", "so")
    for row in sorted(judged, key=lambda row: (-row["value"], row["scheme"])):
        interval = f"{row['value']:.3f}  ({row['low']:.3f} to {row['high']:.3f})"
        spend = "–" if row["spend_baseline"] is None else f"{row['spend_baseline']:.3f}"
        table.add_row(row["scheme"], interval, spend, row["finding"])
    if judged:
        console.print(table)
    for note in dict.fromkeys(row["note_en"] for row in shown if row["value"] is None):
        schemes = ", ".join(row["scheme"] for row in shown if row["note_en"] == note)
        console.print(f"{schemes}: {note}", highlight=False)
    console.print(
        f"Judged on {', '.join(map(str, done.origins))}. The next run publishes all of it as "
        "scheme_evaluation; docs/EVALUATION.md says how to read it.",
        highlight=False,
    )
