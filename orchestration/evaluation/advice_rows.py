"""The rows of advice, and the file of them that history keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.evaluation.changes import Change
from orchestration.evaluation.measures import Estimate
from orchestration.evaluation.rows import NUMBER, as_decimal
from orchestration.evaluation.trying import HORIZON
from orchestration.evaluation.wording import Note

ADVICE_FILE = "scheme_advice"
MEASURE = f"spearman_{HORIZON}d"
SCHEMA = pa.schema(
    [
        ("scheme", pa.string()),
        ("conditions_hash", pa.string()),
        ("place", pa.string()),
        ("from_value", pa.string()),
        ("to_value", pa.string()),
        ("measure", pa.string()),
        ("horizon_days", pa.int64()),
        ("value_now", NUMBER),
        ("value_then", NUMBER),
        ("margin", NUMBER),
        ("low", NUMBER),
        ("high", NUMBER),
        ("origin_count", pa.int64()),
        ("first_origin", pa.date32()),
        ("last_origin", pa.date32()),
        ("customer_count", pa.int64()),
        ("evaluated_on", pa.date32()),
        ("note_en", pa.string()),
        ("note_zh", pa.string()),
    ]
)


@dataclass(frozen=True)
class Advice:
    """What is advised of a scheme, or why nothing is.

    Attributes:
        note: in words; without a change it is the reason.
        change: the one number.
        now, then: the measure as it is and as it would be, on the days that confirm.
        margin: between the two.
        confirmed_on: the days that did not choose the change.
        customers: the fewest on one of those days.
    """

    scheme: str
    note: Note
    change: Change | None = None
    now: float | None = None
    then: float | None = None
    margin: Estimate | None = None
    confirmed_on: tuple[date, ...] = ()
    customers: int | None = None


def write_advice(found: Iterable[Advice], hashes: Mapping[str, str], day: date, file: Path) -> None:
    """Write the advice of an evaluation of `day`, a row per scheme. `hashes` are of conditions."""
    rows = [_row(each, hashes[each.scheme], day) for each in found]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), file)


def _row(advice: Advice, conditions_hash: str, day: date) -> dict[str, object]:
    change, margin, days = advice.change, advice.margin, advice.confirmed_on
    return {
        "scheme": advice.scheme,
        "conditions_hash": conditions_hash,
        "place": change and change.place,
        "from_value": change and change.from_value,
        "to_value": change and change.to_value,
        "measure": MEASURE,
        "horizon_days": HORIZON,
        "value_now": as_decimal(advice.now),
        "value_then": as_decimal(advice.then),
        "margin": as_decimal(margin.value if margin else None),
        "low": as_decimal(margin.low if margin else None),
        "high": as_decimal(margin.high if margin else None),
        "origin_count": len(days),
        "first_origin": min(days, default=None),
        "last_origin": max(days, default=None),
        "customer_count": advice.customers,
        "evaluated_on": day,
        "note_en": advice.note.en,
        "note_zh": advice.note.zh,
    }
