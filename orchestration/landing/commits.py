"""A load becomes part of the landing, or is taken out of it, in one step no kill can halve."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.auditing.results import NotAudited
from orchestration.durable import commit_folder, sweep_folder, write_durably
from orchestration.landing.damaged import LandingError
from orchestration.landing.receipts import (
    DATA,
    INCOMING,
    RECEIPT,
    REFUSAL,
    REJECTED,
    Load,
    RejectedLoad,
    committed_loads,
    refusal,
    rejected_loads,
)


@contextmanager
def scratch_beside(building: Path) -> Iterator[Path]:
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


def commit_load(
    load: Load, building: Path, landing: Path, audit: Callable[[str, Path], object]
) -> None:
    """Audit a built load; commit it, or reject it and raise what `audit` raised.

    What could not be audited is swept away, and not rejected: it is built again by the next pull.
    """
    (building / RECEIPT).write_bytes(load.receipt())
    try:
        audit(load.table, building / DATA)
    except NotAudited:
        shutil.rmtree(building)
        raise
    except Exception as error:
        _refuse(landing, building, load, str(error))
        raise
    commit_folder(building, landing / load.table / load.load_id)


def _refuse(landing: Path, building: Path, load: Load, reason: str) -> None:
    """Keep a load that gate 1 refused; an earlier refusal of the same load makes room for it."""
    (building / REFUSAL).write_bytes(refusal(reason, by="gate"))
    earlier = [
        each.load.path.parent
        for each in rejected_loads(landing)
        if each.by == "gate" and each.load.identity == load.identity
    ]
    commit_folder(building, landing / REJECTED / load.load_id)
    for folder in earlier:
        shutil.rmtree(folder)


def reject(
    landing: Path, load_id: str, reason: str, *, although_compacted: bool = False
) -> RejectedLoad:
    """Take a committed load back: it moves to `.rejected` and its bytes do not land again.

    Raises LandingError when no committed load has this id; and when rows that would stand again
    were compacted away in its favour, unless `although_compacted`. To let it land again, move its
    folder away, and with it what its entry landed later: see `damaged_load`.
    """
    found = [load for load in committed_loads(landing) if load.load_id == load_id]
    if not found:
        raise LandingError(f"There is no load {load_id!r} in {landing}; `tiers loads` lists them.")
    if not although_compacted:
        _refuse_what_was_compacted(landing, load_id)
    # From the moment the refusal is there, nobody reads the load; the move only tidies.
    write_durably(found[0].path.parent / REFUSAL, refusal(reason, by="person"))
    finish_what_was_cut_off(landing)
    return next(each for each in rejected_loads(landing) if each.load_id == load_id)


def _refuse_what_was_compacted(landing: Path, load_id: str) -> None:
    compacted = [
        load.load_id
        for load in committed_loads(landing)
        if any(load_id in note.get("in_favour_of", ()) for note in load.rewritten)
    ]
    if compacted:
        raise LandingError(
            f"Rows of {', '.join(compacted)} were compacted away, since rows of {load_id} stood in "
            "their place. They would not come back: without this load their keys are gone. Put "
            "these loads back from a backup first, or say --although-compacted."
        )


def finish_what_was_cut_off(landing: Path) -> None:
    """Remove half-built loads, and finish rejections, that a kill left behind."""
    sweep_folder(landing / INCOMING)
    for rejected in rejected_loads(landing):
        folder = rejected.load.path.parent
        if folder.parent.name != REJECTED:
            commit_folder(folder, landing / REJECTED / folder.name)
