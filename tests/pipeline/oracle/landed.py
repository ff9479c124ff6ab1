"""The landing as files: which loads count, what they supply, their rows as text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Load:
    """One committed load."""

    load_id: str
    table: str
    sequence: int
    rows: int
    erased: int
    compacted: int
    entry: str
    columns: frozenset[str]
    parquet: Path


def loads(landing: Path, table: str) -> list[Load]:
    """The loads of a table that count, oldest first."""
    newest: dict[tuple[str, str], Load] = {}
    in_order = sorted(_receipts(landing / table), key=lambda pair: pair[1].sequence)
    for entry_and_bytes, load in in_order:
        newest[entry_and_bytes] = load
    return sorted(newest.values(), key=lambda load: load.sequence)


def _receipts(folder: Path) -> Iterator[tuple[tuple[str, str], Load]]:
    for receipt in folder.glob("*/load.json"):
        told = json.loads(receipt.read_text(encoding="utf-8"))
        yield (
            (told["entry"], told["source_sha256"]),
            Load(
                load_id=receipt.parent.name,
                table=folder.name,
                sequence=told["sequence"],
                rows=told["rows"],
                erased=told.get("erased_rows", 0),
                compacted=told.get("compacted_rows", 0),
                entry=told["entry"],
                columns=frozenset(told["columns"]),
                parquet=receipt.with_name(told.get("data", "data.parquet")),
            ),
        )


def replaced_loads(landing: Path, table: str) -> list[Load]:
    """The loads of a table that a corrected mapping replaced."""
    kept = {load.load_id for load in loads(landing, table)}
    return [load for _, load in _receipts(landing / table) if load.load_id not in kept]


def rows(landing: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """Every row of the loads that count: the given columns as text, and where each came from."""
    frames = [_frame(load, columns) for load in loads(landing, table)]
    if not frames:
        return pd.DataFrame(columns=[*columns, *PROVENANCE], dtype=object)
    return pd.concat(frames, ignore_index=True)


PROVENANCE = ("_row", "_malformed", "_sequence", "_entry")


def _frame(load: Load, columns: list[str]) -> pd.DataFrame:
    stored = pq.ParquetFile(load.parquet).schema_arrow.names
    wanted = ["_row", "_malformed", *(name for name in columns if name in stored)]
    frame: pd.DataFrame = pq.read_table(load.parquet, columns=wanted).to_pandas()
    for name in columns:
        if name not in load.columns or name not in stored:
            frame[name] = None
    frame["_sequence"] = load.sequence
    frame["_entry"] = load.entry
    return frame[[*columns, *PROVENANCE]]
