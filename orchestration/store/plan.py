"""What has to happen so that a home is as the store is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from orchestration.history.commits import RECEIPT as COMMIT
from orchestration.history.evaluations import RECEIPT as EVALUATION
from orchestration.landing.receipts import RECEIPT as LOAD
from orchestration.publishing.releases import MANIFEST
from orchestration.store.bucket import StoreError
from orchestration.store.remembered import Remembered
from orchestration.store.scan import RELEASES, Local
from orchestration.store.state import Listing, Pointer, number_of, parted

# What persons said, and nobody says again by itself.
SAID_BY_PERSONS = ("erasures/", "history/calibrations/")
# Beside files that work moves out of sight, or rewrites, as a whole.
RECEIPTS = (LOAD, COMMIT, EVALUATION)


@dataclass(frozen=True)
class Plan:
    """Paths.

    Attributes:
        bring: out of the store.
        remove: from here.
        given_up: of these, what this machine did and could not put before another one did.
    """

    bring: Sequence[str] = ()
    remove: Sequence[str] = ()
    given_up: Sequence[str] = ()


def plan(local: Mapping[str, Local], known: Remembered, pointer: Pointer, listing: Listing) -> Plan:
    """Compare what is here, what the store had when they last met, and what it has now.

    Raises StoreError when only a person can say which of two truths is the true one.
    """
    here = {path: each.sha256 for path, each in local.items()}
    then = {path: each.sha256 for path, each in known.files.items()}
    now = {path: each.sha256 for path, each in listing.items()}
    if known.token == pointer.token and not known.in_step:
        # The rest is work that is still to be put.
        return Plan(bring=_lost(here, then, pointer.release))
    if known.token and not _goes_on(known.token, known.files, pointer, listing):
        raise parted(known.url, known.token, pointer)
    differing = [path for path in {*here, *now} if here.get(path) != now.get(path)]
    if known.token is None and listing and any(path in here for path in differing):
        raise _strangers(known.url, [path for path in differing if path in here])
    own = [path for path in differing if here.get(path) != then.get(path)]
    given_up = [] if known.in_step else own
    if said := [path for path in given_up if path in here and path.startswith(SAID_BY_PERSONS)]:
        raise _said_here(known.url, pointer, said)
    return Plan(
        bring=sorted(path for path in differing if path in now),
        # What somebody laid here by hand, such as a backup, is for the run to look at.
        remove=sorted(
            path for path in differing if path not in now and (path in then or path in given_up)
        ),
        given_up=sorted(given_up),
    )


def _goes_on(known: str, then: Listing, pointer: Pointer, listing: Listing) -> bool:
    """Whether the store came to where it is from the change `known`, which listed `then`.

    A change lists what the one before it did, or what was put under a token of its own. So what
    bears a number that was reached by then was listed then. That tells a store that was begun anew,
    or put back, from the one that is known, also when it has come further since.
    """
    if pointer.token == known:
        return True
    reached = number_of(known)
    return number_of(pointer.token) > reached and all(
        then.get(path) == each for path, each in listing.items() if number_of(each.token) <= reached
    )


def _lost(here: Mapping[str, str], then: Mapping[str, str], served: str | None) -> list[str]:
    """Files that are missing or other than they were, and that no work removes or changes.

    Work moves a load or a commit out of sight, or rewrites it, and then its receipt says so. It
    removes a release as a whole, but for the one that is served, and nothing that persons said.
    """
    hidden = {PurePosixPath(path).parent.name for path in here if "/." in path}

    def is_no_work(path: str) -> bool:
        folder = PurePosixPath(path).parent
        if str(folder.parent) == RELEASES:
            return folder.name == served or str(folder / MANIFEST) in here
        if path in here or "/." in path:
            return False
        receipts = [str(folder / name) for name in RECEIPTS if str(folder / name) in then]
        if not receipts:
            return path.startswith(SAID_BY_PERSONS)
        same = here.get(receipts[0]) == then[receipts[0]]
        return same or (receipts[0] not in here and folder.name not in hidden)

    return sorted(path for path in then if here.get(path) != then[path] and is_no_work(path))


def _strangers(url: str, differing: Sequence[str]) -> StoreError:
    return StoreError(
        f"TIERS_HOME and {url} hold two different truths: {len(differing)} files here, such as "
        f"{min(differing)}, are not those of the store, and they have never met. Set TIERS_HOME to "
        "an empty folder to go on with the store, or TIERS_STORE to an empty prefix to go on with "
        "this home."
    )


def _said_here(url: str, pointer: Pointer, said: Sequence[str]) -> StoreError:
    return StoreError(
        f"What was ordered on this machine never reached {url}, which has gone on since "
        f"({pointer.who}): {', '.join(sorted(said))}. Move these files out of TIERS_HOME, run "
        "again, and then give the order again."
    )
