"""The pointer of a store, read once and replaced on the condition that it is what was read."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from orchestration.store.bucket import Bucket, Moved, StoreError
from orchestration.store.state import (
    CURRENT,
    LISTINGS,
    Listing,
    Pointer,
    can_be_of_a_store,
    key_of,
    listing_content,
    new_token,
    parted,
    read_pointer,
)

Report = Callable[[str], None]
AT_ONCE = 4
VERSIONED = (
    "store: the bucket keeps old versions of what is removed, so whoever is erased stays in them. "
    "Turn versioning off, or let a rule of its lifecycle remove them (docs/object-storage.md)."
)


class Overtaken(StoreError):
    """Another machine has changed the store since this one began; says which, and what to do."""


class Head:
    """What `current` of a store is, as this machine last read or put it.

    Attributes:
        pointer: its content.
    """

    def __init__(
        self,
        bucket: Bucket,
        holder: str,
        report: Report,
        known: str | None,
        *,
        as_here: bool = False,
    ) -> None:
        """Read it, or begin the store. Raises StoreError.

        A store that had the change `known` is not begun again, unless somebody says so by
        `as_here`: it was emptied, and who takes an empty one for the truth loses what it has.
        """
        self._bucket, self._holder, self._report = bucket, holder, report
        found = read_pointer(bucket)
        if found is None and known and not as_here:
            raise parted(bucket.url, known, None)
        self.pointer, self._etag = found or self._begin(known)

    def advance(
        self, token: str, new: Mapping[str, Path], listing: Listing, release: str | None
    ) -> list[str]:
        """Put new files (by their keys), and let a listing that names them count.

        `token` is the next one. Returns the keys of what counts no more, or never came to count,
        for the caller to remove. Raises Overtaken when the pointer is not what it was, and
        StoreError; then nothing counts that did not before.
        """
        # Listed before the pointer moves: what another machine puts for a move of its own after
        # this moment is not in it, and whose move began earlier will fail.
        there = self._bucket.listed()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(self._bucket.put, new.keys(), new.values()))
        try:
            self.pointer, self._etag = self._move(token, listing, release, self._etag)
        except Moved:
            raise self._overtaken() from None
        counting = {key_of(path, each.token) for path, each in listing.items()}
        counting |= {CURRENT, self.pointer.listing}
        return sorted(key for key in {*there} - counting if can_be_of_a_store(key))

    def _begin(self, known: str | None) -> tuple[Pointer, str]:
        """Make an empty store, and see whether the server keeps the one promise that is needed."""
        there = [key for key in self._bucket.listed() if not key.startswith(LISTINGS)]
        if there and not known:
            raise StoreError(
                f"{self._bucket.url} has objects, such as {min(there)}, but no {CURRENT}: it is no "
                "store of this project, or a damaged one. Point TIERS_STORE to an empty prefix; a "
                "damaged one is put again by `tiers store sync --as-here` on a machine that has "
                "worked with it."
            )
        if above := self._store_above():
            raise StoreError(
                f"{self._bucket.url} lies in another store, {above}. What one of them holds the "
                "other could take for its own. Point TIERS_STORE to a prefix beside that one."
            )
        self._try_conditions()
        try:
            return self._move(new_token(None), {}, None, None)
        except Moved:
            raise Overtaken("Another machine has just begun this store. Run again.") from None

    def _store_above(self) -> str | None:
        """The address of a store in whose prefix this one lies."""
        for bucket in self._bucket.above():
            # Who may not look there, or finds a `current` of somebody else, knows of none.
            with suppress(StoreError):
                if read_pointer(bucket):
                    return bucket.url
        return None

    def _try_conditions(self) -> None:
        """Before there is a pointer: a store that has one is taken for one that was tried."""
        trial = f"{LISTINGS}{new_token(None)}.trial"
        self._bucket.put(trial, b"")
        try:
            for another in (None, '"another"'):
                self._expect_refusal(trial, another)
        finally:
            self._bucket.delete([trial])

    def _expect_refusal(self, key: str, etag: str | None) -> None:
        try:
            self._bucket.replace(key, b"", etag)
        except Moved:
            return
        raise StoreError(
            f"The server of {self._bucket.url} does not know conditional puts (If-None-Match and "
            "If-Match), so two machines could undo each other's work. Use one that does."
        )

    def _move(
        self, token: str, listing: Listing, release: str | None, etag: str | None
    ) -> tuple[Pointer, str]:
        """Put a listing, and let the pointer lead to it. Raises Moved."""
        content = json.dumps(listing_content(listing), ensure_ascii=False).encode()
        pointer = Pointer(
            token=token,
            listing_sha256=hashlib.sha256(content).hexdigest(),
            release=release,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            host=socket.gethostname(),
            holder=self._holder,
        )
        self._bucket.put(pointer.listing, content)
        try:
            done = self._bucket.replace(CURRENT, pointer.content(), etag)
        except Moved:
            # A put whose answer was lost is repeated, and then it finds itself.
            found = read_pointer(self._bucket)
            if found is None or found[0].token != token:
                raise
            return found
        if done.versioned:
            self._report(VERSIONED)
        return pointer, done.etag

    def _overtaken(self) -> StoreError:
        found = read_pointer(self._bucket)
        if found is None:
            return parted(self._bucket.url, self.pointer.token, None)
        return Overtaken(
            f"{self._bucket.url} was changed meanwhile: {found[0].who}. What this command did "
            "since its last put is not in the store, and readers of the store do not see it. Run "
            "again: it goes on from what the store has."
        )
