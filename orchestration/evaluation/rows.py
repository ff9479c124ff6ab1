"""The rows of an evaluation, and the file of them that history keeps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.evaluation.measures import Estimate
from orchestration.evaluation.wording import Note

NUMBER = pa.decimal128(18, 6)
MEASURES_FILE = "scheme_evaluation"
SCHEMA = pa.schema(
    [
        ("scheme", pa.string()),
        ("conditions_hash", pa.string()),
        ("measure", pa.string()),
        ("horizon_days", pa.int64()),
        ("value", NUMBER),
        ("low", NUMBER),
        ("high", NUMBER),
        ("spend_baseline", NUMBER),
        ("last_class_baseline", NUMBER),
        ("random_baseline", NUMBER),
        ("origin_count", pa.int64()),
        ("customer_count", pa.int64()),
        ("group_customers", pa.int64()),
        ("first_origin", pa.date32()),
        ("last_origin", pa.date32()),
        ("evaluated_on", pa.date32()),
        ("finding", pa.string()),
        ("note_en", pa.string()),
        ("note_zh", pa.string()),
    ]
)


@dataclass(frozen=True)
class Row:
    """What one measure says of one scheme; see dbt_project's scheme_evaluation for the columns."""

    scheme: str
    measure: str
    horizon_days: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    spend_baseline: float | None = None
    last_class_baseline: float | None = None
    random_baseline: float | None = None
    origin_count: int | None = None
    customer_count: int | None = None
    group_customers: int | None = None
    first_origin: date | None = None
    last_origin: date | None = None
    finding: str | None = None
    note: Note | None = None

    def without(self, reason: Note) -> Row:
        """The row that says why there is no number."""
        return replace(self, note=reason)

    def with_value(
        self,
        found: Estimate,
        *,
        origins: Sequence[date],
        customers: int,
        smallest: int,
        finding: str | None,
        note: Note | None,
        spend_baseline: float | None = None,
        last_class_baseline: float | None = None,
        random_baseline: float | None = None,
    ) -> Row:
        """The row with what was found; `smallest` has the group that the number tells most of."""
        return replace(
            self,
            value=found.value,
            low=found.low,
            high=found.high,
            spend_baseline=spend_baseline,
            last_class_baseline=last_class_baseline,
            random_baseline=random_baseline,
            origin_count=len(origins),
            customer_count=customers,
            group_customers=smallest,
            first_origin=min(origins),
            last_origin=max(origins),
            finding=finding,
            note=note,
        )


def write_rows(rows: Iterable[Row], hashes: Mapping[str, str], day: date, file: Path) -> int:
    """Write the rows of an evaluation of `day`; returns how many. `hashes` are of conditions."""
    written = [
        {
            "scheme": row.scheme,
            "conditions_hash": hashes[row.scheme],
            "measure": row.measure,
            "horizon_days": row.horizon_days,
            "value": as_decimal(row.value),
            "low": as_decimal(row.low),
            "high": as_decimal(row.high),
            "spend_baseline": as_decimal(row.spend_baseline),
            "last_class_baseline": as_decimal(row.last_class_baseline),
            "random_baseline": as_decimal(row.random_baseline),
            "origin_count": row.origin_count,
            "customer_count": row.customer_count,
            "group_customers": row.group_customers,
            "first_origin": row.first_origin,
            "last_origin": row.last_origin,
            "evaluated_on": day,
            "finding": row.finding,
            "note_en": row.note.en if row.note else None,
            "note_zh": row.note.zh if row.note else None,
        }
        for row in rows
    ]
    pq.write_table(pa.Table.from_pylist(written, SCHEMA), file)
    return len(written)


def as_decimal(number: float | None) -> Decimal | None:
    """With the digits of a file; None for what is no number."""
    if number is None or not math.isfinite(number):
        return None
    return Decimal(number).quantize(Decimal("0.000001"))
