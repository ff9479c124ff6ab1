"""The engines that can build the warehouse: DuckDB in this process, or Apache Spark.

An engine is the dbt builds that it takes. Whatever computed the tables, the warehouse file shows
them afterwards: the gates, history and publishing read that, and know of no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import duckdb

from orchestration.engines.spark import at_work, check_installed
from orchestration.engines.spark_results import COMPUTED_ELSEWHERE
from orchestration.settings import Engine, Settings

__all__ = ["BUILDS", "COMPUTED_ELSEWHERE", "Build", "check_engine"]


@dataclass(frozen=True)
class Build:
    """One invocation of dbt.

    Attributes:
        target: of `profiles.yml`.
        left_out: what it does not build, in dbt's words for `--exclude`.
        opened: what has to be open meanwhile.
        connections: `module:class` of what dbt runs statements by.
    """

    target: str
    left_out: tuple[str, ...]
    opened: Callable[[Settings], AbstractContextManager[object]]
    connections: str


def _warehouse_file(settings: Settings) -> AbstractContextManager[object]:
    """dbt lets go of the file after every node; holding it saves opening it hundreds of times."""
    return duckdb.connect(settings.warehouse)


# A release is a DuckDB file, so its views are in the words of DuckDB whatever computed its tables.
PUBLIC_VIEWS = "access:public,config.materialized:view"
ALL_OTHERS = (
    "access:protected",
    "config.materialized:table",
    "config.materialized:incremental",
    "config.materialized:seed",
)
DUCKDB = "dbt.adapters.duckdb.connections:DuckDBConnectionManager"
SPARK = "dbt.adapters.spark.connections:SparkConnectionManager"
BUILDS: Mapping[Engine, tuple[Build, ...]] = {
    "duckdb": (Build("duckdb", (), _warehouse_file, DUCKDB),),
    "spark": (
        Build("spark", (PUBLIC_VIEWS,), at_work, SPARK),
        Build("duckdb", ALL_OTHERS, _warehouse_file, DUCKDB),
    ),
}


def check_engine(settings: Settings) -> None:
    """Raise SettingError when the engine is not installed: says what to install."""
    if settings.engine == "spark":
        check_installed()
