"""A DuckDB that can open the files it is told and nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duckdb_sql import quote_text
from orchestration.sources.errors import SourceError

# What the engine raises. When it cuts the text that it quotes within a letter, its error is lost.
ENGINE_ERRORS = (duckdb.Error, UnicodeDecodeError)


@dataclass(frozen=True)
class Resources:
    """What one load may use.

    Attributes:
        scratch: an existing folder for spilling and for files made on the way.
        threads: DuckDB threads; None is DuckDB's own choice.
        memory_limit: DuckDB memory such as `4GB`; None is DuckDB's own choice.
    """

    scratch: Path
    threads: int | None = None
    memory_limit: str | None = None


def confined(
    resources: Resources,
    files: Iterable[Path],
    prepare: Callable[[duckdb.DuckDBPyConnection], None],
) -> duckdb.DuckDBPyConnection:
    """A connection that can read and write `files` only, its settings locked.

    `prepare` makes its views. Zone UTC; rows keep their order.
    """
    connection = duckdb.connect()
    paths = ", ".join(quote_text(path) for path in files)
    settings = {
        "TimeZone": "'UTC'",
        # The run says what it is doing; DuckDB's own bar would write over it.
        "enable_progress_bar": "false",
        "preserve_insertion_order": "true",
        "python_enable_replacements": "false",
        "temp_directory": quote_text(str(resources.scratch / "spill")),
        "allowed_paths": f"[{paths}]",
        "enable_external_access": "false",
    }
    if resources.threads:
        settings["threads"] = str(resources.threads)
    if resources.memory_limit:
        settings["memory_limit"] = quote_text(resources.memory_limit)
    for name, value in settings.items():
        connection.execute(f"set {name} = {value}")
    prepare(connection)
    connection.execute("set lock_configuration = true")
    return connection


def engine_failure(error: Exception, problem: str, file: Path | str) -> SourceError:
    """What the engine says of rows, without the values that it quotes: they may be personal.

    Its errors about memory and files quote none, so they are told as they are.
    """
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        more = "Let it have more with TIERS_MEMORY_LIMIT, or split what it reads."
        return SourceError("needs more memory than it may have", file=file, expected=more)
    if isinstance(error, duckdb.IOException):
        return SourceError(text.partition("\n")[0], file=file)
    kind, _, _ = text.partition(": ")
    _, found, line = text.rpartition("\n\nLINE ")
    place = line.partition(": ")[2].partition("\n")[0].strip()
    return SourceError(
        f"{problem}: {kind}" + (f" at {place}" if found else ""),
        file=file,
        expected="The value is not shown, since it may be personal.",
    )
