"""Turn Great Expectations' results into counts and shares, so that no value of a row gets out."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from orchestration.auditing.results import Failure, NotAudited, SuiteResult
from orchestration.auditing.suites import Expected, Suite
from orchestration.engine_errors import HARMLESS
from orchestration.troubles import words_of_trouble

# The observed value of this one is a count of rows; that of others may be a value of the data.
_ROW_COUNT = "expect_table_row_count_to_be_between"
_DUCKDB_ERROR = re.compile(r"\(_?duckdb\.(\w+)Exception\) ([^\n]*)")


class Validated(Protocol):
    """What is read of one of Great Expectations' results."""

    success: bool | None
    result: Any
    exception_info: Any
    expectation_config: Any


def summarize(
    suite: Suite,
    expected: Mapping[str, Expected],
    results: Iterable[Validated],
    tabulate: Callable[[str], Sequence[str]],
) -> SuiteResult:
    """What one table's results say, in the order of the suite.

    Args:
        expected: the expectations that were evaluated, by name.
        results: one result per expectation, whose `meta.name` names it.
        tabulate: runs the query of a breakdown and gives its rows as lines.

    Raises NotAudited for trouble of the machine, such as want of memory.
    """
    found: dict[str, list[Failure]] = {"critical": [], "warning": []}
    counted: dict[str, int] = {}
    by_name = {_name(result): result for result in results}
    for name, result in by_name.items():
        if trouble := _trouble(result.exception_info or {}):
            raise NotAudited(f"{suite.name}: {name} could not be evaluated: {trouble}.")
    for name, one in expected.items():
        result = by_name[name]
        count = _count(one, result)
        if count is not None:
            counted[name] = count
        if not result.success:
            found[one.severity].append(_failure(suite, one, result, tabulate))
    failures, warnings = tuple(found["critical"]), tuple(found["warning"])
    return SuiteResult(suite.name, suite.table, len(by_name), failures, warnings, counted)


def _name(result: Validated) -> str:
    return str(result.expectation_config.meta["name"])


def raised(result: Validated) -> bool:
    """Whether it ended in an error, and says nothing of the rows."""
    return _problem(result.exception_info or {}) is not None


def _count(one: Expected, result: Validated) -> int | None:
    key = "observed_value" if one.type == _ROW_COUNT else "unexpected_count"
    count = result.result.get(key)
    return None if count is None else int(count)


def _failure(
    suite: Suite, one: Expected, result: Validated, tabulate: Callable[[str], Sequence[str]]
) -> Failure:
    problem = _problem(result.exception_info or {})
    zh = one.zh
    if problem is None:
        observed, what_to_do = _observed(one, result), one.what_to_do
        breakdown = tuple(tabulate(one.breakdown)) if one.breakdown else ()
        found = (one.unit or observed, zh.get("unit", ""))
    else:
        zh, breakdown = {}, ()
        observed = f"could not be evaluated ({problem})"
        what_to_do = (
            f"See that {suite.table} has every column that expectations/{suite.name}.yml names,"
            f" and run again. It would tell this: {one.what_to_do}"
        )
        found = (observed, "")
    return Failure(
        suite=suite.name,
        table=suite.table,
        expectation=one.name,
        column=one.column,
        observed=observed,
        what_to_do=what_to_do,
        breakdown=breakdown,
        found=found,
        what_to_do_zh=zh.get("what_to_do", ""),
    )


def _observed(one: Expected, result: Validated) -> str:
    """What was counted, in words that quote no value."""
    count, total = _count(one, result), result.result.get("element_count")
    if count is None:
        return "there is no such column"
    if one.unit or total is None:
        return f"{one.unit or 'rows'}: {count}"
    return f"{count} of {total} rows ({100 * count / total if total else 0:.2f} %)"


def _problem(told: Mapping[str, Any]) -> str | None:
    """What kind of error an expectation ended in, None when it ended well."""
    for message in _raised(told):
        error = _DUCKDB_ERROR.search(message)
        if error is None:
            return "an error inside the check"
        return error[2] if _is_harmless(error[2]) else f"{error[1]} Error"
    return None


def _trouble(told: Mapping[str, Any]) -> str | None:
    """The words by which trouble of the machine is known; those of a value are not looked at."""
    for message in _raised(told):
        error = _DUCKDB_ERROR.search(message)
        said = error[2] if error else message
        is_of_values = error is not None and not _is_harmless(said)
        if not is_of_values and (words := words_of_trouble(said)):
            return words
    return None


def _is_harmless(said: str) -> bool:
    return said.partition(" Error: ")[0] in HARMLESS


def _raised(told: Mapping[str, Any]) -> Iterator[str]:
    """The messages of all errors of an expectation."""
    for info in [told] if "raised_exception" in told else told.values():
        if info.get("raised_exception"):
            yield str(info.get("exception_message"))
