"""Pulling: everything new that a source offers for a table, landed load by load."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.landing.commits import commit_load, finish_what_was_cut_off, scratch_beside
from orchestration.landing.receipts import (
    DATA,
    INCOMING,
    Load,
    committed_loads,
    next_sequence,
    rejected_loads,
)
from orchestration.sources.engine import Resources
from orchestration.sources.files import Found, Reading, find
from orchestration.sources.source_file import SourceFile


@dataclass(frozen=True)
class PullResult:
    """What one pull did.

    Attributes:
        landed: the new loads, in order.
        unchanged: how many loads were there already, or stay rejected by a person.
    """

    landed: tuple[Load, ...]
    unchanged: int


def pull_table(
    table: str,
    source: SourceFile,
    landing: Path,
    *,
    audit: Callable[[str, Path], object],
    report: Callable[[str], None],
    threads: int | None = None,
    memory_limit: str | None = None,
) -> PullResult:
    """Land everything new that a source offers for one table. The caller holds the run's lock.

    All headers are read and mapped before anything lands. Each load is then built aside, audited,
    and committed by a rename, so that a kill leaves it whole or not at all.

    Args:
        audit: gate 1, called with the table and the built Parquet; raising refuses the load.
        report: takes a line of progress for people, without the table's name.
        threads, memory_limit: of DuckDB; None is DuckDB's own choice.

    Raises:
        SourceError: something in the source cannot be used; loads committed before it stay.
        Exception: whatever `audit` raised; the load it refused is kept in `.rejected`.
    """
    finish_what_was_cut_off(landing)
    pending, unchanged = _pending(table, source, landing, report)
    landed = []
    for reading in pending:
        report(f"reading {reading.found.origin} ({'; '.join(reading.rows.about)})")
        landed.append(_land(reading, landing, audit, threads, memory_limit))
        report(_summary(landed[-1]))
    return PullResult(tuple(landed), unchanged)


def _pending(
    table: str, source: SourceFile, landing: Path, report: Callable[[str], None]
) -> tuple[list[Reading], int]:
    """What is new, opened and mapped; and how many loads are not new."""
    loads = committed_loads(landing, table)
    known = {load.identity for load in loads if load.superseded_by is None}
    refused = {each.load.identity: each for each in rejected_loads(landing) if each.by == "person"}
    pending, unchanged = [], 0
    for found in find(source, table, landed_before={load.entry for load in loads}):
        identity = _identity(found)
        if identity in refused:
            each = refused[identity]
            report(f"{found.origin} stays rejected as {each.load_id}: {each.reason}")
        if identity in known or identity in refused:
            unchanged += 1
            continue
        known.add(identity)
        pending.append(found.open())
    return pending, unchanged


def _identity(found: Found) -> tuple[str, str, str, str]:
    return found.table.name, found.entry.name, found.source_sha256, found.mapping_sha256


def _land(
    reading: Reading,
    landing: Path,
    audit: Callable[[str, Path], object],
    threads: int | None,
    memory_limit: str | None,
) -> Load:
    """Build one load aside, audit it, and commit it or reject it."""
    started, found = time.monotonic(), reading.found
    sequence = next_sequence(landing)
    load_id = f"{sequence:06d}-{found.entry.name}-{found.source_sha256[:8]}"
    building = landing / INCOMING / load_id
    with scratch_beside(building) as scratch:
        rows, malformed = reading.write(building / DATA, Resources(scratch, threads, memory_limit))
    load = Load(
        load_id=load_id,
        sequence=sequence,
        table=found.table.name,
        entry=found.entry.name,
        origin=found.origin,
        rows=rows,
        malformed_rows=malformed,
        columns=reading.plan.columns,
        extra_columns=tuple(reading.plan.extras),
        source_sha256=found.source_sha256,
        mapping_sha256=found.mapping_sha256,
        cursor=None,
        pulled_at=datetime.now(UTC).replace(microsecond=0),
        seconds=round(time.monotonic() - started, 3),
        path=landing / found.table.name / load_id / DATA,
    )
    commit_load(load, building, landing, audit)
    return load


def _summary(load: Load) -> str:
    rows = f"{load.rows:,} rows"
    malformed = f", {load.malformed_rows:,} of them malformed" if load.malformed_rows else ""
    extra = f"; kept and not used: {', '.join(load.extra_columns)}" if load.extra_columns else ""
    return f"{rows} from {load.origin}{malformed}, {load.seconds:.1f} s{extra}"
