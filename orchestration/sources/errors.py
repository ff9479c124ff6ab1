"""The one error of everything that comes from outside."""

from dataclasses import dataclass
from pathlib import Path


class SourceError(ValueError):
    """A source that cannot be used: where (file, line, field), what is wrong, what is expected.

    Attributes:
        file: the source file or the data file; None when it is not one file's fault.
        line: 1-based line in `file`, where it is known.
        field: dotted path inside a source file, such as `tables.orders[shop].columns.amount`.
        problem: what is wrong.
        expected: what would be right, or what to do.
        transient: whether it may go by itself, such as a server that is away for a moment.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        field: str | None = None,
        expected: str | None = None,
        transient: bool = False,
    ) -> None:
        self.problem = problem
        self.file = file
        self.line = line
        self.field = field
        self.expected = expected
        self.transient = transient
        place = f"{file}:{line}" if file and line else str(file or "")
        head = ": ".join(part for part in (place, field, problem) if part)
        super().__init__(head + (f"\n  {expected}" if expected else ""))


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a source file: where below the entry or the root, what, what to do."""

    place: tuple[str | int, ...]
    text: str
    expected: str | None


class SourceErrors(SourceError):
    """Several things wrong in one source file, all of them in the message; the first is `first`."""

    def __init__(self, errors: list[SourceError]) -> None:
        errors = sorted(errors, key=lambda error: error.line or 0)
        self.first = first = errors[0]
        super().__init__(
            first.problem,
            file=first.file,
            line=first.line,
            field=first.field,
            expected=first.expected,
        )
        self.args = ("\n".join(str(error) for error in errors),)
