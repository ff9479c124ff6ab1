"""One load, built aside, audited, and committed or refused."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.auditing.results import GateFailed
from orchestration.erasing.leaving_out import LeavingOut
from orchestration.landing.answers import Answer, write_answer
from orchestration.landing.commits import commit_load, scratch_beside
from orchestration.landing.drift import differences, refuse_other_types
from orchestration.landing.receipts import DATA, INCOMING, Load
from orchestration.sources.engine import Resources
from orchestration.sources.errors import SourceError
from orchestration.sources.files import Found
from orchestration.sources.paths import content_hash
from orchestration.sources.reading import Reading
from orchestration.sources.remote import Question

Audit = Callable[[str, Path], object]


@dataclass(frozen=True)
class Neighbours:
    """The loads that a new one is held against, each group by sequence.

    Attributes:
        before: committed, of the same entry and mapping.
        refused: the same, but rejected by a person.
        replaced: put out of force by the new one, though their bytes or their entry differ.
    """

    before: Sequence[Load]
    refused: Sequence[Load]
    replaced: Sequence[Load]


class Builder:
    """Builds the loads of one pull.

    Attributes:
        read_rows: how many rows it has read so far, those that had landed before included.
    """

    def __init__(
        self,
        landing: Path,
        sequence: int,
        audit: Audit,
        leaving_out: LeavingOut,
        threads: int | None,
        memory_limit: str | None,
    ) -> None:
        """`sequence` is that of the first load."""
        self._landing, self._sequence, self._audit = landing, sequence, audit
        self._leaving_out = leaving_out
        self._threads, self._memory_limit = threads, memory_limit
        self.read_rows = 0

    def land(self, reading: Reading, beside: Neighbours) -> Load | None:
        """Commit what is new of a reading; None when nothing is.

        Raises SourceError when its rows cannot be read, or gate 1 refuses them.
        """
        started = time.monotonic()
        building = self._landing / INCOMING / f"{self._sequence:06d}-{reading.found.entry.name}"
        with scratch_beside(building) as scratch:
            resources = Resources(scratch, self._threads, self._memory_limit)
            answer = _write(reading, building / DATA, beside, resources, self._leaving_out)
        self.read_rows += answer.read
        if isinstance(reading.found, Question) and not answer.new.rows:
            shutil.rmtree(building)
            return None
        load = self._load(reading, answer, beside, building / DATA)
        load = replace(load, seconds=round(time.monotonic() - started, 3))
        self._sequence += 1

        def gate(table: str, parquet: Path) -> None:
            refuse_other_types(load, beside.before)
            try:
                self._audit(table, parquet)
            except GateFailed as error:
                raise SourceError(str(error), file=load.origin) from error

        commit_load(load, building, self._landing, gate)
        return load

    def _load(self, reading: Reading, answer: Answer, beside: Neighbours, built: Path) -> Load:
        found = reading.found
        source_sha256 = found.source_sha256 if isinstance(found, Found) else content_hash(built)
        load_id = f"{self._sequence:06d}-{found.entry.name}-{source_sha256[:8]}"
        load = Load(
            load_id=load_id,
            sequence=self._sequence,
            table=found.table.name,
            entry=found.entry.name,
            origin=found.origin,
            rows=answer.new.rows + answer.erased,
            malformed_rows=answer.new.malformed,
            columns=reading.plan.columns,
            extra_columns=tuple(reading.plan.extras),
            source_sha256=source_sha256,
            mapping_sha256=found.mapping_sha256,
            cursor=answer.cursor,
            pulled_at=datetime.now(UTC).replace(microsecond=0),
            seconds=0,
            path=self._landing / found.table.name / load_id / DATA,
            read_rows=answer.read,
            families=answer.new.families,
            replaces=tuple(load.load_id for load in beside.replaced),
            erased_rows=answer.erased,
        )
        return replace(load, notes=(*differences(load, beside.before), *answer.notes))


def _write(
    reading: Reading,
    target: Path,
    beside: Neighbours,
    resources: Resources,
    leaving_out: LeavingOut,
) -> Answer:
    if isinstance(reading.found, Question):
        return write_answer(reading, target, beside.before, beside.refused, resources, leaving_out)
    told = reading.write(target, resources)
    erased = leaving_out.rows(target, [load.path for load in beside.before], resources)
    return Answer(replace(told, rows=told.rows - erased), told.rows, erased)
