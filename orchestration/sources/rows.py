"""The rows of an entry, ready to stream: of one file, or of a query over several."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import quote_name, quote_text, rows_of_parquet
from orchestration.sources.engine import ENGINE_ERRORS, Resources, confined, engine_failure
from orchestration.sources.errors import SourceError
from orchestration.sources.parquet import ParquetFile
from orchestration.sources.sql import text_of
from orchestration.sources.tabular import TabularFile, columns_told, header

PARQUET = "format parquet, compression zstd, row_group_size 122880"
# What may be the name of a column in a query; a number is none unless it is quoted.
NAMES = re.compile(r'"[^"]+"|[^\W\d]\w*')


class Rows(ABC):
    """Rows with known columns, not yet read.

    Attributes:
        columns: their names, in order.
        types: DuckDB type of each by name; empty where there is only text.
        about: what was found, one line a file.
        misfit: what is wrong when the engine cannot read them.
    """

    columns: tuple[str, ...]
    types: Mapping[str, str]
    about: tuple[str, ...]
    misfit: str

    @abstractmethod
    def open(
        self, resources: Resources, target: Path | None
    ) -> tuple[duckdb.DuckDBPyConnection, str]:
        """A connection that may write `target`, and a relation in it (see `TabularFile.attach`)."""

    @property
    @abstractmethod
    def records(self) -> int | None:
        """How many records the reader saw, once all are read; None where the engine read them."""

    def failure(self) -> SourceError | None:
        """Why reading stopped halfway, where the engine cannot say."""
        return None

    def close(self) -> None:  # noqa: B027
        """Let go of a source whose rows were not all read."""


class FileRows(Rows):
    """The rows of one file."""

    misfit = "holds a value or a page that cannot be read"

    def __init__(self, file: TabularFile) -> None:
        """Wrap an opened file."""
        self._file = file
        self.columns = file.columns
        self.types = file.types
        self.about = (file.about,)

    def open(
        self, resources: Resources, target: Path | None
    ) -> tuple[duckdb.DuckDBPyConnection, str]:
        """The file, streamed."""
        files = [path for path in (self._file.path, target) if path]
        return confined(resources, files, lambda engine: self._file.attach(engine, "rows")), "rows"

    @property
    def records(self) -> int | None:
        """As counted by the file's reader."""
        return self._file.records

    def failure(self) -> SourceError | None:
        """The reader's own error."""
        return self._file.failure()


class QueryRows(Rows):
    """The result of a checked query, ordered by all its columns."""

    records = None
    misfit = "the query fails on a row"

    def __init__(self, query: str, tables: Mapping[str, Sequence[TabularFile]]) -> None:
        """Find the columns of the result. SourceError: the query does not fit its files."""
        self._query = query.strip().rstrip(";")
        self._tables = tables
        self.about = tuple(
            f"{name}: {file.about}" for name, files in tables.items() for file in files
        )
        with duckdb.connect() as engine:
            for name, files in tables.items():
                engine.execute(f"create view {quote_name(name)} as {_empty(files)}")
            try:
                described = engine.execute(f"describe {self._query}").fetchall()
            except ENGINE_ERRORS as error:
                raise self._unfit(error) from error
        self.columns = header([name for name, *_ in described], Path("query"))
        kinds = [str(kind) for _, kind, *_ in described]
        self.types = dict(zip(self.columns, kinds, strict=True))

    def open(
        self, resources: Resources, target: Path | None
    ) -> tuple[duckdb.DuckDBPyConnection, str]:
        """The query over its files; those that are not Parquet become it first, beside the load."""
        views = {
            name: [
                file.path
                if isinstance(file, ParquetFile)
                else spool(file, resources, f"{name}_{n}")
                for n, file in enumerate(files)
            ]
            for name, files in self._tables.items()
        }

        def prepare(engine: duckdb.DuckDBPyConnection) -> None:
            for name, paths in views.items():
                spooled = not isinstance(self._tables[name][0], ParquetFile)
                engine.execute(f"create temp view {quote_name(name)} as {_read(paths, spooled)}")

        files = [path for paths in views.values() for path in paths]
        return confined(
            resources, [*files, *([target] if target else [])], prepare
        ), self._relation()

    def _unfit(self, error: Exception) -> SourceError:
        """What the engine says, without the columns that it proposes: see `columns_told`."""
        found = dict.fromkeys(
            column for files in self._tables.values() for file in files for column in file.columns
        )
        named = {name.strip('"') for name in NAMES.findall(self._query)}
        return SourceError(
            f"does not fit its files: {str(error).partition(chr(10))[0]}",
            expected=columns_told(list(found), named),
        )

    def _relation(self) -> str:
        names = [f"q{position}" for position in range(len(self.columns))]
        texts = "".join(
            f", {text_of(name, kind)} as c{position}"
            for position, (name, kind) in enumerate(zip(names, self.types.values(), strict=True))
        )
        return (
            "(select row_number() over () as _row, cast(null as varchar) as _malformed"
            f"{texts} from (select * from ({self._query}\n) as result({', '.join(names)})"
            " order by all))"
        )


def spool(file: TabularFile, resources: Resources, name: str) -> Path:
    """Write a file's rows as Parquet into the scratch folder, under their own column names.

    Raises SourceError when a record is malformed: a query has no place to put it.
    """
    target = resources.scratch / f"{name}.parquet"
    engine, relation = FileRows(file).open(resources, target)
    columns = ", ".join(
        f"c{position} as {quote_name(column)}" for position, column in enumerate(file.columns)
    )
    with engine:
        try:
            rows = f"select {columns}, _malformed from {relation}"
            engine.execute(f"copy ({rows}) to {quote_text(target)} ({PARQUET})")
        except ENGINE_ERRORS as error:
            failure = engine_failure(error, FileRows.misfit, file.path)
            raise file.failure() or failure from error
        (malformed,) = engine.execute(
            f"select count(_malformed) from read_parquet({quote_text(target)})"
        ).fetchone() or (0,)
    if malformed:
        raise SourceError(
            f"has {malformed:,} malformed records, which a query cannot keep",
            file=file.path,
            expected="Repair them, or map the file with path, which lands them as they are.",
        )
    return target


def _empty(files: Sequence[TabularFile]) -> str:
    """SQL of the table that files make, its types known without reading their rows."""
    if isinstance(files[0], ParquetFile):
        return _read([file.path for file in files], spooled=False)
    columns = dict.fromkeys(column for file in files for column in file.columns)
    nothing = ", ".join(f"cast(null as varchar) as {quote_name(column)}" for column in columns)
    return f"select {nothing} where false"


def _read(paths: Sequence[Path], spooled: bool) -> str:
    chosen = "* exclude (_malformed)" if spooled else "*"
    return f"select {chosen} from {rows_of_parquet(paths)}"
