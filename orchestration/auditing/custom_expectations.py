"""Our own expectations: those that Great Expectations lacks, or can only tell by fetching rows.

expect_few_rows_where: `condition` may hold for only so many rows. Those of one table are counted
    together, in one pass over it.
expect_column_text_to_be: of a landed column, which is all text, few rows are not what `text` says:
    filled, money, number, integer, date, timestamp, boolean, or one of `value_set` in any case.
    Except for filled, a blank is as good as a value.
expect_few_unexpected_rows: `unexpected_rows_query` may find only so many rows. Great Expectations'
    expectation by query runs it twice, fetches rows and tolerates none; this one only counts.

In each, `mostly` is the share of the table's rows that have to be good. `few` bad rows are let
through all the same, but never more than half of the table.

Importing this module makes them known to Great Expectations, which takes seconds to import itself:
only `orchestration.expectations` does so, late.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy
from great_expectations.compatibility import pydantic
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from orchestration.auditing.landed_texts import unfit_text

ROWS = "table.row_count"
ROWS_WHERE = "table.rows_where.count"
ROWS_OF_QUERY = "unexpected_rows_query.row_count"


class RowsWhere(TableMetricProvider):
    """How many rows a condition holds for; all that are asked of a table make one statement."""

    metric_name = ROWS_WHERE
    value_keys = ("condition",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> tuple[Any, dict[str, Any], dict[str, Any]]:
        # DuckDB's count_if is NULL where the condition is NULL for every row.
        condition = metric_value_kwargs["condition"]
        count: Any = sqlalchemy.literal_column(f"coalesce(count_if({condition}), 0)")
        return count, metric_domain_kwargs, {}


def _judged(unexpected: int, total: int, mostly: float, few: int) -> dict[str, object]:
    # Rounded, so that a tenth of 200 is 20 and not a little less.
    allowed = max(round((1 - mostly) * total, 6), min(few, total // 2))
    return {
        "success": unexpected <= allowed,
        "result": {"unexpected_count": unexpected, "element_count": total},
    }


class ExpectFewRowsWhere(BatchExpectation):
    condition: str
    mostly: float = 1.0
    few: int = 0
    metric_dependencies: ClassVar[tuple[str, ...]] = (ROWS_WHERE, ROWS)
    success_keys: ClassVar[tuple[str, ...]] = ("condition", "mostly", "few")

    def _validate(self, metrics: Mapping[str, int], *_: object, **__: object) -> dict[str, object]:
        return _judged(metrics[ROWS_WHERE], metrics[ROWS], self.mostly, self.few)


class ExpectColumnTextToBe(ExpectFewRowsWhere):
    column: str
    text: str | None = None
    value_set: list[str] = []  # noqa: RUF012  # pydantic copies it

    @pydantic.root_validator(pre=True)
    def _write_condition(cls, values: dict[str, Any]) -> dict[str, Any]:
        condition = unfit_text(values["column"], values.get("text"), values.get("value_set") or [])
        return {**values, "condition": condition}


class ExpectFewUnexpectedRows(UnexpectedRowsExpectation):
    mostly: float = 1.0
    few: int = 0
    metric_dependencies: ClassVar[tuple[str, ...]] = (ROWS_OF_QUERY, ROWS)
    success_keys: ClassVar[tuple[str, ...]] = ("unexpected_rows_query", "mostly", "few")

    def _validate(self, metrics: Mapping[str, int], *_: object, **__: object) -> dict[str, object]:
        return _judged(metrics[ROWS_OF_QUERY], metrics[ROWS], self.mostly, self.few)
