"""A home that is a working copy of a store: brought into step at first, put again after each step.

The caller holds the run lock of the home. Another machine may hold that of another home: whoever
replaces the pointer first has won, and the other finds the pointer moved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from orchestration.publishing.releases import pointed_at
from orchestration.store.bringing import Bringing
from orchestration.store.bucket import Bucket, Missing, StoreError
from orchestration.store.head import Head
from orchestration.store.plan import Plan, plan
from orchestration.store.remembered import recall, remember
from orchestration.store.scan import RELEASES, scan
from orchestration.store.state import Pointer, Stored, damaged, key_of, new_token, read_listing

Report = Callable[[str], None]
# The listing may be replaced by another machine while its files are fetched.
ATTEMPTS = 5


class WorkingCopy:
    """One home and one store, from the beginning of a command to its end."""

    def __init__(self, home: Path, bucket: Bucket, holder: str, report: Report) -> None:
        """Recall what this home knows of the store; the store itself is not read yet."""
        self._home, self._bucket, self._holder, self._report = home, bucket, holder, report
        self._known = recall(home, bucket.url)
        self._failure: StoreError | None = None

    def bring(self) -> None:
        """Bring the home into step with the store, or begin it. Raises StoreError."""
        self._head = self._read_head()
        for _ in range(ATTEMPTS):
            pointer = self._head.pointer
            try:
                return self._take(pointer)
            except Missing as gone:
                self._head = self._read_head()
                if self._head.pointer.token == pointer.token:
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
        self._head = self._read_head(as_here=True)
        # With no file of the store believed in, each is put again.
        self._known = replace(self._known, files={})
        self.leave()

    def _read_head(self, *, as_here: bool = False) -> Head:
        known = self._known.token
        return Head(self._bucket, self._holder, self._report, known, as_here=as_here)

    def _take(self, pointer: Pointer) -> None:
        listing = read_listing(self._bucket, pointer)
        if listing is None:
            raise Missing(pointer.listing)
        local = scan(self._home, self._known.hashes)
        todo = plan(local, self._known, pointer, listing)
        Bringing(self._home, self._bucket).carry_out(todo, listing, pointer.release)
        self._tell(todo, pointer)
        self._known = replace(self._known, token=pointer.token, files=listing, hashes=local)
        self._remember(in_step=False)

    def _tell(self, done: Plan, pointer: Pointer) -> None:
        if done.given_up:
            self._report(
                f"store: {pointer.who} was first; given up of what this machine had not put: "
                + ", ".join(done.given_up)
            )
        if done.bring or done.remove:
            self._report(f"store: {len(done.bring)} files brought, {len(done.remove)} removed")

    def _keep(self, release: str | None) -> None:
        local = scan(self._home, self._known.hashes)
        self._known = replace(self._known, hashes=local)
        before = self._known.files
        # After both: who knows no more than this home sees that the store goes on from there.
        token = new_token(self._head.pointer.token, self._known.token)
        listing = {
            path: before[path]
            if path in before and before[path].sha256 == file.sha256
            else Stored(file.sha256, file.bytes, token)
            for path, file in local.items()
        }
        if listing == before and release == self._head.pointer.release:
            return
        new = {
            key_of(path, token): self._home / path
            for path, each in listing.items()
            if each.token == token
        }
        gone = self._head.advance(token, new, listing, release)
        self._known = replace(self._known, token=token, files=listing)
        self._remember(in_step=False)
        self._bucket.delete(gone)

    def _remember(self, *, in_step: bool) -> None:
        self._known = replace(self._known, in_step=in_step)
        remember(self._home, self._known)
