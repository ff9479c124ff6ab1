"""Orders to compute the cuts of schemes anew within their period, as a person gave them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.durable import write_durably
from orchestration.history.commits import HistoryError

FOLDER = "calibrations"


@dataclass(frozen=True)
class CalibrationOrder:
    """One order.

    Attributes:
        as_of: the first business day whose run computes cuts anew.
        schemes: ids of the schemes; empty for every scheme.
        reason: why, for those who read the cuts.
        ordered_at: UTC.
    """

    as_of: date
    schemes: tuple[str, ...]
    reason: str
    ordered_at: datetime


def order_calibration(
    history: Path, as_of: date, schemes: Sequence[str], reason: str
) -> CalibrationOrder:
    """Keep an order in history. The runs of `as_of` and later follow it; earlier days do not."""
    now = datetime.now(UTC)
    order = CalibrationOrder(as_of, tuple(sorted(schemes)), reason, now)
    content = {
        "as_of": as_of.isoformat(),
        "schemes": order.schemes,
        "reason": reason,
        "ordered_at": now.isoformat(),
    }
    path = history / FOLDER / f"{as_of}-{now:%Y%m%dT%H%M%S%fZ}.json"
    write_durably(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
    return order


def ordered_calibrations(history: Path, *, until: date) -> list[CalibrationOrder]:
    """The orders for `until` and the days before it, by day and then by when they were given.

    Raises HistoryError for an order that cannot be read: to leave it out would change classes.
    """
    orders = [_read(path) for path in sorted((history / FOLDER).glob("*.json"))]
    return [order for order in orders if order.as_of <= until]


def _read(path: Path) -> CalibrationOrder:
    try:
        content = json.loads(path.read_text("utf-8"))
        return CalibrationOrder(
            as_of=date.fromisoformat(content["as_of"]),
            schemes=tuple(content["schemes"]),
            reason=str(content["reason"]),
            ordered_at=datetime.fromisoformat(content["ordered_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HistoryError(
            f"The order {path} is damaged: {error}. Restore it from a backup, or remove the file "
            f"and run `tiers backfill --from {path.name[:10]}` to decide its day without it."
        ) from error
