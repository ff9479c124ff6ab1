"""Parquet: read by DuckDB itself, every value cast to exact text."""

from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.sources.errors import SourceError
from orchestration.sources.sql import text_of
from orchestration.sources.tabular import TabularFile, header


class ParquetFile(TabularFile):
    """A Parquet file, streamed by the engine."""

    def __init__(self, path: Path) -> None:
        """Read the footer. Raises SourceError when it is not a Parquet file."""
        self.path = path
        try:
            footer = parquet.read_metadata(path)
            names = footer.schema.to_arrow_schema().names
            with duckdb.connect() as connection:
                described = connection.execute(f"describe from {_read(path)}").fetchall()
                matched = connection.execute("from glob(?)", [str(path)]).fetchall()
        except (duckdb.Error, pa.ArrowException, OSError, UnicodeError) as error:
            raise SourceError(
                "cannot be read as Parquet: it is none, damaged or encrypted",
                file=path,
                expected="Export it again, without encryption.",
            ) from error
        if matched != [(str(path),)]:
            raise SourceError(
                "has a name that fits other files too: the engine takes * ? [ for a pattern",
                file=path,
                expected="Rename it.",
            )
        # The engine renames a column that stands twice; the footer has the names as they are.
        self.columns = header(names, path)
        self.records = footer.num_rows
        self._described = [(str(name), str(kind)) for name, kind, *_ in described]
        kinds = [kind for _, kind in self._described]
        self.types = dict(zip(self.columns, kinds, strict=True))
        self.about = "parquet"

    def attach(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """A view over the file; the engine keeps its order."""
        texts = "".join(
            f", {text_of(quote_name(column), kind)} as c{position}"
            for position, (column, kind) in enumerate(self._described)
        )
        connection.execute(
            f"create temp view {quote_name(name)} as"
            f" select row_number() over () as _row, cast(null as varchar) as _malformed{texts}"
            f" from {_read(self.path)}"
        )


def _read(path: Path) -> str:
    """SQL of the file's own columns, whatever the names of its folders say."""
    return f"read_parquet({quote_text(path)}, hive_partitioning = false)"
