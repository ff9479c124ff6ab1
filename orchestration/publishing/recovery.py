"""Putting the releases folder in order after a run that was killed."""

from __future__ import annotations

from pathlib import Path

from orchestration.durable import fsync_folder, make_folder, sweep_folder
from orchestration.publishing.current import current_release, record
from orchestration.publishing.ledger import cut_torn_line, read_ledger
from orchestration.publishing.releases import (
    CURRENT,
    Release,
    foreign_folders,
    list_releases,
)

BUILDING = ".building"
REMOVING = ".removing"
SET_ASIDE = ".set_aside"


def recover(releases: Path) -> list[str]:
    """Undo what a killed run left, and complete the ledger; returns one note per thing found.

    `current` is never moved here: it leads to the old release or to the new one, both whole.
    Raises BrokenCurrent, which says what to do, when it leads to neither.
    """
    make_folder(releases)
    notes = [*_sweep(releases), *_set_logs_aside(releases)]
    if torn := cut_torn_line(releases):
        notes.append(f"cut a torn last line of {torn} bytes off the release ledger")
    notes += [
        f"line {number} of the release ledger cannot be read; it is left as it is"
        for number in read_ledger(releases).unreadable
    ]
    notes += [
        f"{name} in {releases} is no whole release; it is left alone, remove it by hand"
        for name in foreign_folders(releases)
    ]
    return notes + _complete_ledger(releases, current_release(releases))


def _sweep(releases: Path) -> list[str]:
    notes = [f"removed the unfinished {name}" for name in sweep_folder(releases / BUILDING)]
    notes += [f"finished removing {name}" for name in sweep_folder(releases / REMOVING)]
    for leftover in sorted(releases.glob(f".{CURRENT}.*")) + sorted(releases.glob(".*.building")):
        leftover.unlink()
        notes.append(f"removed the leftover {leftover.name}")
    return notes


def _set_logs_aside(releases: Path) -> list[str]:
    """Move write-ahead logs away: a reader would replay them into what it reads, unseen."""
    notes = []
    for release in list_releases(releases):
        for log in sorted(release.path.glob("*.wal")):
            make_folder(releases / SET_ASIDE)
            log.replace(releases / SET_ASIDE / f"{release.id}.{log.name}")
            fsync_folder(releases / SET_ASIDE)
            fsync_folder(release.path)
            notes.append(
                f"somebody opened {log.with_suffix('')} for writing; its write-ahead log is now "
                f"in {releases / SET_ASIDE}, so that readers see what was published"
            )
    return notes


def _complete_ledger(releases: Path, current: Release | None) -> list[str]:
    """Write down what a kill between a rename and its ledger line kept from being written."""
    lines = read_ledger(releases).lines
    known = {line.release for line in lines}
    missing = [release for release in list_releases(releases) if release.id not in known]
    if current and not missing and lines[-1].current != current.id:
        missing = [current]  # killed between moving `current` back and writing it down
    for release in missing:
        record(releases, release.id, "repaired")
    return [f"added the missing ledger line of {release.id}" for release in missing]
