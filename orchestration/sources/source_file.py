"""The source file: which tables a company has, where they are, and how their columns map."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic_core import ErrorDetails

from orchestration.canonical import TABLES, canonical_tables
from orchestration.sources.errors import SourceError, SourceErrors
from orchestration.sources.fields import Currency, Day, Delimiter, Kind, Name, Truth, Zone
from orchestration.sources.rules import Problem, entry_problems
from orchestration.sources.strict_yaml import Document, Place


class Entry(BaseModel):
    """One supplier of one canonical table: which files, and how their columns map.

    Attributes:
        path: a file or glob; or `files` (table name to file or glob) with a `query` over them.
        columns: canonical column to source column; empty when the source already has our names.
        values: per canonical column, source value (trimmed, lower-case) to ours.
        constants: canonical columns that are the same on every row.
        formats: per canonical date or timestamp column, the strptime format it is written in.
        shared_keys: the same key may come from another entry too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    kind: Kind = Field(alias="from")
    path: str | None = None
    files: dict[Name, str] = Field(default_factory=dict)
    query: str | None = None
    encoding: str | None = None
    delimiter: Delimiter | None = None
    sheet: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str | None]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    shared_keys: Truth = False

    @model_validator(mode="after")
    def _has_a_place(self) -> "Entry":
        if (self.path is None) == (not self.files):
            raise ValueError("give either path, or files with a query over them")
        if bool(self.files) != (self.query is not None):
            raise ValueError("files and query belong together: files names the tables of the query")
        return self


class SourceFile(BaseModel):
    """A checked source file. `timezone` and `base_currency` are given, never guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    timezone: Zone
    base_currency: Currency
    as_of: Day | None = None
    tables: dict[str, tuple[Entry, ...]]
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
        source = SourceFile.model_validate(_with_names(content))
    except ValidationError as error:
        return None, [_from_pydantic(document, details) for details in error.errors()]
    source._document = document
    return source, []


def _with_names(content: dict[str, Any]) -> dict[str, Any]:
    """A table with a single entry may leave out the entry's name; it is the table's own then."""
    tables = content.get("tables")
    if not isinstance(tables, dict):
        return content
    named = {
        table: tuple(
            {"name": table, **entry} if len(entries) == 1 and isinstance(entry, dict) else entry
            for entry in entries
        )
        if isinstance(entries, list)
        else entries
        for table, entries in tables.items()
    }
    return {**content, "tables": named}


def _problems(source: SourceFile) -> Iterator[Problem]:
    """What pydantic cannot see: table and column names, and what each table needs."""
    if not {"customers", "orders"} & set(source.tables):
        yield Problem(("tables",), "has neither customers nor orders", "It needs one of them.")
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
    place = tuple(details["loc"])
    problem = details["msg"].removeprefix("Value error, ")
    expected = None
    if details["type"] == "extra_forbidden":
        fields = SourceFile.model_fields if len(place) == 1 else Entry.model_fields
        keys = [field.alias or name for name, field in fields.items()]
        problem, expected = "is not a key here", _choices(str(place[-1]), keys)
    elif details["type"] == "missing":
        problem = "is missing"
        if place[-1] == "name":
            expected = "A table with several entries needs a name for each."
    elif details["type"] == "tuple_type":
        problem, expected = "has to be a list of entries", "Begin each with a dash: - from: files"
    return _error(document, problem, place, expected)


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
            content = content[step] if isinstance(content, list) and step < len(content) else None
            name = content.get("name") if isinstance(content, dict) else None
            label += f"[{name or step + 1}]"
        else:
            content = content.get(step) if isinstance(content, dict) else None
            label += f".{step}" if label else step
    return label
