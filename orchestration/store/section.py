"""Working in a home: with its lock, and in step with the store if there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from orchestration.run_lock import run_lock
from orchestration.settings import Settings

Report = Callable[[str], None]


class Store(Protocol):
    """Where a command puts what it has committed."""

    def keep(self, current: str | None = None) -> None:
        """Put all of it, at once; readers see the release `current`, if it is given."""


class _NoStore:
    """The home is all there is."""

    def keep(self, current: str | None = None) -> None:
        """Nothing has to be put anywhere."""


NO_STORE: Store = _NoStore()


def _say_nothing(text: str) -> None:
    pass


@contextmanager
def working_in(settings: Settings, holder: str, report: Report = _say_nothing) -> Iterator[Store]:
    """Hold the run lock of the home; before the block bring it into step with `TIERS_STORE`.

    After the block the rest is put, also when the block failed: what it committed is committed.
    `holder` is what others are told of who works here. Raises RunLocked, and StoreError before the
    block when the store cannot be used, or after it when something could not be put.
    """
    with run_lock(settings.home, holder):
        if settings.store is None:
            yield NO_STORE
            return
        # Who has no store waits for no library of it.
        from orchestration.store.bucket import Bucket, StoreError
        from orchestration.store.working_copy import WorkingCopy

        bucket = Bucket(settings.store, settings.store_options)
        copy = WorkingCopy(settings.home, bucket, holder, report)
        copy.bring()
        try:
            yield copy
        except Exception as error:
            try:
                copy.leave()
            except StoreError as more:
                if str(more) not in str(error):
                    error.add_note(str(more))
            raise
        copy.leave()
