"""What an evaluation keeps of segments: three files without any customer in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from orchestration.inputs.decided import EVALUATION_COLUMNS
from orchestration.inputs.rows import write_rows
from orchestration.segmentation.boxes import Bound, Box
from orchestration.segmentation.evidence import evidence
from orchestration.segmentation.features import FEATURES, Feature
from orchestration.segmentation.fitting import Fit, Segment
from orchestration.segmentation.wording import condition, ordered, rule_en, rule_zh

Row = tuple[Any, ...]


def write_fit(
    folder: Path, fit: Fit, day: date, ended_before: Sequence[str] = ()
) -> dict[str, Path]:
    """Write what an evaluation of the day keeps, as Parquet files by name.

    Without segments there is the evidence alone: those of before stay in force, if there are any.
    """
    tables = {"segment_evidence": [(*row, day) for row in evidence(fit)]}
    if fit.segments:
        tables["segments"] = [
            row for place, one in enumerate(fit.segments, 1) for row in _bounds(one, place, day)
        ]
        tables["segment_mapping"] = _mapping(fit, day, ended_before)
    return {name: _write(folder / f"{name}.parquet", name, rows) for name, rows in tables.items()}


def read_segments(file: Path) -> list[tuple[str, Box]]:
    """The codes and boxes of a kept segmentation, in their order."""
    boxes: dict[str, dict[Feature, Bound]] = {}
    known = {feature.name: feature for feature in FEATURES}
    for code, name, low, high, takes_unknown in _rows(
        file, "segment_code, feature, low, high, takes_unknown", "position, feature"
    ):
        boxes.setdefault(code, {})[known[name]] = Bound(low, high, takes_unknown)
    return list(boxes.items())


def read_ended(file: Path) -> list[str]:
    """The codes that a kept mapping tells to have ended; none of them is ever given again."""
    return [code for (code,) in _rows(file, "previous_code", "1", "where fate = 'ended'")]


def _bounds(segment: Segment, position: int, day: date) -> list[Row]:
    about = (
        segment.code,
        position,
        segment.name.en,
        segment.name.zh,
        rule_en(segment.box),
        rule_zh(segment.box),
        condition(segment.box),
    )
    measured = (_decimal(segment.share), _decimal(segment.overlap), day)
    return [
        (*about, feature.name, bound.low, bound.high, bound.takes_unknown, *measured)
        for feature, bound in ordered(segment.box)
    ]


def _mapping(fit: Fit, day: date, ended_before: Sequence[str]) -> list[Row]:
    now = [
        (
            match.previous_code,
            None if match.place is None else fit.segments[match.place].code,
            match.fate,
            None if match.overlap is None else _decimal(match.overlap),
            day,
        )
        for match in fit.matches
    ]
    return now + [(code, None, "ended", None, day) for code in ended_before]


def _decimal(share: float) -> Decimal:
    return Decimal(repr(share)).quantize(Decimal("0.000001"))


def _write(file: Path, name: str, rows: Sequence[Row]) -> Path:
    columns = ", ".join(f"{column} {kind}" for column, kind in EVALUATION_COLUMNS[name].items())
    with duckdb.connect() as con:
        write_rows(con, "kept", columns, rows)
        pq.write_table(con.table("kept").to_arrow_table(), file)
    return file


def _rows(file: Path, columns: str, order: str, where: str = "") -> list[Row]:
    with duckdb.connect() as con:
        return con.execute(
            f"select {columns} from read_parquet(?) {where} order by {order}", [str(file)]
        ).fetchall()
