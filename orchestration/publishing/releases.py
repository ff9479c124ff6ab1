"""What stands in the releases folder: releases, their manifests, and which of them are whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.publishing.ledger import read_ledger

DATABASE = "customer_tiers.duckdb"
MANIFEST = "manifest.json"
PAGE = "report.html"
CURRENT = "current"
# <business day>T<sequence>-<start of the run id>
RELEASE_ID = re.compile(r"\d{4}-\d{2}-\d{2}T(\d{6,})-.+")


class PublishError(RuntimeError):
    """Publishing cannot go on; says what is wrong and what to do. Readers were not disturbed."""


class DamagedRelease(PublishError):
    """A release's files are not the ones its manifest lists."""


class UnknownRelease(PublishError):
    """No whole release has this id."""


@dataclass(frozen=True)
class ReleaseInfo:
    """What a run says of itself; kept in the manifest.

    Attributes:
        run_id: the run that built the warehouse.
        as_of: the business day that was classified.
        policy_hash: of the policy files in force.
        zone: the business time zone, such as Asia/Shanghai.
        engine: what computed the warehouse, such as duckdb.
        versions: of the software, by name.
        quality: what the gates before this one found; numbers and names, never values of rows.
    """

    run_id: str
    as_of: date
    policy_hash: str
    zone: str
    engine: str
    versions: Mapping[str, str]
    quality: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """A whole release, from its manifest.

    Attributes:
        id: its folder's name; ids sort by business day, then by order of publishing.
        path: its folder.
        sequence: 1 for the first release ever published here, then counting up.
        as_of, run_id, policy_hash, quality: as in ReleaseInfo.
        created_at: when it was built, UTC.
        rows: row count per table.
        views: names of its views, whose rows nobody counts.
        content: content hash (SHA-256 of the ordered Parquet) per hashed table.
        content_hash: one hash over `content`.
        pseudonym_key_id: of the key under which its ids are pseudonyms; None: they are original.
        is_current: whether `current` points to it.
        moved_current: whether `current` has ever pointed to it; a run of an older day does not.
    """

    id: str
    path: Path
    sequence: int
    as_of: date
    run_id: str
    policy_hash: str
    created_at: datetime
    rows: Mapping[str, int]
    views: Sequence[str]
    content: Mapping[str, str]
    content_hash: str
    quality: Mapping[str, object]
    pseudonym_key_id: str | None
    is_current: bool
    moved_current: bool

    @property
    def database(self) -> Path:
        """The DuckDB file of this release (`current/customer_tiers.duckdb` is the served one)."""
        return self.path / DATABASE

    @property
    def page(self) -> Path:
        """What people read of this release."""
        return self.path / PAGE


def list_releases(releases: Path) -> list[Release]:
    """Every whole release, in order of publishing. Broken and foreign folders are left out."""
    return sorted(_whole_releases(releases), key=lambda release: release.sequence)


def find_release(releases: Path, release_id: str) -> Release:
    """The whole release of this id. Raises UnknownRelease, which names the ones there are."""
    found = {release.id: release for release in list_releases(releases)}
    if release_id not in found:
        raise UnknownRelease(
            f"There is no release {release_id!r} in {releases}. "
            f"There is: {', '.join(found) or 'none; run `tiers run` to publish one'}."
        )
    return found[release_id]


def next_sequence(releases: Path) -> int:
    """The number of the next release: never one that a removed or broken release had."""
    names = [folder.name for folder in _folders(releases)]
    names += [line.release for line in read_ledger(releases).lines]
    matches = [RELEASE_ID.fullmatch(name) for name in names]
    return max((int(match[1]) for match in matches if match), default=0) + 1


def foreign_folders(releases: Path) -> list[str]:
    """Names of folders in the releases folder that are no whole release; nothing touches them."""
    whole = {release.id for release in list_releases(releases)}
    return [folder.name for folder in _folders(releases) if folder.name not in whole]


def pointed_at(releases: Path) -> str | None:
    """The name `current` points to, there or not; None when there is no such symlink."""
    link = releases / CURRENT
    return link.readlink().name if link.is_symlink() else None


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release's folder. Raises DamagedRelease when it cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["release"] != folder.name:
            raise ValueError(f"it is the manifest of {manifest['release']}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedRelease(f"{folder / MANIFEST} cannot be used: {error}.") from error
    return dict(manifest)


def _folders(releases: Path) -> list[Path]:
    if not releases.is_dir():
        return []
    return sorted(
        path
        for path in releases.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )


def _whole_releases(releases: Path) -> Iterator[Release]:
    current = pointed_at(releases)
    served = {line.current for line in read_ledger(releases).lines} | {current}
    for folder in _folders(releases):
        try:
            manifest = read_manifest(folder)
            yield Release(
                id=folder.name,
                path=folder,
                sequence=int(manifest["sequence"]),
                as_of=date.fromisoformat(manifest["as_of"]),
                run_id=str(manifest["run_id"]),
                policy_hash=str(manifest["policy_hash"]),
                created_at=datetime.fromisoformat(manifest["created_at"]),
                rows={name: int(table["rows"]) for name, table in manifest["tables"].items()},
                views=tuple(manifest.get("views", ())),
                content=dict(manifest["content"]),
                content_hash=str(manifest["content_hash"]),
                quality=dict(manifest["quality"]),
                pseudonym_key_id=manifest.get("pseudonym_key_id"),
                is_current=folder.name == current,
                moved_current=folder.name in served,
            )
        except (DamagedRelease, ValueError, KeyError, TypeError, AttributeError):
            continue
