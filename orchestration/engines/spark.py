"""Apache Spark as the engine of dbt's models, by a session in this process.

$TIERS_HOME/spark/
  inputs/<schema>/<table>.parquet   the small tables that a run writes for its models
  tables/<schema>/<table>/          what Spark computed, as Parquet; replaced by the next build

Its executors read the landing, the history and these folders, and write the last: TIERS_HOME has to
be a path that all of them see.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from orchestration.engines.spark_inputs import hand_over
from orchestration.engines.spark_results import bring_back
from orchestration.settings import SettingError, Settings, local_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SCHEMAS = ("landing", "history", "policy", "staging", "facts", "classification")
# What makes SQL mean the same as on DuckDB.
DIALECT = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.cteRecursionLevelLimit": "-1",  # recursion ends by itself
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.sources.default": "parquet",
    "spark.sql.catalogImplementation": "in-memory",
}


def check_installed() -> None:
    """Raise SettingError when this machine lacks what a session needs: says what to install."""
    # dbt.adapters alone comes with every installation.
    if not all(map(find_spec, ("pyspark", "dbt.adapters.spark"))):
        raise SettingError(
            "TIERS_ENGINE is spark, and Spark is not installed: `make spark-setup` installs it."
        )
    if shutil.which("java") is None:
        raise SettingError(
            "TIERS_ENGINE is spark, and Java is missing, 17 or newer; on Debian: "
            "apt-get install openjdk-17-jre-headless."
        )


@contextmanager
def at_work(settings: Settings) -> Iterator[SparkSession]:
    """A session that knows the inputs of the run; what it built is in the warehouse file after it.

    That is so after a failure too: a person may want to see how far it came.
    """
    shutil.rmtree(settings.spark / "tables", ignore_errors=True)
    session = _start(settings)
    try:
        for schema in SCHEMAS:
            folder = settings.spark / "tables" / schema
            session.sql(f"create schema {schema} location '{folder}'")
        hand_over(settings, session)
        try:
            with _statements_in_this_dialect():
                yield session
        finally:
            bring_back(settings)
    finally:
        session.stop()


@contextmanager
def _statements_in_this_dialect() -> Iterator[None]:
    """dbt's adapter switches ANSI off before every statement, and lets no setting keep it on.

    What does not fit its type, such as a sum of money, would then be NULL, and no error.
    """
    adapter = import_module("dbt.adapters.spark.session")
    cursor = adapter.Connection.cursor
    adapter.Connection.cursor = lambda connection: adapter.Cursor()
    try:
        yield
    finally:
        adapter.Connection.cursor = cursor


def _start(settings: Settings) -> SparkSession:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, which is not handed to Spark
        from pyspark.sql import SparkSession
    # Its accounts of errors quote the values of rows; what is raised tells the rest.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    builder = SparkSession.builder.master(settings.spark_master).appName("customer-tiers")
    for name, value in (DIALECT | _of_the_machine(settings)).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _of_the_machine(settings: Settings) -> dict[str, str]:
    quiet = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
    }
    if not local_spark(settings.spark_master):
        return quiet
    # Everything in this process: nothing needs to be reached from elsewhere.
    return quiet | {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(settings.threads),
    }
