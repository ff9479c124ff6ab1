"""The three gates: audit a load, the warehouse or a release with Great Expectations.

Great Expectations is imported here alone, and by our own expectations: once, late (it takes
seconds), and told to be quiet. Everything runs as SQL in DuckDB over a database opened read-only.
No result, message or log line holds a value of a row: only counts, shares, and names of columns.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from orchestration.auditing.gx_duckdb import GateDatabase, open_for_gate
from orchestration.auditing.results import AuditResult, Failure, GateFailed, SuiteResult
from orchestration.auditing.suites import Expected, Suite, SuiteError, load_suite, suites_of
from orchestration.auditing.summary import raised, summarize
from orchestration.settings import EXPECTATIONS

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import (
        EphemeralDataContext,
    )
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

__all__ = [
    "AuditResult",
    "Failure",
    "GateFailed",
    "SuiteError",
    "SuiteResult",
    "audit",
    "suites_of",
]

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
# SUMMARY without samples: the other formats put values of failing rows into the result.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


def audit(
    stage: str,
    database: Path | None,
    *,
    relations: Mapping[str, str] | None = None,
    suites: Path = EXPECTATIONS,
    config: Mapping[str, str] = NO_SETTINGS,
) -> AuditResult:
    """Run the suites of a stage and say what they found.

    Args:
        stage: landing (gate 1), warehouse (gate 2) or published (gate 3).
        database: the DuckDB file, opened read-only and let go of; None to audit Parquet files.
        relations: table to `schema.relation` of the database, or to a Parquet file without one.
            Only the suites of these tables run. Default: every suite of the stage, each on the
            relation that bears its name (in schema main for published).
        suites: the folder of suites.
        config: DuckDB settings, such as {"threads": "2", "memory_limit": "4GB"}.

    Raises SuiteError for a suite that cannot be used or a table without one, and duckdb.Error when
    the database cannot be opened, and NotAudited when the machine does not let the audit end. A
    failed expectation raises nothing: see `raise_if_failed`.
    """
    chosen = _choose(stage, relations, suites)
    great_expectations, context = _great_expectations()
    started = time.perf_counter()
    parquet = {} if database else {suite.table: place for suite, place in chosen}
    with (
        open_for_gate(database, parquet, config) as opened,
        _datasource(context, opened) as source,
    ):
        results = tuple(
            _audit_table(
                great_expectations, source, opened, suite, place if database else suite.table
            )
            for suite, place in chosen
        )
    return AuditResult(stage, results, time.perf_counter() - started)


def _choose(
    stage: str, relations: Mapping[str, str] | None, suites: Path
) -> list[tuple[Suite, str]]:
    """The suites to run, each with the place of its table."""
    named = [load_suite(name, suites) for name in suites_of(stage, suites)]
    if relations is None:
        schemas = {"published": "main"}
        relations = {
            suite.table: f"{schemas.get(stage, suite.name.split('/')[0])}.{suite.table}"
            for suite in named
        }
    chosen = [(suite, relations[suite.table]) for suite in named if suite.table in relations]
    without = sorted(set(relations) - {suite.table for suite, _ in chosen})
    if without or not chosen:
        # A gate that evaluates nothing would let everything through.
        raise SuiteError(f"{suites}: stage {stage} has no suite for {', '.join(without) or 'it'}.")
    return chosen


def _audit_table(
    great_expectations: ModuleType,
    source: "SQLDatasource",
    opened: GateDatabase,
    suite: Suite,
    relation: str,
) -> SuiteResult:
    schema, _, table = relation.rpartition(".")
    opened.schema = schema or "main"
    columns = opened.columns.get((opened.schema, table))
    if columns is None:
        absent = Failure(
            suite.name,
            suite.table,
            "relation_exists",
            None,
            f"there is no {relation}",
            "Run the build of this table again; if it stays away, look at the log of the build.",
        )
        return SuiteResult(suite.name, suite.table, 1, (absent,), ())
    expected = {one.name: one for one in suite.expected if set(one.needs) <= set(columns)}
    asset = source.add_table_asset(suite.name, table_name=table)
    batch = asset.get_batch(asset.build_batch_request())

    results = _validate(great_expectations, batch, suite, expected)
    return summarize(suite, expected, results, opened.tabulate)


def _validate(
    great_expectations: ModuleType, batch: "Batch", suite: Suite, expected: Mapping[str, Expected]
) -> "list[ExpectationValidationResult]":
    results: list[ExpectationValidationResult] = batch.validate(
        _native_suite(great_expectations, suite, expected), result_format=RESULT_FORMAT
    ).results
    if len(expected) == 1 or not any(map(raised, results)):
        return results
    # Of what it counts in one statement, it tells the last error of any for all that have one.
    return [
        alone
        for one in expected.values()
        for alone in _validate(great_expectations, batch, suite, {one.name: one})
    ]


def _native_suite(
    great_expectations: ModuleType, suite: Suite, expected: Mapping[str, Expected]
) -> Any:
    # One by one: given all as data, it logs those that it does not know and leaves them out.
    configuration = great_expectations.expectations.expectation_configuration
    understood = []
    for one in expected.values():
        try:
            understood.append(
                configuration.ExpectationConfiguration(
                    type=one.type, kwargs=dict(one.kwargs), meta={"name": one.name}
                ).to_domain_obj()
            )
        except Exception as error:
            raise SuiteError(f"{suite.name}: {one.name} cannot be used: {error}") from error
    return great_expectations.ExpectationSuite(name=suite.name, expectations=understood)


@lru_cache
def _known_table() -> type:
    """A table asset whose columns have been read already.

    Great Expectations asks each for a row before it begins. A view answers even that only once all
    of it is planned, which for the view of reasons takes longer than the rest of the gate.
    """
    from great_expectations.datasource.fluent.sql_datasource import TableAsset

    class KnownTable(TableAsset):
        def test_connection(self) -> None:
            pass

    return KnownTable


@contextmanager
def _datasource(context: "EphemeralDataContext", opened: GateDatabase) -> "Iterator[SQLDatasource]":
    """The open database as Great Expectations sees it, forgotten afterwards."""
    name = opened.url.rpartition("/")[2]
    try:
        source = context.data_sources.add_sql(
            name, connection_string=opened.url, create_temp_table=False
        )
        source._TableAsset = _known_table()
        yield source
    finally:
        context.data_sources.delete(name)


@lru_cache
def _great_expectations() -> "tuple[ModuleType, EphemeralDataContext]":
    """Import Great Expectations and make the one context of this process."""
    import great_expectations
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    # Its log lines quote statements and values.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
    import_module("orchestration.auditing.custom_expectations")  # makes them known
    context = great_expectations.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        ),
    )
    return great_expectations, context
