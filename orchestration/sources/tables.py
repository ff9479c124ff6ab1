"""Which reader opens a file, by its suffix."""

from pathlib import Path

from orchestration.sources.delimited import DelimitedFile
from orchestration.sources.disguise import refuse_disguise
from orchestration.sources.entries import FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.json_lines import JsonLinesFile
from orchestration.sources.parquet import ParquetFile
from orchestration.sources.tabular import TabularFile
from orchestration.sources.workbook import WorkbookFile


def open_file(path: Path, entry: FilesEntry) -> TabularFile:
    """Open one file with the options of its entry. Raises SourceError; see the readers."""
    try:
        refuse_disguise(path)
        return _reader(path, entry)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", file=path) from error


def _reader(path: Path, entry: FilesEntry) -> TabularFile:
    match path.suffix.lower():
        case ".parquet":
            return ParquetFile(path)
        case ".xlsx":
            return WorkbookFile(path, entry.sheet)
        case ".jsonl":
            return JsonLinesFile(path, entry.encoding)
        case _:
            return DelimitedFile(path, entry.encoding, entry.delimiter)
