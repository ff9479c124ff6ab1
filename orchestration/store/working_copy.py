"""A home that is a working copy of a store: brought into step at first, put again after each step.

The caller holds the run lock of the home. Another machine may hold that of another home: whoever
replaces the pointer first has won, and the other finds the pointer moved.
"""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.publishing.releases import pointed_at
from orchestration.store.bringing import Bringing
from orchestration.store.bucket import Bucket, Missing, Moved, StoreError
from orchestration.store.plan import plan
from orchestration.store.remembered import recall, remember
from orchestration.store.scan import RELEASES, scan
from orchestration.store.state import (
    CURRENT,
    Listing,
    Pointer,
    Stored,
    damaged,
    key_of,
    listing_content,
    new_token,
    read_listing,
    read_pointer,
)

Report = Callable[[str], None]
# The listing may be replaced by another machine while its files are fetched.
ATTEMPTS = 5
VERSIONED = (
    "the bucket keeps old versions of what is removed, so whoever is erased stays in them. Turn "
    "versioning off, or let a rule of its lifecycle remove them (docs/object-storage.md)."
)
AT_ONCE = 4


class Overtaken(StoreError):
    """Another machine has changed the store since this one began; says which, and what to do."""


class WorkingCopy:
    """One home and one store, from the beginning of a command to its end."""

    def __init__(self, home: Path, bucket: Bucket, holder: str, report: Report) -> None:
        self._home, self._bucket, self._holder, self._report = home, bucket, holder, report
        self._known = recall(home, bucket.url)
        self._failure: StoreError | None = None

    def bring(self) -> None:
        """Bring the home into step with the store. Raises StoreError."""
        for _ in range(ATTEMPTS):
            pointer, self._etag = read_pointer(self._bucket) or self._begin()
            try:
                return self._take(pointer)
            except Missing as gone:
                after = read_pointer(self._bucket)
                if after is None or after[0].token == pointer.token:
                    raise damaged(self._bucket, gone.key) from None
        raise StoreError(f"{self._bucket.url} changes faster than it can be read. Run again.")

    def keep(self, current: str | None = None) -> None:
        """Put what the home has to the store; readers see the release `current`, if it is given.

        What was put counts at once or not at all. Raises Overtaken, or StoreError; the same error
        again when it was raised before, since nothing can be put after it.
        """
        if self._failure:
            raise self._failure
        try:
            self._keep(current or pointed_at(self._home / RELEASES))
        except StoreError as error:
            self._failure = error
            raise

    def leave(self) -> None:
        """Put the rest, and write down that all of it is put."""
        self.keep()
        self._remember(in_step=True)

    def put_as_here(self) -> None:
        """Let the store be what this home is, whatever it has. Raises StoreError."""
        pointer, self._etag = read_pointer(self._bucket) or self._begin()
        # With no file of the store believed in, each is put again.
        self._known = replace(self._known, token=pointer.token, files={})
        self._pointer = pointer
        self.leave()

    def _begin(self) -> tuple[Pointer, str]:
        """Make an empty store, and see whether the server keeps the one promise that is needed."""
        if self._bucket.listed():
            raise StoreError(
                f"{self._bucket.url} has objects, but no {CURRENT}: it is no store of this "
                "project, or a damaged one. Point TIERS_STORE to an empty prefix."
            )
        try:
            pointer, etag = self._point(1, new_token(1), {}, None, None)
        except Moved:
            raise Overtaken("Another machine has just begun this store. Run again.") from None
        try:
            self._bucket.replace(CURRENT, pointer.content(), None)
        except Moved:
            return pointer, etag
        raise StoreError(
            f"The server of {self._bucket.url} does not know conditional puts (If-None-Match), so "
            "two machines could undo each other's work. Use one that does."
        )

    def _take(self, pointer: Pointer) -> None:
        listing = read_listing(self._bucket, pointer)
        if listing is None:
            raise Missing(pointer.listing)
        self._pointer = pointer
        local = scan(self._home, self._known.hashes)
        todo = plan(local, self._known, pointer, listing)
        Bringing(self._home, self._bucket).carry_out(todo, listing, pointer.release)
        if todo.given_up:
            self._report(
                f"store: {pointer.who} was first; given up of what this machine had not put: "
                + ", ".join(todo.given_up)
            )
        if todo.bring or todo.remove:
            self._report(f"store: {len(todo.bring)} files brought, {len(todo.remove)} removed")
        self._known = replace(self._known, token=pointer.token, files=listing, hashes=local)
        self._remember(in_step=False)

    def _keep(self, release: str | None) -> None:
        local = scan(self._home, self._known.hashes)
        self._known = replace(self._known, hashes=local)
        before = self._known.files
        new = [
            path
            for path, file in local.items()
            if path not in before or before[path].sha256 != file.sha256
        ]
        if not new and set(before) == set(local) and release == self._pointer.release:
            return
        sequence = self._pointer.sequence + 1
        token = new_token(sequence)
        listing = {
            path: before[path]
            if path in before and path not in new
            else Stored(file.sha256, file.bytes, token)
            for path, file in local.items()
        }
        # Listed before the pointer moves: what another machine puts for a move of its own after
        # this moment is not in it, and whose move began earlier will fail.
        there = self._bucket.listed()
        self._put(new, token)
        try:
            pointer, self._etag = self._point(sequence, token, listing, release, self._etag)
        except Moved:
            raise self._overtaken() from None
        self._pointer = pointer
        self._known = replace(self._known, token=pointer.token, files=listing)
        self._remember(in_step=False)
        self._sweep(there, listing, pointer)

    def _put(self, new: list[str], token: str) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in threads.map(
                lambda path: self._bucket.put(key_of(path, token), self._home / path), new
            ):
                pass

    def _point(
        self, sequence: int, token: str, listing: Listing, release: str | None, etag: str | None
    ) -> tuple[Pointer, str]:
        """Put a listing, and let the pointer lead to it. Raises Moved."""
        content = json.dumps(listing_content(listing), ensure_ascii=False).encode()
        pointer = Pointer(
            sequence=sequence,
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
            self._report(f"store: {VERSIONED}")
        return pointer, done.etag

    def _sweep(self, there: list[str], listing: Listing, pointer: Pointer) -> None:
        """Remove what counts no more, and what a put left that never came to count."""
        counting = {key_of(path, each.token) for path, each in listing.items()}
        counting |= {CURRENT, pointer.listing}
        self._bucket.delete(sorted({*there} - counting))

    def _overtaken(self) -> Overtaken:
        found = read_pointer(self._bucket)
        who = found[0].who if found else "somebody who removed all of it"
        return Overtaken(
            f"{self._bucket.url} was changed meanwhile: {who}. What this command did since its "
            "last put is not in the store, and readers of the store do not see it. Run again: it "
            "goes on from what the store has."
        )

    def _remember(self, *, in_step: bool) -> None:
        self._known = replace(self._known, in_step=in_step)
        remember(self._home, self._known)
