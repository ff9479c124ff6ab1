"""One home is one company: whether a source file goes on with what has landed in a home.

Two companies in one home would be taken for one: ids that are alike would become one customer, and
amounts of two currencies be added up.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from orchestration.landing.receipts import Load, committed_loads
from orchestration.sources.entries import Entry, FilesEntry, RemoteEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.paths import PACKAGE
from orchestration.sources.source_file import SourceFile

SHOWN = 5


def refuse_another_company(source: SourceFile, landing: Path) -> None:
    """Raise SourceError when loads count, and none of them is of this source file.

    A load is when an entry of its table has its name, or offers the place that it came from; or
    when its entry is among `former_entries`. The files of a package, such as those of the bundled
    example, are no company's own.
    """
    loads = [load for load in committed_loads(landing) if load.superseded_by is None]
    if not loads or any(_is_of(source, load) for load in loads):
        return
    there = list(dict.fromkeys(f"{load.table} of {load.entry}" for load in loads))
    more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    raise SourceError(
        f"nothing of it has landed in {landing.parent}, but {', '.join(there[:SHOWN])}{more} have",
        file=source.path,
        expected="One home is one company: set another TIERS_HOME for another one. If it is the"
        f" same, with other sources, say so: former_entries: [{loads[0].entry}].",
    )


def _is_of(source: SourceFile, load: Load) -> bool:
    return load.entry in source.former_entries or any(
        (entry.name == load.entry and _may_be_of(entry, load.origin)) or _offers(entry, load.origin)
        for entry in source.tables.get(load.table, ())
    )


def _may_be_of(entry: Entry, origin: str) -> bool:
    is_packaged = origin.startswith(PACKAGE)
    if isinstance(entry, FilesEntry):
        return any(place.startswith(PACKAGE) == is_packaged for place in _places(entry))
    return not is_packaged


def _offers(entry: Entry, origin: str) -> bool:
    if isinstance(entry, RemoteEntry):
        return entry.origin == origin
    assert isinstance(entry, FilesEntry)
    # Of a query the origin is a list of files.
    first = origin if entry.path else origin.split(", ")[0]
    return any(fnmatchcase(first, place) for place in _places(entry))


def _places(entry: FilesEntry) -> list[str]:
    return [entry.path] if entry.path else list(entry.files.values())
