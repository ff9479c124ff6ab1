"""What Spark computed, in the warehouse file: a view over the Parquet of each table."""

from __future__ import annotations

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.inputs import opened_warehouse
from orchestration.settings import Settings

COMPUTED = ("staging", "facts", "classification")
# The comment of a view over the Parquet of one table.
COMPUTED_ELSEWHERE = "computed by Spark"


def bring_back(settings: Settings) -> None:
    """Show every table that Spark has written under its name, and nothing of an earlier build."""
    with opened_warehouse(settings.warehouse) as warehouse:
        warehouse.execute("begin")
        for schema in COMPUTED:
            warehouse.execute(f"drop schema if exists {schema} cascade")
            warehouse.execute(f"create schema {schema}")
            for folder in sorted((settings.spark / "tables" / schema).iterdir()):
                if not any(folder.glob("*.parquet")):
                    continue
                view = f"{schema}.{quote_name(folder.name)}"
                files = quote_text(folder / "*.parquet")
                warehouse.execute(
                    f"create view {view} as"
                    f" select * from read_parquet({files}, hive_partitioning = false)"
                )
                warehouse.execute(f"comment on view {view} is '{COMPUTED_ELSEWHERE}'")
        warehouse.execute("commit")
