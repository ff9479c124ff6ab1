"""What an audit found, in counts and shares only: no value of any row is in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Failure:
    """One expectation that was not met.

    Attributes:
        suite: `<folder>/<table>`, as in `facts/customer_facts`.
        expectation: its name in the suite.
        column: what it is about, None when it is about the whole table.
        observed: what was counted, for people, such as `12 of 300 rows (4.00 %)`.
        breakdown: more counts, as lines of a table; empty when the expectation has none.
        found: what there is, without a count, in English and Chinese; of a warning.
        what_to_do_zh: in Chinese, of a warning.
    """

    suite: str
    table: str
    expectation: str
    column: str | None
    observed: str
    what_to_do: str
    breakdown: tuple[str, ...] = ()
    found: tuple[str, str] = ("", "")
    what_to_do_zh: str = ""

    def __str__(self) -> str:
        column = f" of {self.column}" if self.column else ""
        return (
            f"{self.suite}: {self.expectation}{column}: {self.observed}\n"
            + "".join(f"      {line}\n" for line in self.breakdown)
            + f"      What to do: {self.what_to_do}"
        )

    def for_readers(self) -> dict[str, Any]:
        """What a release may tell of a warning: without counts, which may be of few customers."""
        return {
            "suite": self.suite,
            "expectation": self.expectation,
            "found": list(self.found),
            "what_to_do": [self.what_to_do, self.what_to_do_zh],
        }


@dataclass(frozen=True)
class SuiteResult:
    """What the audit of one table found.

    Attributes:
        suite: `<folder>/<table>`.
        evaluated: how many expectations were evaluated.
        failures: those that stop the run.
        warnings: those that are only reported.
        counted: rows of the table, and by name of the expectation how many rows were unexpected.
    """

    suite: str
    table: str
    evaluated: int
    failures: tuple[Failure, ...]
    warnings: tuple[Failure, ...]
    counted: Mapping[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.failures

    def metadata(self) -> dict[str, int | str]:
        """Numbers for an asset check: evaluated, failed, warned, and what was counted."""
        found = "\n".join(str(failure) for failure in (*self.failures, *self.warnings))
        return {
            "evaluated": self.evaluated,
            "failed": len(self.failures),
            "warned": len(self.warnings),
            **({"found": found} if found else {}),
            **self.counted,
        }


@dataclass(frozen=True)
class AuditResult:
    """What one gate found.

    Attributes:
        stage: landing, warehouse or published.
        seconds: how long it took, without the first import of Great Expectations.
    """

    stage: str
    suites: tuple[SuiteResult, ...]
    seconds: float

    @property
    def evaluated(self) -> int:
        return sum(suite.evaluated for suite in self.suites)

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(failure for suite in self.suites for failure in suite.failures)

    @property
    def warnings(self) -> tuple[Failure, ...]:
        return tuple(warning for suite in self.suites for warning in suite.warnings)

    @property
    def passed(self) -> bool:
        return not self.failures

    def by_table(self) -> dict[str, SuiteResult]:
        """The results by name of the suite, `<folder>/<table>`, in the order of `suites_of`."""
        return {suite.suite: suite for suite in self.suites}

    def raise_if_failed(self) -> None:
        """Raise GateFailed unless the audit passed."""
        if not self.passed:
            raise GateFailed(self)


class NotAudited(RuntimeError):
    """The machine did not let an audit come to its end, which says nothing of what was audited."""


class GateFailed(Exception):
    """A gate refused what it audited. The message lists every failure and what to do about it.

    Attributes:
        result: the whole audit.
    """

    def __init__(self, result: AuditResult) -> None:
        self.result = result
        lines = "\n".join(f"  - {failure}" for failure in result.failures)
        super().__init__(
            f"The gate of {result.stage} refused: {len(result.failures)} of {result.evaluated}"
            f" expectations failed.\n{lines}"
        )
