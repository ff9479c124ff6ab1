"""Pulling: everything new that a source offers for a table, landed load by load."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.auditing.results import GateFailed
from orchestration.landing.answers import Answer, position_after, write_answer
from orchestration.landing.commits import commit_load, finish_what_was_cut_off, scratch_beside
from orchestration.landing.drift import differences, refuse_other_types
from orchestration.landing.receipts import (
    DATA,
    INCOMING,
    Load,
    committed_loads,
    next_sequence,
    rejected_loads,
)
from orchestration.sources.engine import Resources
from orchestration.sources.entries import Entry, FilesEntry, RemoteEntry
from orchestration.sources.errors import SourceError
from orchestration.sources.files import Found, find
from orchestration.sources.mapping import mapping_hash
from orchestration.sources.paths import content_hash
from orchestration.sources.reading import Reading, open_all
from orchestration.sources.remote import Question, question, written
from orchestration.sources.source_file import SourceFile

Audit = Callable[[str, Path], object]
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
        threads, memory_limit: of DuckDB; None is DuckDB's own choice.

    Raises:
        PullFailed: an entry cannot be used or a load was refused; what landed beside it stays.
    """
    finish_what_was_cut_off(landing)
    pull = _Pull(table, source, landing, audit, report, threads, memory_limit)
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
    return PullResult(tuple(landed), pull.unchanged, pull.read_rows)


class _Pull:
    """One pull of one table."""

    def __init__(
        self,
        table: str,
        source: SourceFile,
        landing: Path,
        audit: Audit,
        report: Report,
        threads: int | None,
        memory_limit: str | None,
    ) -> None:
        self._table, self._source, self._landing = table, source, landing
        self._audit, self._report = audit, report
        self._threads, self._memory_limit = threads, memory_limit
        self._loads = committed_loads(landing, table)
        self._known = {load.identity for load in self._loads if load.superseded_by is None}
        self._refused = {
            each.load.identity: each for each in rejected_loads(landing) if each.by == "person"
        }
        self._sequence = next_sequence(landing)
        self.unchanged = 0
        self.read_rows = 0

    def entry(self, entry: Entry) -> Iterator[Load]:
        """Land what is new of one entry, load by load."""
        if isinstance(entry, FilesEntry):
            return self._files(entry)
        assert isinstance(entry, RemoteEntry)
        return self._answer(entry)

    def _files(self, entry: FilesEntry) -> Iterator[Load]:
        mine = [load for load in self._loads if load.entry == entry.name]
        offered = find(self._source, self._table, entry, landed_before=bool(mine))
        new = [found for found in offered if self._is_new(found)]
        if not new:
            return
        mine = self._alike(entry)
        for reading in open_all(new, {name for load in mine for name in load.columns}):
            self._report(f"reading {reading.found.origin} ({'; '.join(reading.rows.about)})")
            load = self._land(reading, mine)
            if load:
                mine.append(load)
                self._report(_summary(load))
                yield load

    def _answer(self, entry: RemoteEntry) -> Iterator[Load]:
        mine = [load for load in self._alike(entry) if load.superseded_by is None]
        asked = question(self._source, self._table, entry, position_after(entry, mine))
        (reading,) = open_all([asked], {name for load in mine for name in load.columns})
        since = f", from {written(asked.since)} on" if asked.since is not None else ""
        self._report(f"reading {asked.origin} ({'; '.join(reading.rows.about)}{since})")
        load = self._land(reading, mine)
        if load is None:
            self.unchanged += 1
            self._report(f"nothing new in {asked.origin}")
        else:
            self._report(_summary(load))
            yield load

    def _alike(self, entry: Entry) -> list[Load]:
        """The loads of an entry under the mapping that it has now."""
        mapping = mapping_hash(entry)
        return [
            load
            for load in self._loads
            if load.entry == entry.name and load.mapping_sha256 == mapping
        ]

    def _is_new(self, found: Found) -> bool:
        identity = found.table.name, found.entry.name, found.source_sha256, found.mapping_sha256
        if identity in self._refused:
            each = self._refused[identity]
            self._report(f"{found.origin} stays rejected as {each.load_id}: {each.reason}")
        if identity in self._known or identity in self._refused:
            self.unchanged += 1
            return False
        self._known.add(identity)
        return True

    def _land(self, reading: Reading, before: Sequence[Load]) -> Load | None:
        """Build one load aside, audit it, and commit it or reject it; None when nothing is new.

        `before` are the loads of the same entry and mapping.
        """
        started, found = time.monotonic(), reading.found
        building = self._landing / INCOMING / f"{self._sequence:06d}-{found.entry.name}"
        with scratch_beside(building) as scratch:
            built = self._build(reading, building, before, scratch)
        self.read_rows += built.read
        if isinstance(found, Question) and not built.new.rows:
            shutil.rmtree(building)
            return None
        source_sha256 = (
            found.source_sha256 if isinstance(found, Found) else content_hash(building / DATA)
        )
        load_id = f"{building.name}-{source_sha256[:8]}"
        load = Load(
            load_id=load_id,
            sequence=self._sequence,
            table=found.table.name,
            entry=found.entry.name,
            origin=found.origin,
            rows=built.new.rows,
            malformed_rows=built.new.malformed,
            columns=reading.plan.columns,
            extra_columns=tuple(reading.plan.extras),
            source_sha256=source_sha256,
            mapping_sha256=found.mapping_sha256,
            cursor=built.cursor,
            pulled_at=datetime.now(UTC).replace(microsecond=0),
            seconds=round(time.monotonic() - started, 3),
            path=self._landing / found.table.name / load_id / DATA,
            read_rows=built.read,
            families=built.new.families,
            replaces=self._replaced_by(found, source_sha256),
        )
        load = replace(load, notes=(*differences(load, before), *built.notes))
        self._sequence += 1

        def gate(table: str, parquet: Path) -> None:
            refuse_other_types(load, before)
            try:
                self._audit(table, parquet)
            except GateFailed as error:
                raise SourceError(str(error), file=load.origin) from error

        commit_load(load, building, self._landing, gate)
        return load

    def _build(
        self, reading: Reading, building: Path, before: Sequence[Load], scratch: Path
    ) -> Answer:
        resources = Resources(scratch, self._threads, self._memory_limit)
        if isinstance(reading.found, Found):
            new = reading.write(building / DATA, resources)
            return Answer(new, new.rows)
        alike = reading.found.entry.name, reading.found.mapping_sha256
        refused = [
            each.load
            for each in self._refused.values()
            if (each.load.entry, each.load.mapping_sha256) == alike
        ]
        return write_answer(reading, building / DATA, before, refused, resources)

    def _replaced_by(self, found: Found | Question, source_sha256: str) -> tuple[str, ...]:
        """Loads that this one puts out of force, though their bytes or their entry differ.

        Of files: the same bytes under an entry that was renamed, counted once, not as two
        suppliers'. Of a source that is asked: whatever the same place gave under another mapping
        or name, since everything in it is read again for a new one.
        """
        named = {entry.name for entry in self._source.tables[self._table]}
        if isinstance(found, Found):
            return tuple(
                load.load_id
                for load in self._loads
                if load.source_sha256 == source_sha256 and load.entry not in named
            )
        return tuple(
            load.load_id
            for load in self._loads
            if (load.mapping_sha256 != found.mapping_sha256 and load.entry == found.entry.name)
            or (load.origin == found.origin and load.entry not in named)
        )


def _summary(load: Load) -> str:
    rows = f"{load.rows:,} rows"
    malformed = f", {load.malformed_rows:,} of them malformed" if load.malformed_rows else ""
    extra = f"; kept and not used: {', '.join(load.extra_columns)}" if load.extra_columns else ""
    return f"{rows} from {load.origin}{malformed}, {load.seconds:.1f} s{extra}"
