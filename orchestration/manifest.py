"""The parsed dbt project: prepared at install, and again when a file it was made from changed.

$TIERS_HOME/dbt/prepared-<hash of its inputs>/
  manifest.json     what Dagster draws the graph from, and publishing its tables
  manifest.msgpack  the same for dbt itself, which then parses nothing
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from orchestration.dbt_project import dbt_project
from orchestration.durable import fsync_folder, fsync_tree, make_folder
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# Written into the project folder by dbt or a person who runs it by hand; nothing is parsed there.
NOT_INPUTS = frozenset({"target", "logs", "dbt_packages", ".user.yml"})
# Each may be of two engines.
KEPT = 6


class ManifestError(RuntimeError):
    """The dbt project cannot be parsed, or publishes what it must not. Says where and what."""


def prepare_manifest(
    settings: Settings, project: Path | None = None, target: str = "duckdb"
) -> Path:
    """Parse the dbt project unless that is done for exactly these files; returns the folder.

    `target` is the engine that the SQL is for.

    Raises ManifestError with dbt's own words when the project cannot be parsed.
    """
    project = project or dbt_project(settings)
    prepared = settings.dbt_home / f"prepared-{_hash_of_inputs(project, target)}"
    if not prepared.is_dir():
        make_folder(settings.dbt_home)
        with TemporaryDirectory(dir=settings.dbt_home, prefix=".parsing-") as building:
            _parse(settings, project, Path(building) / "target", target)
            _commit(Path(building) / "target", prepared)
        _remove_older(settings.dbt_home)
    return prepared


def take_over_manifest(settings: Settings, other: Settings) -> None:
    """Have in this home what was parsed last in the other one: equal files are not parsed twice."""
    parsed = sorted(other.dbt_home.glob("prepared-*"), key=lambda path: path.stat().st_mtime)
    for newest in parsed[-1:]:
        prepared = settings.dbt_home / newest.name
        if not prepared.is_dir():
            make_folder(settings.dbt_home)
            with TemporaryDirectory(dir=settings.dbt_home, prefix=".parsing-") as copying:
                _commit(shutil.copytree(newest, Path(copying) / newest.name), prepared)


def _commit(parsed: Path, prepared: Path) -> None:
    """Whole and on the disk, since what stands in place is trusted from then on."""
    fsync_tree(parsed)
    # Another process may have been as quick; what it prepared is the same.
    if not prepared.is_dir():
        parsed.rename(prepared)
    fsync_folder(prepared.parent)


def read_manifest(settings: Settings) -> Mapping[str, Any]:
    """The manifest as dbt's artifact schema describes it, parsing the project first if needed."""
    return _read_json(prepare_manifest(settings) / "manifest.json")


@lru_cache(maxsize=2)
def _read_json(path: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(path.read_bytes())
    return content


@lru_cache(maxsize=2)
def dbt_manifest(prepared: Path) -> Manifest:
    """The manifest as dbt's own object, from a folder of `prepare_manifest`."""
    from dbt.contracts.graph.manifest import Manifest

    # The JSON form cannot be read back whole: it loses the arguments of the generic tests.
    from dbt.parser.manifest import extended_mashumuro_decoder

    packed = (prepared / "manifest.msgpack").read_bytes()
    manifest: Manifest = Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)
    # What macros see as `graph`; dbt builds it only when it parses.
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def _remove_older(dbt_home: Path) -> None:
    """Keep the few newest: another process may be about to read the one before."""
    prepared = sorted(dbt_home.glob("prepared-*"), key=lambda path: path.stat().st_mtime)
    for older in prepared[:-KEPT]:
        shutil.rmtree(older, ignore_errors=True)


def _parse(settings: Settings, project: Path, folder: Path, target: str) -> None:
    from dbt.cli.main import dbtRunner

    with settings.exported():
        result = dbtRunner().invoke(
            ["parse", "--no-partial-parse", *dbt_arguments(settings, project, folder, target)]
        )
    if not result.success:
        raise ManifestError(f"dbt cannot parse {project}.\n{result.exception}")
    (folder / "partial_parse.msgpack").rename(folder / "manifest.msgpack")


def dbt_arguments(
    settings: Settings, project: Path, folder: Path, target: str = "duckdb"
) -> list[str]:
    """Where dbt reads and writes, for which engine, and that it keeps its lines for its log."""
    return [
        *("--project-dir", str(project), "--profiles-dir", str(project), "--target", target),
        *("--target-path", str(folder), "--log-path", str(settings.dbt_home / "logs")),
        *("--log-level", "none", "--log-level-file", "info", "--no-print"),
    ]


def _hash_of_inputs(project: Path, target: str) -> str:
    digest = hashlib.sha256()
    for part in (version("dbt-core"), version(f"dbt-{target}"), str(project)):
        digest.update(part.encode() + b"\0")
    for file in _files(project):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_INPUTS:
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
