"""Homes that are working copies of one store, changed without a single run."""

import os
import shutil
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from erasing_home import make_home, pull
from killed import FORKS
from marked_release import DAY, build, publish_marked
from s3_fixture import Stored
from s3_server import BUCKET

from orchestration.history import drop_from
from orchestration.landing import committed_loads, reject
from orchestration.publishing import current_release
from orchestration.settings import Settings
from orchestration.store import working_in
from orchestration.store.bucket import Bucket, Put
from orchestration.store.scan import scan
from orchestration.store.state import Listing, Pointer, read_listing, read_pointer

Content = dict[str, str | None]


def make_filled(folder: Path) -> Path:
    """A home with loads, days and a release, beside its sources; returns the folder."""
    home = make_home(folder / "home").home
    build(home, 1)
    publish_marked(home)
    return folder


def make_stored(filled: Path, folder: Path, stored: Stored) -> Settings:
    """A copy of it in `folder`, put to a store."""
    shutil.copytree(filled, folder, symlinks=True)
    settings = stored.settings(Settings(folder / "home", folder / "source.yml", threads=1))
    with working_in(settings, "the first"):
        pass
    return settings


def at(home: Path, stored: Settings) -> Settings:
    """The same store and sources, worked with from another home."""
    return replace(stored, home=home, sources=stored.sources)


def land(settings: Settings, name: str, customer: str = "b") -> None:
    """One more load of orders."""
    file = settings.sources.parent / f"orders_{name}.csv"
    file.write_text(f"order_id,customer_id,ordered_at,amount\n{name},{customer},2024-01-02,5\n")
    pull(settings, "orders")


def go_on(settings: Settings, name: str) -> None:
    """What a run does: bring, land, put, publish, put."""
    with working_in(settings, name) as store:
        land(settings, name)
        store.keep()
        build(settings.home, 2)
        publish_marked(settings.home, before_swap=store.keep, run_id=name)


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


def told_by(stored: Stored) -> tuple[Pointer, Listing]:
    """The pointer, and the listing."""
    found = read_pointer(stored.bucket)
    assert found
    listing = read_listing(stored.bucket, found[0])
    assert listing is not None
    return found[0], listing


def take_back(settings: Settings) -> None:
    """Reject a load and set the last day of history aside, in a home that somebody works in."""
    reject(settings.landing, committed_loads(settings.landing)[0].load_id, "wrong")
    drop_from(settings.history, DAY.replace(year=2024, month=1, day=3))


def damage(stored: Stored, part: str, spoilt: bytes | None) -> str:
    """Spoil the first object of this beginning; returns its key."""
    key = min(key for key in stored.bucket.listed() if key.startswith(part))
    if spoilt is None:
        stored.server.files.delete_file(f"{BUCKET}/{stored.prefix}/{key}")
    else:
        stored.bucket.put(key, spoilt)
    return key


class Dying(Bucket):
    """Ends the process by SIGKILL before the change of this number."""

    left = 0

    def replace(self, key: str, content: bytes, etag: str | None) -> Put:
        self._count()
        return super().replace(key, content, etag)

    def put(self, key: str, content: Path | bytes) -> None:
        self._count()
        super().put(key, content)

    def delete(self, keys: Sequence[str]) -> None:
        self._count()
        super().delete(keys)

    def _count(self) -> None:
        Dying.left -= 1
        if Dying.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_before_put(number: int, settings: Settings, name: str) -> bool:
    """Whether `go_on` was killed before that change of the store, or came to its end without."""
    process = FORKS.Process(target=_go_on_dying, args=(number, settings, name))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), "it failed by itself"
    return process.exitcode == -signal.SIGKILL


def _go_on_dying(number: int, settings: Settings, name: str) -> None:
    Dying.left = number
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestration.store.bucket.Bucket", Dying)
        go_on(settings, name)
