"""Read the suites: what an audited table has to be, as YAML that a data engineer edits.

`expectations/<folder>/<table>.yml` holds `description` and `expectations`, each with

    type, kwargs   the expectation as Great Expectations knows it
    severity       critical (default; it stops the run) or warning (it is only reported)
    meta.name          unique in its suite; what people see
    meta.what_to_do    a sentence for the person who reads the failure
    meta.column        optional, the column it is about, where kwargs do not say
    meta.needs         optional, columns without which it is left out: a source may lack them
    meta.unit          optional, what one unexpected row of the query stands for (default: a row)
    meta.zh            of a warning, in Chinese: its `unit` and `what_to_do`; the report shows them
    meta.breakdown     optional, a query whose rows are told with a failure: names and counts only
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import EXPECTATIONS

STAGES: Mapping[str, tuple[str, ...]] = {
    "landing": ("landing",),
    "warehouse": ("staging", "facts", "classification"),
    "published": ("published",),
}
SEVERITIES = ("critical", "warning")
_KEYS = {"type", "kwargs", "severity", "meta"}
_META_KEYS = {"name", "what_to_do", "column", "needs", "unit", "breakdown", "zh"}


class SuiteError(ValueError):
    """A suite that cannot be used: names the file, the expectation and what is expected of it."""


@dataclass(frozen=True)
class Expected:
    """One expectation of a suite, as its YAML says.

    Attributes:
        column: what it is about, None when it is about the whole table.
        needs: columns without which it is left out.
        unit: what one unexpected row stands for; None for a row of the table.
        breakdown: a query of names and counts that explain a failure.
        zh: `unit` and `what_to_do` of a warning in Chinese.
    """

    name: str
    type: str
    kwargs: Mapping[str, Any]
    severity: str
    what_to_do: str
    column: str | None
    needs: tuple[str, ...]
    unit: str | None
    breakdown: str | None
    zh: Mapping[str, str]


@dataclass(frozen=True)
class Suite:
    """What one table has to be.

    Attributes:
        name: `<folder>/<table>`, as in `facts/customer_facts`.
    """

    name: str
    table: str
    description: str
    expected: tuple[Expected, ...]


def suites_of(stage: str, suites: Path = EXPECTATIONS) -> list[str]:
    """Names of the suites of a stage (landing, warehouse or published), `<folder>/<table>`.

    Raises SuiteError for an unknown stage.
    """
    if stage not in STAGES:
        raise SuiteError(f"There is no stage {stage!r}; expected one of {', '.join(STAGES)}.")
    return [
        f"{folder}/{path.stem}"
        for folder in STAGES[stage]
        for path in sorted((suites / folder).glob("*.yml"))
    ]


@lru_cache
def load_suite(name: str, suites: Path = EXPECTATIONS) -> Suite:
    """Read one suite by its name, `<folder>/<table>`. Raises SuiteError."""
    path = suites / f"{name}.yml"
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SuiteError(f"{path} cannot be read: {error}") from error
    if not isinstance(document, dict) or set(document) != {"description", "expectations"}:
        raise SuiteError(f"{path}: expected the keys description and expectations.")
    expected = tuple(_expected(entry, path) for entry in document["expectations"] or ())
    names = [one.name for one in expected]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice or not names:
        raise SuiteError(f"{path}: " + (f"{twice} stand twice." if twice else "expects nothing."))
    return Suite(name, path.stem, str(document["description"]).strip(), expected)


def _expected(entry: Mapping[str, Any], path: Path) -> Expected:
    meta = entry.get("meta") or {}
    place = f"{path}: {meta.get('name') or entry}"
    unknown = sorted({*(set(entry) - _KEYS), *(set(meta) - _META_KEYS)})
    if unknown:
        raise SuiteError(f"{place}: unknown keys {unknown}.")
    lacking = [key for key in ("name", "what_to_do") if not meta.get(key)]
    if lacking or not isinstance(entry.get("type"), str):
        raise SuiteError(f"{place}: expected type, meta.name and meta.what_to_do.")
    severity = entry.get("severity", SEVERITIES[0])
    if severity not in SEVERITIES:
        raise SuiteError(f"{place}: severity is {severity!r}; expected {' or '.join(SEVERITIES)}.")
    kwargs = entry.get("kwargs") or {}
    return Expected(
        name=meta["name"],
        type=entry["type"],
        kwargs=kwargs,
        severity=severity,
        what_to_do=str(meta["what_to_do"]).strip(),
        column=meta.get("column") or kwargs.get("column"),
        needs=tuple(meta.get("needs", ())),
        unit=meta.get("unit"),
        breakdown=meta.get("breakdown"),
        zh=meta.get("zh") or {},
    )
