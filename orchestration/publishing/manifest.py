"""The manifest of a release: what it is, what is in it, and how to tell that it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.publishing.audiences import WrittenAudience
from orchestration.publishing.ledger import utc_now
from orchestration.publishing.protection import Protection
from orchestration.publishing.releases import DATABASE, MANIFEST, ReleaseInfo
from orchestration.publishing.tables import STORAGE_VERSION, WrittenTable, file_sha256


def manifest_of(
    building: Path,
    sequence: int,
    info: ReleaseInfo,
    protection: Protection,
    written: Sequence[WrittenTable],
    views: Sequence[str],
    audiences: Sequence[WrittenAudience],
    published_quality: Mapping[str, object],
) -> dict[str, Any]:
    """What a finished, audited release says of itself and of its tables."""
    return {
        "release": building.name,
        "sequence": sequence,
        "created_at": utc_now().isoformat(timespec="seconds"),
        **_of_the_run(info),
        "quality": {**info.quality, "published": dict(published_quality)},
        "storage_version": STORAGE_VERSION,
        "pseudonym_key_id": protection.key.id if protection.key else None,
        "views": list(views),
        **_of_the_content(building, written, audiences),
    }


def write_manifest(building: Path, manifest: dict[str, Any], pages: Sequence[Path]) -> None:
    """Write `manifest.json` into the folder of a release; it lists what people read there, too."""
    for page in pages:
        manifest["files"][page.name] = _file(page, file_sha256(page))
    text = json.dumps(manifest, ensure_ascii=False, indent=2, default=str)
    (building / MANIFEST).write_text(text + "\n", "utf-8")


def content_hash(content: Mapping[str, str]) -> str:
    """One SHA-256 over the content hashes of several tables, in the order of their names."""
    lines = "".join(f"{name} {content[name]}\n" for name in sorted(content))
    return hashlib.sha256(lines.encode()).hexdigest()


def _of_the_run(info: ReleaseInfo) -> dict[str, Any]:
    return {
        "run_id": info.run_id,
        "as_of": info.as_of.isoformat(),
        "zone": info.zone,
        "policy_hash": info.policy_hash,
        "engine": info.engine,
        "versions": dict(info.versions),
    }


def _of_the_content(
    building: Path, written: Sequence[WrittenTable], audiences: Sequence[WrittenAudience]
) -> dict[str, Any]:
    content = {table.name: table.sha256 for table in written if table.hashed}
    databases = (building / DATABASE, *(audience.database for audience in audiences))
    return {
        "content_hash": content_hash(content),
        "content": content,
        "tables": {
            table.name: {
                "rows": table.rows,
                "key": list(table.key),
                "parquet": table.parquet.name,
            }
            for table in written
        },
        "audiences": {
            audience.name: {"file": audience.database.name, "rows": dict(audience.rows)}
            for audience in audiences
        },
        "files": {
            **{database.name: _file(database, file_sha256(database)) for database in databases},
            **{table.parquet.name: _file(table.parquet, table.sha256) for table in written},
        },
    }


def _file(path: Path, sha256: str) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": sha256}
