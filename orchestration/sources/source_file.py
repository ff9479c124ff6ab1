"""The source file: which tables a company has, where they are, and how their columns map."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from orchestration.canonical import TABLES, canonical_tables
from orchestration.sources.crm.entry import with_mapping
from orchestration.sources.entries import TAGS, AnyEntry, Entry, entry_class
from orchestration.sources.errors import Problem, SourceError, SourceErrors
from orchestration.sources.fields import Currency, Day, Zone
from orchestration.sources.identity import Identity
from orchestration.sources.rules import entry_problems
from orchestration.sources.strict_yaml import Document, Place

# Before the well-known public order data.
FIRST_DAY = date(1990, 1, 1)


class SourceFile(BaseModel):
    """A checked source file. `timezone` and `base_currency` are given, never guessed.

    No day before `first_day` is classified, and the UI shows none. Without `identity` customers are
    not compared with each other. `former_entries` are names that entries of this company had once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    timezone: Zone
    base_currency: Currency
    as_of: Day | None = None
    first_day: Day = FIRST_DAY
    identity: Identity | None = None
    former_entries: list[str] = Field(default_factory=list)
    tables: dict[str, tuple[AnyEntry, ...]]
    _document: Document = PrivateAttr()

    @property
    def path(self) -> Path:
        """The file itself."""
        return self._document.path

    @property
    def folder(self) -> Path:
        """The folder that every relative path starts from, and may not leave."""
        return self.path.absolute().parent

    def error(
        self, problem: str, table: str, entry: Entry, *place: str, expected: str | None = None
    ) -> SourceError:
        """An error about one entry, with the line of the key at `place` inside it."""
        index = self.tables[table].index(entry)
        return _error(self._document, problem, ("tables", table, index, *place), expected)


def load_source_file(path: Path) -> SourceFile:
    """Read and check a source file. Raises SourceError, naming every problem with its line."""
    document = Document(path)
    content = document.content
    if not isinstance(content, dict):
        raise SourceError("holds no source", file=path, expected="timezone, base_currency, tables.")
    source, errors = _checked(document, content)
    if source is not None:
        errors = [
            _error(document, problem.text, problem.place, problem.expected)
            for problem in _problems(source)
        ]
    if source is None or errors:
        raise SourceErrors(errors)
    return source


def _checked(
    document: Document, content: dict[str, Any]
) -> tuple[SourceFile | None, list[SourceError]]:
    """The source file, if it has the right shape; else what is wrong with its shape."""
    try:
        source = SourceFile.model_validate(_completed(content))
    except ValidationError as error:
        return None, [_from_pydantic(document, details) for details in error.errors()]
    source._document = document
    return source, []


def _completed(content: dict[str, Any]) -> dict[str, Any]:
    """With what entries may leave out: a single one its name; one of a CRM its mapping."""
    tables = content.get("tables")
    if not isinstance(tables, dict):
        return content
    completed = {
        table: tuple(
            _complete(table, entry, alone=len(entries) == 1) if isinstance(entry, dict) else entry
            for entry in entries
        )
        if isinstance(entries, list)
        else entries
        for table, entries in tables.items()
    }
    return {**content, "tables": completed}


def _complete(table: str, entry: dict[str, Any], *, alone: bool) -> dict[str, Any]:
    return with_mapping(table, {"name": table, **entry} if alone else entry)


def _problems(source: SourceFile) -> Iterator[Problem]:
    """What pydantic cannot see: table and column names, and what each table needs."""
    if not {"customers", "orders"} & set(source.tables):
        yield Problem(("tables",), "has neither customers nor orders", "It needs one of them.")
    if source.as_of and source.as_of < source.first_day:
        yield Problem(("first_day",), "lies after as_of", "The first day that may be classified.")
    for table, entries in source.tables.items():
        if table not in TABLES:
            yield Problem(("tables", table), "is not a canonical table", _choices(table, TABLES))
            continue
        names = [entry.name for entry in entries]
        for index, entry in enumerate(entries):
            place = ("tables", table, index)
            if names.index(entry.name) != index:
                yield Problem((*place, "name"), f"{entry.name!r} names another entry too", None)
            for problem in entry_problems(canonical_tables()[table], entry):
                yield Problem((*place, *problem.place), problem.text, problem.expected)


def _from_pydantic(document: Document, details: ErrorDetails) -> SourceError:
    # Between an entry and its key pydantic puts the kind of entry that it took it for.
    place = tuple(step for step in details["loc"] if step not in TAGS)
    problem = details["msg"].removeprefix("Value error, ")
    expected = None
    if details["type"] == "extra_forbidden":
        model = _model(document, place)
        keys = [field.alias or name for name, field in model.model_fields.items()]
        problem, expected = "is not a key here", _choices(str(place[-1]), keys)
    elif details["type"] == "missing":
        problem = "is missing"
        if place[-1] == "name":
            expected = "A table with several entries needs a name for each."
    elif details["type"] == "tuple_type":
        problem, expected = "has to be a list of entries", "Begin each with a dash: - from: files"
    return _error(document, problem, place, expected)


def _model(document: Document, place: Place) -> type[BaseModel]:
    """What is checked at a place that has a key too many."""
    if len(place) == 1:
        return SourceFile
    if place[0] == "identity":
        return Identity
    return entry_class(_at(document.content, place[:-1]))


def _choices(wrong: str, right: list[str] | tuple[str, ...]) -> str:
    close = get_close_matches(wrong, right, n=1)
    return (f"Did you mean {close[0]}? " if close else "") + f"There is: {', '.join(right)}."


def _error(document: Document, problem: str, place: Place, expected: str | None) -> SourceError:
    return SourceError(
        problem,
        file=document.path,
        line=document.line(place),
        field=_label(document.content, place),
        expected=expected,
    )


def _label(content: object, place: Place) -> str:
    """`tables.orders[shop].columns.amount`: list positions are shown by the entry's name."""
    label = ""
    for step in place:
        if isinstance(step, int):
            content = _at(content, (step,))
            name = content.get("name") if isinstance(content, dict) else None
            label += f"[{name or step + 1}]"
        else:
            content = _at(content, (step,))
            label += f".{step}" if label else step
    return label


def _at(content: object, place: Place) -> object:
    """What stands at a place; None when nothing does."""
    for step in place:
        if isinstance(step, int):
            content = content[step] if isinstance(content, list) and step < len(content) else None
        else:
            content = content.get(step) if isinstance(content, dict) else None
    return content
