"""What the store says of itself: the pointer `current`, and the listing that it points to."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from orchestration.publishing.releases import RELEASE_ID
from orchestration.store.bucket import Bucket, StoreError
from orchestration.store.scan import KEPT, RELEASES

CURRENT, LISTINGS = "current", "listings/"
TOKEN = re.compile(r"\d{6,}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Stored:
    """A file as the store has it; `token` is that of the put that brought it."""

    sha256: str
    bytes: int
    token: str


# Files by their path under TIERS_HOME.
Listing = Mapping[str, Stored]


@dataclass(frozen=True)
class Pointer:
    """The object `current`.

    Attributes:
        token: of this change: 1, 2, 3 …, and what no other change has, so that no two pointers have
            the same bytes.
        listing_sha256: of the object that lists what counts.
        release: what readers see; None before the first.
        at, host, holder: when, where and by what it was put.
    """

    token: str
    listing_sha256: str
    release: str | None
    at: str
    host: str
    holder: str

    @property
    def listing(self) -> str:
        """The key of the listing."""
        return f"{LISTINGS}{self.token}.json"

    @property
    def who(self) -> str:
        """Who put it, for people."""
        return f"{self.holder} on {self.host} at {self.at}"

    def content(self) -> bytes:
        """Its bytes."""
        return (json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n").encode()


def number_of(token: str) -> int:
    """Which change it is of: the first, the second …"""
    return int(token.partition("-")[0])


def new_token(*before: str | None) -> str:
    """The token of the change after these, which nobody else has."""
    number = 1 + max((number_of(each) for each in before if each), default=0)
    return f"{number:06d}-{secrets.token_hex(4)}"


def key_of(path: str, token: str) -> str:
    """Where a file is put. A release never changes: its files bear their own names, for readers."""
    place = PurePosixPath(path)
    if place.parts[0] == RELEASES and len(place.parts) > 2:
        return path
    return str(place.parent / token / place.name)


def can_be_of_a_store(key: str) -> bool:
    """Whether a store may have put this object: one that counts, or that was left behind."""
    *folders, name = key.split("/")
    match folders:
        case [folder]:
            return f"{folder}/" == LISTINGS and bool(TOKEN.match(name))
        case [folder, release] if folder == RELEASES and RELEASE_ID.fullmatch(release):
            return True
        case [folder, *_, token]:
            return folder in {*KEPT, RELEASES} and bool(TOKEN.fullmatch(token))
    return False


def read_pointer(bucket: Bucket) -> tuple[Pointer, str] | None:
    """The pointer and its ETag; None in a store where nothing was put yet. Raises StoreError."""
    found = bucket.read(CURRENT)
    if found is None:
        return None
    try:
        return Pointer(**json.loads(found[0])), found[1]
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"{CURRENT} in {bucket.url} is no pointer of this project ({type(error).__name__}). "
            "Point TIERS_STORE to an empty prefix, or put back the object that was there."
        ) from None


def read_listing(bucket: Bucket, pointer: Pointer) -> Listing | None:
    """What counts; None when the listing is there no more.

    Raises StoreError when it is damaged, or names a file that would be brought to elsewhere.
    """
    found = bucket.read(pointer.listing)
    if found is None:
        return None
    if hashlib.sha256(found[0]).hexdigest() != pointer.listing_sha256:
        raise damaged(bucket, pointer.listing)
    listing = listing_of(json.loads(found[0]))
    if strange := [path for path in listing if not _is_kept(PurePosixPath(path).parts)]:
        raise StoreError(
            f"{pointer.listing} in {bucket.url} names {strange[0]!r}, which no store holds. This "
            "project does not write that: see who else may put objects there, and change the keys."
        )
    return listing


def _is_kept(parts: Sequence[str]) -> bool:
    return bool(parts) and parts[0] in {*KEPT, RELEASES} and ".." not in parts


def listing_of(content: Mapping[str, Any]) -> Listing:
    """From JSON."""
    return {path: Stored(*each) for path, each in content.items()}


def listing_content(listing: Listing) -> dict[str, list[str | int]]:
    """As JSON."""
    return {path: [each.sha256, each.bytes, each.token] for path, each in sorted(listing.items())}


def damaged(bucket: Bucket, key: str) -> StoreError:
    """Says what to do about an object that is not what was put."""
    return StoreError(
        f"{key} in {bucket.url} is damaged: it is missing or not what was put there. Nothing here "
        "writes an object twice. On a machine whose TIERS_HOME is whole, "
        "`tiers store sync --as-here` puts it again; else restore the object from a copy."
    )


def parted(url: str, known: str, found: Pointer | None) -> StoreError:
    """Says what to do about a store that does not go on from the change that a home knows."""
    now = f"is at change {found.token} ({found.who})" if found else f"has no {CURRENT}"
    return StoreError(
        f"{url} {now}, and that does not go on from change {known}, the last that TIERS_HOME knows "
        "of: the store was emptied, begun anew or put back to an older state. Nothing was brought "
        "or removed. Find out who did that. `tiers store sync --as-here` puts again what "
        "TIERS_HOME has, and removes what the store has beside it; to go on with the store as it "
        "is, set TIERS_HOME to an empty folder."
    )
