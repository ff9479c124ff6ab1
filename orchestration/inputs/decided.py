"""The schema history of the warehouse: what the days before this one decided, and ordered."""

from collections.abc import Sequence

import duckdb

from orchestration.history import CalibrationOrder, Commit, damaged_commit
from orchestration.inputs.rows import first_unreadable, read_parquet, write_rows

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
    "scheme_versions": {"scheme": "varchar", "as_of_date": "date", "conditions_hash": "varchar"},
}


def write_history_view(
    warehouse: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    commits: Sequence[Commit],
) -> None:
    """One view over the files of the committed days; a column that no day has yet is NULL.

    Raises HistoryError for a day that cannot be read.
    """
    if unreadable := first_unreadable(commit.path / f"{name}.parquet" for commit in commits):
        raise damaged_commit(unreadable[0].parent, unreadable[1])
    present: set[str] = set()
    reader = ""
    if commits:
        reader = f"from {read_parquet(commit.path / f'{name}.parquet' for commit in commits)}"
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
