"""Pulling: everything new that a source offers for a table, landed load by load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.erasing.leaving_out import LeavingOut
from orchestration.landing.building import Audit, Builder, Neighbours
from orchestration.landing.commits import finish_what_was_cut_off
from orchestration.landing.cursors import position_after
from orchestration.landing.landed_files import LandedFiles
from orchestration.landing.receipts import Load, committed_loads, next_sequence, rejected_loads
from orchestration.sources.entries import Entry, FilesEntry, RemoteEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.files import Found, find
from orchestration.sources.mapping import mapping_hash
from orchestration.sources.reading import Reading, open_all
from orchestration.sources.remote import question, written
from orchestration.sources.source_file import SourceFile

Report = Callable[[str], None]


@dataclass(frozen=True)
class PullResult:
    """What one pull did.

    Attributes:
        landed: the new loads, in order.
        unchanged: how many loads were there already, or stay rejected by a person.
        read_rows: how many rows were read, those that had landed before included.
    """

    landed: tuple[Load, ...]
    unchanged: int
    read_rows: int = 0


class PullFailed(Exception):
    """One or more entries of a table could not be pulled; the others were.

    Attributes:
        errors: why, one for each such entry.
        transient: whether all of it may go by itself.
    """

    def __init__(self, errors: Sequence[SourceError]) -> None:
        self.errors = tuple(errors)
        self.transient = all(error.transient for error in errors)
        super().__init__("\n".join(str(error) for error in errors))


def pull_table(
    table: str,
    source: SourceFile,
    landing: Path,
    *,
    audit: Audit,
    report: Report,
    erasures: Path | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
) -> PullResult:
    """Land everything new that a source offers for one table. The caller holds the run's lock.

    All headers of an entry are read and mapped before anything of it lands. Each load is then built
    aside, audited, and committed by a rename, so that a kill leaves it whole or not at all. The
    first load that cannot land ends its entry, since later loads win over earlier ones and so have
    to land after them; other entries go on.

    Args:
        audit: gate 1, called with the table and the built Parquet; raising GateFailed refuses the
            load, which is then kept in `.rejected`.
        report: takes a line of progress for people, without the table's name.
        erasures: the folder of who is erased; their rows are left out. None leaves nobody out.
        threads, memory_limit: of DuckDB; None is DuckDB's own choice.

    Raises:
        PullFailed: an entry cannot be used or a load was refused; what landed beside it stays.
    """
    finish_what_was_cut_off(landing)
    leaving_out = LeavingOut(erasures)
    builder = Builder(landing, next_sequence(landing), audit, leaving_out, threads, memory_limit)
    pull = _Pull(table, source, landing, builder, report)
    landed: list[Load] = []
    errors: list[SourceError] = []
    for entry in source.tables.get(table, ()):
        try:
            for load in pull.entry(entry):
                landed.append(load)
        except SourceError as error:
            errors.append(error)
    if errors:
        raise PullFailed(errors)
    return PullResult(tuple(landed), pull.unchanged, builder.read_rows)


class _Pull:
    """One pull of one table."""

    def __init__(
        self, table: str, source: SourceFile, landing: Path, builder: Builder, report: Report
    ) -> None:
        self._table, self._source = table, source
        self._builder, self._report = builder, report
        self._loads = committed_loads(landing, table)
        self._landed = LandedFiles(self._loads)
        self._offered: set[tuple[str, ...]] = set()
        self._refused = {
            each.load.identity: each for each in rejected_loads(landing) if each.by == "person"
        }
        self.unchanged = 0

    def entry(self, entry: Entry) -> Iterator[Load]:
        """Land what is new of one entry, load by load."""
        if isinstance(entry, RemoteEntry):
            return self._answer(entry)
        assert isinstance(entry, FilesEntry)
        return self._files(entry)

    def _files(self, entry: FilesEntry) -> Iterator[Load]:
        landed_before = any(load.entry == entry.name for load in self._loads)
        offered = find(self._source, self._table, entry, landed_before=landed_before)
        new = sorted(filter(self._is_new, offered), key=self._landed.turn)
        mine = self._alike(entry)
        for reading in open_all(new, {name for load in mine for name in load.columns}):
            found = reading.found
            assert isinstance(found, Found)
            self._report(f"reading {found.origin} ({'; '.join(reading.rows.about)})")
            load = self._land(reading, Neighbours(mine, (), self._same_bytes(found)))
            if load:
                mine.append(load)
                yield load

    def _answer(self, entry: RemoteEntry) -> Iterator[Load]:
        mine = [load for load in self._alike(entry) if load.superseded_by is None]
        asked = question(self._source, self._table, entry, position_after(entry, mine))
        (reading,) = open_all([asked], {name for load in mine for name in load.columns})
        since = f", from {written(asked.since)} on" if asked.since is not None else ""
        self._report(f"reading {asked.origin} ({'; '.join(reading.rows.about)}{since})")
        alike = entry.name, asked.mapping_sha256
        refused = [each.load for each in self._refused.values()]
        refused = [load for load in refused if (load.entry, load.mapping_sha256) == alike]
        replaced = self._same_place(asked.origin, *alike)
        load = self._land(reading, Neighbours(mine, refused, replaced))
        if load:
            yield load
        else:
            self.unchanged += 1
            self._report(f"nothing new in {asked.origin}")

    def _land(self, reading: Reading, beside: Neighbours) -> Load | None:
        load = self._builder.land(reading, beside)
        if load:
            self._report(_summary(load))
        return load

    def _alike(self, entry: Entry) -> list[Load]:
        """The loads of an entry under the mapping that it has now."""
        alike = entry.name, mapping_hash(entry)
        return [load for load in self._loads if (load.entry, load.mapping_sha256) == alike]

    def _same_bytes(self, found: Found) -> list[Load]:
        """Loads of bytes whose entry was renamed: counted once, not as two suppliers'."""
        return [
            load
            for load in self._loads
            if load.source_sha256 == found.source_sha256 and not self._is_named(load)
        ]

    def _same_place(self, origin: str, entry: str, mapping: str) -> list[Load]:
        """Loads of a place under another mapping or name: all of it is read again for a new one."""
        return [
            load
            for load in self._loads
            if load.superseded_by is None
            and (
                (load.entry == entry and load.mapping_sha256 != mapping)
                or (load.origin == origin and not self._is_named(load))
            )
        ]

    def _is_named(self, load: Load) -> bool:
        return load.entry in {entry.name for entry in self._source.tables[self._table]}

    def _is_new(self, found: Found) -> bool:
        if each := self._refused.get(found.identity):
            self._report(f"{found.origin} stays rejected as {each.load_id}: {each.reason}")
        elif not self._landed.has(found) and found.identity not in self._offered:
            self._offered.add(found.identity)
            return True
        self.unchanged += 1
        return False


def _summary(load: Load) -> str:
    rows = f"{load.rows:,} rows"
    malformed = f", {load.malformed_rows:,} of them malformed" if load.malformed_rows else ""
    extra = f"; kept and not used: {', '.join(load.extra_columns)}" if load.extra_columns else ""
    erased = f", {load.erased_rows:,} left out as erased" if load.erased_rows else ""
    return f"{rows} from {load.origin}{malformed}{erased}, {load.seconds:.1f} s{extra}"
