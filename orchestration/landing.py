"""The landing: what came, committed load by load, each with a receipt."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.durable import commit_folder, sweep_folder, write_durably
from orchestration.receipts import (
    DATA,
    INCOMING,
    RECEIPT,
    REFUSAL,
    REJECTED,
    LandingError,
    Load,
    RejectedLoad,
    all_loads,
    all_rejected,
    next_sequence,
    refusal,
)
from orchestration.sources.engine import Resources
from orchestration.sources.files import Found, Reading, find
from orchestration.sources.source_file import SourceFile

__all__ = [
    "LandingError",
    "Load",
    "PullResult",
    "RejectedLoad",
    "committed_loads",
    "pull_table",
    "reject",
    "rejected_loads",
]


@dataclass(frozen=True)
class PullResult:
    """What one pull did.

    Attributes:
        landed: the new loads, in order.
        unchanged: how many loads were there already, or stay rejected by a person.
    """

    landed: tuple[Load, ...]
    unchanged: int


def committed_loads(landing: Path, table: str | None = None) -> list[Load]:
    """The loads that count, by sequence; of one table or of all.

    A load carries in `superseded_by` the latest load of the same bytes under another mapping.
    Raises LandingError for a receipt that cannot be read.
    """
    loads = all_loads(landing)
    latest = {(load.table, load.entry, load.source_sha256): load.load_id for load in loads}
    marked = []
    for load in loads:
        winner = latest[load.table, load.entry, load.source_sha256]
        marked.append(replace(load, superseded_by=None if winner == load.load_id else winner))
    return [load for load in marked if table in (None, load.table)]


def rejected_loads(landing: Path) -> list[RejectedLoad]:
    """The loads that a gate or a person refused, by sequence."""
    return all_rejected(landing)


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
    _finish_what_was_cut_off(landing)
    pending, unchanged = _pending(table, source, landing, report)
    landed = []
    for reading in pending:
        report(f"reading {reading.found.origin} ({'; '.join(reading.rows.about)})")
        landed.append(_land(reading, landing, audit, threads, memory_limit))
        report(_summary(landed[-1]))
    return PullResult(tuple(landed), unchanged)


def reject(landing: Path, load_id: str, reason: str) -> RejectedLoad:
    """Take a committed load back: it moves to `.rejected` and its bytes do not land again.

    Raises LandingError when no committed load has this id. Delete its folder to let it land again.
    """
    found = [load for load in all_loads(landing) if load.load_id == load_id]
    if not found:
        raise LandingError(f"There is no load {load_id!r} in {landing}; `tiers loads` lists them.")
    # From the moment the refusal is there, nobody reads the load; the move only tidies.
    write_durably(found[0].path.parent / REFUSAL, refusal(reason, by="person"))
    _finish_what_was_cut_off(landing)
    return next(each for each in all_rejected(landing) if each.load_id == load_id)


def _finish_what_was_cut_off(landing: Path) -> None:
    """Remove half-built loads, and finish rejections, that a kill left behind."""
    sweep_folder(landing / INCOMING)
    for rejected in all_rejected(landing):
        folder = rejected.load.path.parent
        if folder.parent.name != REJECTED:
            commit_folder(folder, landing / REJECTED / folder.name)


def _pending(
    table: str, source: SourceFile, landing: Path, report: Callable[[str], None]
) -> tuple[list[Reading], int]:
    """What is new, opened and mapped; and how many loads are not new."""
    loads = committed_loads(landing, table)
    known = {load.identity for load in loads if load.superseded_by is None}
    refused = {each.load.identity: each for each in all_rejected(landing) if each.by == "person"}
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
    with _scratch(building) as scratch:
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
    _commit(load, building, landing, audit)
    return load


@contextmanager
def _scratch(building: Path) -> Iterator[Path]:
    """Make the folder of a load, and one beside it for the while; of a failure nothing stays."""
    scratch = building.with_name(f"{building.name}.scratch")
    for folder in (building, scratch):
        folder.mkdir(parents=True)
    try:
        yield scratch
    except BaseException:
        shutil.rmtree(building)
        raise
    finally:
        shutil.rmtree(scratch)


def _commit(
    load: Load, building: Path, landing: Path, audit: Callable[[str, Path], object]
) -> None:
    (building / RECEIPT).write_bytes(load.receipt())
    try:
        audit(load.table, building / DATA)
    except Exception as error:
        _refuse(landing, building, load, str(error))
        raise
    commit_folder(building, landing / load.table / load.load_id)


def _refuse(landing: Path, building: Path, load: Load, reason: str) -> None:
    """Keep a load that gate 1 refused; an earlier refusal of the same load makes room for it."""
    (building / REFUSAL).write_bytes(refusal(reason, by="gate"))
    earlier = [each.load for each in all_rejected(landing) if each.load.identity == load.identity]
    commit_folder(building, landing / REJECTED / load.load_id)
    for old in earlier:
        shutil.rmtree(old.path.parent)


def _summary(load: Load) -> str:
    rows = f"{load.rows:,} rows"
    malformed = f", {load.malformed_rows:,} of them malformed" if load.malformed_rows else ""
    extra = f"; kept and not used: {', '.join(load.extra_columns)}" if load.extra_columns else ""
    return f"{rows} from {load.origin}{malformed}, {load.seconds:.1f} s{extra}"
