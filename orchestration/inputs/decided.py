"""The schema history of the warehouse: what the days before this one decided, and ordered."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import rows_of_parquet
from orchestration.history import (
    CalibrationOrder,
    Commit,
    damaged_commit,
    damaged_evaluation,
    newest_evaluation,
)
from orchestration.inputs.rows import first_unreadable, write_rows

HISTORY_COLUMNS = {
    "classes": {"customer_id": "varchar", "as_of_date": "date"},
    "cuts": {
        "scheme": "varchar",
        "dimension": "varchar",
        "band": "varchar",
        "bound": "decimal(28, 8)",
        "population": "bigint",
        "reached": "bigint",
        "period": "date",
        "computed_on": "date",
        "reason": "varchar",
        "conditions_hash": "varchar",
    },
    "changes": {
        "customer_id": "varchar",
        "as_of_date": "date",
        "scheme": "varchar",
        "from_class": "varchar",
        "to_class": "varchar",
        "cause": "varchar",
        "is_expected": "boolean",
    },
    "scheme_versions": {
        "scheme": "varchar",
        "as_of_date": "date",
        "conditions_hash": "varchar",
        "state_hash": "varchar",
        "fitted_on": "date",
    },
}


# Per file that evaluations keep, its columns; `history.<name>` shows the newest file.
EVALUATION_COLUMNS: Mapping[str, Mapping[str, str]] = {
    # Forecasts that are no better than plain ones are NULL.
    "predictions": {
        "customer_id": "varchar",
        "predicted_on": "date",
        "predicted_net_amount_365d": "decimal(18, 4)",
        "predicted_net_amount_365d_low": "decimal(18, 4)",
        "predicted_net_amount_365d_high": "decimal(18, 4)",
        "churn_probability": "decimal(28, 8)",
    },
    "scheme_evaluation": {
        "scheme": "varchar",
        "conditions_hash": "varchar",
        "measure": "varchar",
        "horizon_days": "bigint",
        "value": "decimal(18, 6)",
        "low": "decimal(18, 6)",
        "high": "decimal(18, 6)",
        "spend_baseline": "decimal(18, 6)",
        "last_class_baseline": "decimal(18, 6)",
        "random_baseline": "decimal(18, 6)",
        "origin_count": "bigint",
        "customer_count": "bigint",
        "group_customers": "bigint",
        "first_origin": "date",
        "last_origin": "date",
        "evaluated_on": "date",
        "finding": "varchar",
        "note_en": "varchar",
        "note_zh": "varchar",
    },
    "segments": {
        "segment_code": "varchar",
        "position": "bigint",
        "label_en": "varchar",
        "label_zh": "varchar",
        "rule_en": "varchar",
        "rule_zh": "varchar",
        "condition": "varchar",
        "feature": "varchar",
        "low": "decimal(28, 8)",
        "high": "decimal(28, 8)",
        "takes_unknown": "boolean",
        "share": "decimal(9, 6)",
        "overlap": "decimal(9, 6)",
        "fitted_on": "date",
    },
    "segment_mapping": {
        "previous_code": "varchar",
        "segment_code": "varchar",
        "fate": "varchar",
        "overlap": "decimal(9, 6)",
        "fitted_on": "date",
    },
    "segment_evidence": {
        "measure": "varchar",
        "value": "decimal(18, 6)",
        "least": "decimal(18, 6)",
        "told_en": "varchar",
        "told_zh": "varchar",
        "fitted_on": "date",
    },
}


def write_history_view(
    warehouse: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    commits: Sequence[Commit],
) -> None:
    """One view over the files of the committed days; a column that no day has yet is NULL.

    Raises HistoryError for a day that cannot be read.
    """
    files = [commit.path / f"{name}.parquet" for commit in commits]
    if unreadable := first_unreadable(warehouse, files):
        raise damaged_commit(unreadable[0].parent, unreadable[1])
    _write_view(warehouse, name, columns, files)


def write_evaluation_views(
    warehouse: duckdb.DuckDBPyConnection, history: Path, *, until: date
) -> None:
    """One view over the newest file of each name; without one it is empty. Raises HistoryError."""
    for name, columns in EVALUATION_COLUMNS.items():
        files = evaluation_files(history, name, until=until)
        if unreadable := first_unreadable(warehouse, files):
            raise damaged_evaluation(unreadable[0].parent, unreadable[1])
        _write_view(warehouse, name, columns, files)


def evaluation_files(history: Path, name: str, *, until: date) -> list[Path]:
    """The newest file of a name as a list, empty when there is none. Raises HistoryError."""
    newest = newest_evaluation(history, name, until=until)
    return [newest.path / f"{name}.parquet"] if newest else []


def _write_view(
    warehouse: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    files: Sequence[Path],
) -> None:
    present: set[str] = set()
    reader = ""
    if files:
        reader = f"from {rows_of_parquet(files)}"
        present = {row[0] for row in warehouse.execute(f"describe select * {reader}").fetchall()}
    chosen = ", ".join(
        f"cast({f'{chr(34)}{column}{chr(34)}' if column in present else 'null'} as {kind})"
        f' as "{column}"'
        for column, kind in columns.items()
    )
    warehouse.execute(
        f"create or replace view history.{name} as select {chosen} {reader or 'where false'}"
    )


def write_orders(warehouse: duckdb.DuckDBPyConnection, orders: Sequence[CalibrationOrder]) -> None:
    """`history.calibrations`: a row per order and scheme; NULL is every scheme."""
    each = [(order, scheme) for order in orders for scheme in order.schemes or (None,)]
    write_rows(
        warehouse,
        "history.calibrations",
        "sequence bigint, as_of_date date, scheme varchar, reason varchar",
        [
            (sequence, order.as_of, scheme, order.reason)
            for sequence, (order, scheme) in enumerate(each, start=1)
        ],
    )
