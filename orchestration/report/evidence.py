"""What the past says of each scheme, as the page tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.report.wording import Both

# Of all measures the one that a person compares schemes by.
SHOWN = "spearman_90d"


@dataclass(frozen=True)
class Evidence:
    """How well classes told what customers bought in the next 90 days; texts, None without any.

    Attributes:
        note: the finding in words, or why there is none.
        value, low, high: of the rank correlation.
        spend: that of last year's spend.
    """

    note: Both
    value: str | None
    low: str | None
    high: str | None
    spend: str | None


def read_evidence(con: duckdb.DuckDBPyConnection) -> Mapping[str, Evidence]:
    """The evidence of each scheme, by its id."""
    rows = con.execute(
        "select scheme, note_en, note_zh, value, low, high, spend_baseline from scheme_evaluation"
        " where measure = ? and note_en is not null",
        [SHOWN],
    ).fetchall()
    return {
        scheme: Evidence(Both(en, zh), *(None if one is None else f"{one:.2f}" for one in numbers))
        for scheme, en, zh, *numbers in rows
    }
