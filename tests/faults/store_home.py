"""Homes that are working copies of one store, changed without a single run."""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from erasing_home import make_home, pull
from killed import FORKS
from marked_release import build, publish_marked

from orchestration.publishing import current_release
from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import Bucket, Put
from orchestration.store.scan import scan

Content = dict[str, str | None]


def make_stored(home: Path, stored: Settings) -> Settings:
    """A home with loads, days and a release, put to the store of these settings."""
    settings = at(make_home(home).home, stored)
    build(home, 1)
    publish_marked(home)
    with working_in(settings, "the first"):
        pass
    return settings


def at(home: Path, stored: Settings) -> Settings:
    """The same store and sources, worked with from another home."""
    return replace(stored, home=home, sources=stored.sources)


def land(settings: Settings, name: str) -> None:
    """One more load of orders."""
    file = settings.sources.parent / f"orders_{name}.csv"
    file.write_text(f"order_id,customer_id,ordered_at,amount\n{name},b,2024-01-02,5\n")
    pull(settings, "orders")


def go_on(settings: Settings, name: str) -> None:
    """What a run does: bring, land, put, publish, put."""
    with working_in(settings, name) as store:
        land(settings, name)
        store.keep()
        build(settings.home, 2)
        publish_marked(settings.home, before_swap=store.keep)


def look(home: Path, settings: Settings) -> Content:
    """What a machine sees that has nothing but the settings; its home is new."""
    with working_in(at(home, settings), "a look"):
        return content(home)


def content(home: Path) -> Content:
    """The hash of every file that counts, and the release that readers see."""
    release = current_release(home / "releases")
    return {
        **{path: file.sha256 for path, file in scan(home, {}).items()},
        "current": release.id if release else None,
    }


class Dying(Bucket):
    """Ends the process by SIGKILL before, or after, the operation of this number."""

    number, before = 0, True

    def replace(self, key: str, content: bytes, etag: str | None) -> Put:
        self._count(Dying.before)
        done = super().replace(key, content, etag)
        self._count(not Dying.before)
        return done

    def put(self, key: str, content: Path | bytes) -> None:
        self._count(Dying.before)
        super().put(key, content)
        self._count(not Dying.before)

    def delete(self, keys: Sequence[str]) -> None:
        self._count(Dying.before)
        super().delete(keys)
        self._count(not Dying.before)

    def _count(self, counts: bool) -> None:
        Dying.number -= counts
        if Dying.number == 0 and counts:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_at_operation(number: int, before: bool, settings: Settings, name: str) -> bool:
    """Whether `go_on` was killed, or had come to its end before that."""
    process = FORKS.Process(target=_go_on_dying, args=(number, before, settings, name))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), "it failed by itself"
    return process.exitcode == -signal.SIGKILL


def _go_on_dying(number: int, before: bool, settings: Settings, name: str) -> None:
    from orchestration.store import bucket

    Dying.number, Dying.before = number, before
    bucket.Bucket = Dying  # type: ignore[misc]
    go_on(settings, name)
