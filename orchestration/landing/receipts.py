"""The landing as it stands: which loads are committed, which were rejected, by their receipts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.canonical import TABLES
from orchestration.landing.damaged import damaged_load

DATA, RECEIPT, REFUSAL = "data.parquet", "load.json", "refusal.json"
REJECTED, INCOMING = ".rejected", ".incoming"


@dataclass(frozen=True)
class Load:
    """One load that landed, or was about to.

    Attributes:
        load_id: `<sequence>-<entry>-<first 8 hex of source_sha256>`, also its folder's name.
        sequence: 1, 2, 3 … over all tables, in the order of landing.
        origin: where it came from, relative to the source file; no secrets.
        rows: all rows that came, `malformed_rows` included.
        read_rows: how many rows were read to find them; more where an answer overlaps earlier ones.
        columns: the canonical columns that it supplies, constants included.
        extra_columns: the other columns that it kept, by their landed names.
        source_sha256: of what it was made from; with `mapping_sha256` its identity.
        cursor: of what was pulled by a cursor: `column`, `since` (null for everything), `least` and
            `greatest` of its rows, how many are `without`, and `reached`, from where the next pull
            goes on; else None.
        pulled_at: UTC. seconds: how long it took.
        path: of its Parquet.
        families: what the columns of a source with types are of: number, text, time, boolean.
        notes: how its columns differ from the loads of the same entry and mapping before it.
        replaces: load_ids of the same bytes under entries that the source file names no more.
        erased_rows: how many of `rows` are kept no more, since they were an erased person's.
        compacted_rows: the same, since nothing was decided by them any more.
        rewritten: when and why rows were taken out after it landed: `at`, `why`, `rows`; of a
            compaction also `in_favour_of`, the loads whose rows stand in their place.
        superseded_by: load_id of a later load of the same bytes under a corrected mapping.
    """

    load_id: str
    sequence: int
    table: str
    entry: str
    origin: str
    rows: int
    malformed_rows: int
    columns: tuple[str, ...]
    extra_columns: tuple[str, ...]
    source_sha256: str
    mapping_sha256: str
    cursor: Mapping[str, str | None] | None
    pulled_at: datetime
    seconds: float
    path: Path
    read_rows: int | None = None
    families: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    erased_rows: int = 0
    compacted_rows: int = 0
    rewritten: tuple[Mapping[str, Any], ...] = ()
    superseded_by: str | None = None

    @property
    def kept_rows(self) -> int:
        """How many rows its Parquet has."""
        return self.rows - self.erased_rows - self.compacted_rows

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What lands once: table, entry, bytes and mapping."""
        return self.table, self.entry, self.source_sha256, self.mapping_sha256

    def receipt(self) -> bytes:
        """Its load.json."""
        kept = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in ("path", "superseded_by")
        }
        kept["data"] = self.path.name
        kept["pulled_at"] = self.pulled_at.astimezone(UTC).isoformat(timespec="seconds")
        return (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True)
class RejectedLoad:
    """A load that was refused; its rows are kept for a look, and never read.

    Attributes:
        load: what it was; its path lies in `.rejected`.
        reason: why. rejected_at: UTC.
        by: `gate`, and then it is tried again; or `person`, and then the same bytes under the same
            mapping do not land again for as long as its folder stays.
    """

    load: Load
    reason: str
    by: str
    rejected_at: datetime

    @property
    def load_id(self) -> str:
        """Its load_id."""
        return self.load.load_id


def committed_loads(landing: Path, table: str | None = None) -> list[Load]:
    """The loads that count, by sequence; of one table or of all.

    A load carries in `superseded_by` the latest load of the same bytes under another mapping, or
    under the name that its entry bears now.
    Raises LandingError for a receipt that cannot be read.
    """
    loads = _committed(landing, (table,) if table else TABLES)
    replaced = {old: load.load_id for load in loads for old in load.replaces}
    latest = {(load.table, load.entry, load.source_sha256): load.load_id for load in loads}
    marked = []
    for load in loads:
        winner = latest[load.table, load.entry, load.source_sha256]
        winner = replaced.get(load.load_id, winner)
        marked.append(replace(load, superseded_by=None if winner == load.load_id else winner))
    return marked


def rejected_loads(landing: Path) -> list[RejectedLoad]:
    """The loads that a gate or a person refused, by sequence. LandingError: a broken receipt."""
    places = [landing / REJECTED, *(landing / table for table in TABLES)]
    rejected = [
        _rejected(load, folder / REFUSAL)
        for place in places
        for folder in _folders(place)
        if (folder / REFUSAL).exists() and (load := _load(folder))
    ]
    return sorted(rejected, key=lambda each: each.load.sequence)


def next_sequence(landing: Path) -> int:
    """One more than the greatest sequence ever given to a load that is still kept.

    The names of the folders tell it: a landing may have thousands of receipts.
    """
    places = [landing / REJECTED, *(landing / table for table in TABLES)]
    numbers = [folder.name.partition("-")[0] for place in places for folder in _folders(place)]
    return 1 + max((int(number) for number in numbers if number.isdecimal()), default=0)


def refusal(reason: str, by: str) -> bytes:
    """A refusal.json."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"reason": reason, "by": by, "rejected_at": now}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _committed(landing: Path, tables: Sequence[str]) -> list[Load]:
    loads = [
        load
        for table in tables
        for folder in _folders(landing / table)
        # A refusal inside is a rejection whose move a kill cut off.
        if (load := _load(folder)) and not (folder / REFUSAL).exists()
    ]
    return sorted(loads, key=lambda load: load.sequence)


def _folders(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(folder for folder in place.iterdir() if folder.is_dir())


def _load(folder: Path) -> Load | None:
    """The load of a folder; None when it has neither rows nor a receipt, and so is none."""
    if not (folder / RECEIPT).exists() and not (folder / DATA).exists():
        return None
    content = _json(folder / RECEIPT)
    try:
        data = str(content.pop("data", DATA))
        return Load(
            **content
            | {
                "columns": tuple(content["columns"]),
                "extra_columns": tuple(content["extra_columns"]),
                "notes": tuple(content["notes"]),
                "replaces": tuple(content["replaces"]),
                "rewritten": tuple(content.get("rewritten", ())),
                "pulled_at": datetime.fromisoformat(content["pulled_at"]),
                "path": folder / data,
            }
        )
    except (TypeError, KeyError, ValueError) as error:
        raise damaged_load(folder / RECEIPT, error) from error


def _rejected(load: Load, path: Path) -> RejectedLoad:
    content = _json(path)
    try:
        at = datetime.fromisoformat(content["rejected_at"])
        return RejectedLoad(load, content["reason"], content["by"], at)
    except (TypeError, KeyError, ValueError) as error:
        raise damaged_load(path, error) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged_load(path, error) from error
    if not isinstance(content, dict):
        raise damaged_load(path, TypeError("not an object"))
    return content
