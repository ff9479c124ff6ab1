"""The parsed dbt project: prepared at install, and again when a file it was made from changed.

$TIERS_HOME/dbt/prepared-<hash of its inputs>/
  manifest.json     what Dagster draws the graph from, and publishing its tables
  manifest.msgpack  the same for dbt itself, which then parses nothing
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from orchestration.dbt_project import dbt_project
from orchestration.durable import fsync_folder, fsync_tree, make_folder
from orchestration.publishing import Count, PublicTable, Tags
from orchestration.publishing.comments import in_both_languages
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

SUPPRESSED = "is_suppressed"
# What the release is about itself: its run id and times differ between runs of equal input.
UNHASHED = frozenset({"release_info"})
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


def public_tables(manifest: Mapping[str, Any]) -> list[PublicTable]:
    """What is published: every model with `access: public`, ordered by name.

    Raises ManifestError for a public model without a key, or with a column of personal data.
    """
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    tags, measures = _tags(models), _measures(models)
    public = [model for model in models if model["access"] == "public"]
    return [
        replace(_public_table(model, tags), measures=measures)
        for model in sorted(public, key=lambda one: one["name"])
    ]


def _measures(models: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Comments of what the policy makes for itself and has a label for."""
    return {
        name: in_both_languages(
            f"{label['en']}, a metric of the policy.", f"{label['zh']}，策略定义的指标。"
        )
        for model in models
        for name, label in model["config"]["meta"].get("labels", {}).items()
    }


def _tags(models: Sequence[Mapping[str, Any]]) -> Tags:
    """What columns of a name hold: a tag on the column of any model is one on all of that name."""
    tagged: dict[str, set[str]] = {"personal": set(), "identifier": set(), "free_text": set()}
    for model in models:
        for column in model["columns"].values():
            for tag in tagged.keys() & column["config"]["meta"].keys():
                tagged[tag].add(column["name"])
    return Tags(
        personal=frozenset(tagged["personal"]),
        identifiers=frozenset(tagged["identifier"]),
        free_text=frozenset(tagged["free_text"]),
    )


def _public_table(model: Mapping[str, Any], tags: Tags) -> PublicTable:
    columns = {name: _described(column) for name, column in model["columns"].items()}
    place = model["patch_path"] or model["original_file_path"]
    if leaking := sorted(tags.personal & set(columns)):
        raise ManifestError(
            f"{place}: {model['name']} is public and has columns of personal data "
            f"({', '.join(leaking)}). Take them out of the model; personal data is never published."
        )
    if not model["config"]["meta"].get("key"):
        raise ManifestError(
            f"{place}: {model['name']} is public and has no config.meta.key. "
            "Name the columns that tell its rows apart; the release is ordered by them."
        )
    is_view = model["config"]["materialized"] == "view"
    return PublicTable(
        schema=model["schema"],
        name=model["name"],
        kind="view" if is_view else "table",
        key=tuple(model["config"]["meta"]["key"]),
        description=_described(model),
        columns=columns,
        hashed=not is_view and model["name"] not in UNHASHED,
        tags=tags,
        counts=_counts(model, place),
    )


def _described(described: Mapping[str, Any]) -> str:
    """The description of a model or column, with the Chinese one that its meta holds."""
    return in_both_languages(described["description"], described["config"]["meta"].get("zh", ""))


def _counts(model: Mapping[str, Any], place: str) -> tuple[Count, ...]:
    """The columns that count customers. Raises ManifestError for tags that do not fit together."""
    metas = {name: column["config"]["meta"] for name, column in model["columns"].items()}
    hides: dict[str, list[str]] = {}
    for name, meta in metas.items():
        if with_count := meta.get("suppressed_with"):
            hides.setdefault(with_count, []).append(name)
    counts = tuple(
        Count(name, tuple(hides.pop(name, ())), tag.get("total"), tag.get("within"))
        for name, meta in metas.items()
        if (tag := meta.get("counts_customers")) is not None
    )
    named = {part for count in counts for part in (count.total, count.within) if part}
    if hides or not named <= set(metas) or (counts and SUPPRESSED not in metas):
        raise ManifestError(
            f"{place}: {model['name']} counts customers, and its tags do not fit together. "
            "`suppressed_with` names a column with `counts_customers`; `total` and `within` of one "
            f"name columns; and the model has a column {SUPPRESSED}."
        )
    return counts


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
