"""Pulling: everything new that a source offers for a table, landed load by load."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.auditing.results import GateFailed
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
from orchestration.sources.errors import SourceError
from orchestration.sources.files import Found, find
from orchestration.sources.reading import Reading, open_all
from orchestration.sources.source_file import Entry, SourceFile

Audit = Callable[[str, Path], object]
Report = Callable[[str], None]


@dataclass(frozen=True)
class PullResult:
    """What one pull did.

    Attributes:
        landed: the new loads, in order.
        unchanged: how many loads were there already, or stay rejected by a person.
    """

    landed: tuple[Load, ...]
    unchanged: int


class PullFailed(Exception):
    """One or more entries of a table could not be pulled; the others were.

    Attributes:
        errors: why, one for each such entry.
    """

    def __init__(self, errors: Sequence[SourceError]) -> None:
        self.errors = tuple(errors)
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
    return PullResult(tuple(landed), pull.unchanged)


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

    def entry(self, entry: Entry) -> Iterator[Load]:
        """Land what is new of one entry, load by load."""
        mine = [load for load in self._loads if load.entry == entry.name]
        offered = find(self._source, self._table, entry, landed_before=bool(mine))
        new = [found for found in offered if self._is_new(found)]
        if not new:
            return
        mine = [load for load in mine if load.mapping_sha256 == new[0].mapping_sha256]
        for reading in open_all(new, {name for load in mine for name in load.columns}):
            self._report(f"reading {reading.found.origin} ({'; '.join(reading.rows.about)})")
            mine.append(self._land(reading, mine))
            self._report(_summary(mine[-1]))
            yield mine[-1]

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

    def _land(self, reading: Reading, before: Sequence[Load]) -> Load:
        """Build one load aside, audit it, and commit it or reject it.

        `before` are the loads of the same entry and mapping.
        """
        started, found = time.monotonic(), reading.found
        load_id = f"{self._sequence:06d}-{found.entry.name}-{found.source_sha256[:8]}"
        building = self._landing / INCOMING / load_id
        with scratch_beside(building) as scratch:
            written = reading.write(
                building / DATA, Resources(scratch, self._threads, self._memory_limit)
            )
        load = Load(
            load_id=load_id,
            sequence=self._sequence,
            table=found.table.name,
            entry=found.entry.name,
            origin=found.origin,
            rows=written.rows,
            malformed_rows=written.malformed,
            columns=reading.plan.columns,
            extra_columns=tuple(reading.plan.extras),
            source_sha256=found.source_sha256,
            mapping_sha256=found.mapping_sha256,
            cursor=None,
            pulled_at=datetime.now(UTC).replace(microsecond=0),
            seconds=round(time.monotonic() - started, 3),
            path=self._landing / found.table.name / load_id / DATA,
            families=written.families,
            replaces=self._replaced_by(found),
        )
        load = replace(load, notes=differences(load, before))
        self._sequence += 1

        def gate(table: str, parquet: Path) -> None:
            refuse_other_types(load, before)
            try:
                self._audit(table, parquet)
            except GateFailed as error:
                raise SourceError(str(error), file=load.origin) from error

        commit_load(load, building, self._landing, gate)
        return load

    def _replaced_by(self, found: Found) -> tuple[str, ...]:
        """Loads of the same bytes whose entry was renamed: counted once, not as two suppliers'."""
        named = {entry.name for entry in self._source.tables[self._table]}
        return tuple(
            load.load_id
            for load in self._loads
            if load.source_sha256 == found.source_sha256 and load.entry not in named
        )


def _summary(load: Load) -> str:
    rows = f"{load.rows:,} rows"
    malformed = f", {load.malformed_rows:,} of them malformed" if load.malformed_rows else ""
    extra = f"; kept and not used: {', '.join(load.extra_columns)}" if load.extra_columns else ""
    return f"{rows} from {load.origin}{malformed}, {load.seconds:.1f} s{extra}"
