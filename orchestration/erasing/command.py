"""`tiers erase`: from the request to a `current` that was built without the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from orchestration.erasing.finding import Found, find
from orchestration.erasing.merges import merges_built
from orchestration.erasing.recovery import recover
from orchestration.erasing.releases import finish_requests, old_releases
from orchestration.erasing.requests import FOLDER, ErasureError, Request, keep, new_id, requests
from orchestration.history import committed_days
from orchestration.landing.belonging import refuse_another_company
from orchestration.mirroring import mirror_current
from orchestration.progress import Progress
from orchestration.publishing import list_releases
from orchestration.publishing.releases import foreign_folders
from orchestration.running import check_inputs, run_days
from orchestration.settings import Settings
from orchestration.store import Store, working_in
from orchestration.trials import refuse_while_built

LOCK = "tiers erase"
GO_ON = "Correct what failed, then `tiers erase --resume`; the next `tiers run` does the same."


@dataclass(frozen=True)
class Erased:
    """How it ended.

    Attributes:
        request: as it is kept; None when there was nothing to resume.
        day: the day that was published again; None when nothing was published before.
        removed: releases that went.
        strangers: folders among the releases that are none, which only a person can look into.
    """

    request: Request | None
    day: date | None
    removed: Sequence[str]
    strangers: Sequence[str]


def look_for(settings: Settings, customers: Sequence[str]) -> Found:
    """What would go. Raises ErasureError when nothing is kept of the customers, and RunLocked."""
    with working_in(settings, LOCK):
        return _look_for(settings, customers)


def _look_for(settings: Settings, customers: Sequence[str]) -> Found:
    with merges_built(settings):
        found = find(settings, customers)
    if not found.is_anybody:
        raise ErasureError(
            "Nothing is kept of these customers: no landed row and no day of history names them. "
            "Look at the spelling of the id; an erasure that a kill cut off goes on with "
            "`tiers erase --resume`."
        )
    return found


def erase(
    settings: Settings, customers: Sequence[str], *, by: str, reason: str, progress: Progress
) -> Erased:
    """Erase customers: their rows, their classes of every day, and every release that shows them.

    Raises ErasureError, RunLocked while a preview or an evaluation is at work, and whatever the
    run of the newest day raises. Once the request is written down, a note on the error says so, and
    where the people still are.
    """
    source = check_inputs(settings)
    with working_in(settings, LOCK, progress.say) as store:
        refuse_another_company(source, settings.landing)
        recover(settings, progress.say)
        found = _look_for(settings, customers)
        asked_at = datetime.now(UTC).replace(microsecond=0)
        request = Request(
            request_id=new_id(asked_at),
            asked_at=asked_at,
            by=by,
            reason=reason,
            salt=found.salt,
            people=found.people,
            rows=found.rows,
            emptied=found.emptied,
            days=found.days,
            releases=found.releases,
        )
        # Written down, the request would stop every run until the trial, which may show them, ends.
        refuse_while_built(settings, LOCK)
        keep(settings.home / FOLDER, request)
        return _finish(settings, progress, store)


def resume(settings: Settings, progress: Progress) -> Erased:
    """Go on with what was cut off, or came back with a backup. Raises as `erase` does."""
    source = check_inputs(settings)
    with working_in(settings, LOCK, progress.say) as store:
        refuse_another_company(source, settings.landing)
        return _finish(settings, progress, store)


def _finish(settings: Settings, progress: Progress, store: Store) -> Erased:
    """Everything after the request was written down; each step may be repeated."""
    try:
        recover(settings, progress.say)
        store.keep()
    except Exception as error:
        error.add_note(f"The request to erase is written down, and not done yet. {GO_ON}")
        raise
    before = {release.id for release in list_releases(settings.releases)}
    day = _day_to_publish(settings)
    if day:
        try:
            list(run_days(settings, [day], progress, store))
        except Exception as error:
            error.add_note(_still_there(settings))
            raise
    mirror_current(settings, progress.say)
    finish_requests(settings)
    left = {release.id for release in list_releases(settings.releases)}
    kept = requests(settings.home / FOLDER)
    strangers = foreign_folders(settings.releases)
    return Erased(kept[-1] if kept else None, day, sorted(before - left), strangers)


def _day_to_publish(settings: Settings) -> date | None:
    """The newest day, when `current` may still show somebody who is erased."""
    shown = [release.as_of for release in old_releases(settings) if release.is_current]
    days = [commit.as_of for commit in committed_days(settings.history)]
    return max([*shown, *days]) if shown else None


def _still_there(settings: Settings) -> str:
    named = ", ".join(release.id for release in old_releases(settings))
    return (
        "Landing and history are clean of the erased people. Until a day is published without "
        f"them, they are still in the releases {named or 'none'}. {GO_ON}"
    )
