"""`from: files`: one load for each file of a `path:`, one for each `query:`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.canonical import CanonicalTable, canonical_tables
from orchestration.sources.entries import FilesEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.mapping import mapping_hash
from orchestration.sources.paths import content_hash, find_files, origin_of
from orchestration.sources.query import QueryError, check_query
from orchestration.sources.rows import FileRows, QueryRows, Rows
from orchestration.sources.source_file import SourceFile
from orchestration.sources.tables import open_file

SHOWN_FILES = 5
State = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """One load that an entry offers: found and hashed, not yet opened.

    Attributes:
        files: table name of the query (empty for a `path:`) and file.
        origin: the files, relative to the source file.
        source_sha256: of the bytes; of a query, over the bytes of all its files.
        mapping_sha256: of everything that shapes the rows.
    """

    source: SourceFile
    table: CanonicalTable
    entry: FilesEntry
    files: tuple[tuple[str, Path], ...]
    states: tuple[State, ...]
    origin: str
    source_sha256: str
    mapping_sha256: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What lands once; see `Load.identity`."""
        return self.table.name, self.entry.name, self.source_sha256, self.mapping_sha256

    def open(self) -> Rows:
        """Read the headers. SourceError: a file cannot be read, or does not fit the query."""
        return self._query_rows() if self.entry.query else self._file_rows()

    def changed(self) -> str | None:
        """The first file that is not as it was when it was hashed."""
        for (_, path), state in zip(self.files, self.states, strict=True):
            if not path.exists() or _state(path) != state:
                return str(path)
        return None

    def _file_rows(self) -> Rows:
        return FileRows(open_file(self.files[0][1], self.entry))

    def _query_rows(self) -> Rows:
        query = self.entry.query or ""
        tables = {
            name: [open_file(path, self.entry) for table, path in self.files if table == name]
            for name in self.entry.files
        }
        try:
            check_query(query, tables)
            return QueryRows(query, tables)
        except QueryError as error:
            raise self.source.error(str(error), self.table.name, self.entry, "query") from error
        except SourceError as error:
            raise self.source.error(
                error.problem, self.table.name, self.entry, "query", expected=error.expected
            ) from error


def find(
    source: SourceFile,
    table: str,
    entry: FilesEntry,
    *,
    landed_before: bool = False,
    among: Collection[str] | None = None,
) -> Iterator[Found]:
    """Every load that one entry offers, in the order of its files.

    Args:
        landed_before: whether it needs no files any more, since they landed once.
        among: origins; a load of which no file is one of them is passed over, unread.

    Raises:
        SourceError: a path names no file, leaves its folder, or is in no installed package.
    """
    patterns = entry.files or {"": entry.path or ""}
    named = {
        name: _files(source, table, entry, name, pattern) for name, pattern in patterns.items()
    }
    empty = [name for name, paths in named.items() if not paths]
    if empty and not landed_before:
        place = ("files", empty[0]) if entry.query else ("path",)
        problem = f"{patterns[empty[0]]!r} names no file in {source.folder}"
        raise source.error(problem, table, entry, *place)
    files = [
        (name, origin_of(source.folder, patterns[name], path), path)
        for name, paths in named.items()
        for path in paths
    ]
    loads = [[each] for each in files] if not entry.query else [] if empty else [files]
    for load in loads:
        if among is None or any(origin in among for _, origin, _ in load):
            yield _found(source, table, entry, load)


def _files(
    source: SourceFile, table: str, entry: FilesEntry, name: str, pattern: str
) -> list[Path]:
    try:
        return find_files(source.folder, pattern)
    except SourceError as error:
        place = ("files", name) if name else ("path",)
        raise source.error(error.problem, table, entry, *place, expected=error.expected) from error


def _found(
    source: SourceFile, table: str, entry: FilesEntry, named: list[tuple[str, str, Path]]
) -> Found:
    try:
        states = tuple(_state(path) for _, _, path in named)
        hashes = [(name, content_hash(path)) for name, _, path in named]
    except OSError as error:
        problem = f"{error.filename} cannot be read: {error.strerror}"
        raise source.error(problem, table, entry) from error
    content = hashes[0][1]
    if entry.query:
        content = hashlib.sha256(repr(sorted(hashes)).encode()).hexdigest()
    origins = [origin for _, origin, _ in named]
    more = [f"{len(origins) - SHOWN_FILES} more"] if len(origins) > SHOWN_FILES else []
    return Found(
        source=source,
        table=canonical_tables()[table],
        entry=entry,
        files=tuple((name, path) for name, _, path in named),
        states=states,
        origin=", ".join([*origins[:SHOWN_FILES], *more]),
        source_sha256=content,
        mapping_sha256=mapping_hash(entry),
    )


def _state(path: Path) -> State:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
