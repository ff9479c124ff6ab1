"""The files of a home that the store keeps, with their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.history.commits import DROP
from orchestration.history.drop import DROPPED
from orchestration.landing.receipts import REJECTED
from orchestration.publishing import list_releases
from orchestration.publishing.ledger import LEDGER
from orchestration.publishing.releases import MANIFEST, read_manifest
from orchestration.publishing.tables import file_sha256

KEPT = ("landing", "history", "erasures")
RELEASES = "releases"
# Of what is hidden only this counts; the rest is being built, or for a look.
HIDDEN = {REJECTED, DROPPED, DROP}
# Which files were searched for erased people is known by their inodes, so it holds here only.
OF_THIS_MACHINE = {"erasures/clean.json"}

# inode, time of the last change, size
State = tuple[int, int, int]


@dataclass(frozen=True)
class Local:
    """A file of the home. Its hash holds for as long as its `state` does."""

    sha256: str
    state: State

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.state[2]


def scan(home: Path, known: Mapping[str, Local]) -> dict[str, Local]:
    """Every file that counts, by its path under the home; those that did not change by `known`."""
    found = {}
    for file in sorted(_files(home)):
        path, state = file.relative_to(home).as_posix(), state_of(file)
        same = known.get(path)
        found[path] = same if same and same.state == state else Local(file_sha256(file), state)
    return found


def state_of(file: Path) -> State:
    """By what a change of a file shows, also where somebody set its time back."""
    stat = file.stat()
    return stat.st_ino, stat.st_ctime_ns, stat.st_size


def _files(home: Path) -> Iterator[Path]:
    for name in KEPT:
        for file in _below(home / name):
            if file.relative_to(home).as_posix() not in OF_THIS_MACHINE:
                yield file
    for release in list_releases(home / RELEASES):
        # What else lies there is foreign, such as a write-ahead log that readers would replay.
        named = (MANIFEST, *read_manifest(release.path)["files"])
        yield from (release.path / name for name in named if (release.path / name).is_file())
    if (ledger := home / RELEASES / LEDGER).exists():
        yield ledger


def _below(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.name.startswith(".") and entry.name not in HIDDEN:
            continue
        if entry.is_dir():
            yield from _below(entry)
        else:
            yield entry
