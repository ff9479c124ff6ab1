"""Parquet: read by DuckDB itself, every value cast to exact text."""

from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from orchestration.sources.errors import SourceError
from orchestration.sources.sql import identifier, literal, text_of
from orchestration.sources.tabular import TabularFile, header


class ParquetFile(TabularFile):
    """A Parquet file, streamed by the engine."""

    def __init__(self, path: Path) -> None:
        """Read the footer. Raises SourceError when it is not a Parquet file."""
        self.path = path
        try:
            footer = parquet.read_metadata(path)
            with duckdb.connect() as connection:
                described = connection.execute(
                    f"describe select * from read_parquet({literal(str(path))})"
                ).fetchall()
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise SourceError(f"cannot be read as Parquet: {error}", file=path) from error
        # The engine renames a column that stands twice; the footer has the names as they are.
        self.columns = header(footer.schema.to_arrow_schema().names, path)
        self.records = footer.num_rows
        self.types = {name: str(kind) for name, kind, *_ in described}
        self.about = "parquet"

    def attach(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """A view over the file; the engine keeps its order."""
        texts = "".join(
            f", {text_of(identifier(column), kind)} as c{position}"
            for position, (column, kind) in enumerate(self.types.items())
        )
        connection.execute(
            f"create temp view {identifier(name)} as"
            f" select file_row_number + 1 as _row, cast(null as varchar) as _malformed{texts}"
            f" from read_parquet({literal(str(self.path))}, file_row_number = true)"
        )
