"""The totals of a release, and how far its customers have drifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb


@dataclass(frozen=True)
class Totals:
    """The row of release_info, and the net amount of the last 365 days.

    Purchases and amounts are None where nobody supplies orders.
    """

    day: date
    zone: str
    currency: str
    run_id: str
    policy_hash: str
    pseudonym_key_id: str | None
    smallest_group: int
    customers: int
    purchases: int | None
    net_amount: Decimal | None
    landed_rows: int
    quarantined_rows: int
    net_amount_365d: Decimal | None


@dataclass(frozen=True)
class Drift:
    """How far the customers that a scheme ranks have moved since its cuts were set."""

    scheme: str
    dimension: str
    computed_on: date
    index: Decimal | None


def read_totals(con: duckdb.DuckDBPyConnection) -> Totals:
    """The totals of the release."""
    row = con.execute(
        "select as_of_date, timezone, base_currency, run_id, policy_hash, pseudonym_key_id,"
        " smallest_group, customers, purchases, net_amount,"
        " coalesce(landed_rows, 0), coalesce(quarantined_rows, 0),"
        " (select sum(net_amount_365d) from customer_facts) from release_info"
    ).fetchone()
    assert row, "gate 3 lets no release pass whose release_info has not one row"
    return Totals(*row)


def read_drift(con: duckdb.DuckDBPyConnection) -> list[Drift]:
    """What is ranked, the furthest moved first; the index of few customers is left out."""
    rows = con.execute(
        "select scheme, dimension, computed_on,"
        " case when not is_suppressed then population_stability_index end as psi"
        " from cut_drift order by psi desc nulls last, scheme, dimension"
    ).fetchall()
    return [Drift(*row) for row in rows]
