"""What became of the rows that landed, and those in quarantine: counted, and as they landed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestration.built import open_built
from orchestration.landing import committed_loads
from orchestration.settings import Settings

Counted = tuple[str, str, str | None, int]
FATES = """
select table_name as "table", cast(sum(columns(* exclude (table_name, load_id))) as bigint)
from staging.ledger
group by table_name
order by table_name
"""


@dataclass(frozen=True)
class Quarantined:
    """One row, why it is in quarantine, and its fields as they landed (personal data!)."""

    table: str
    load_id: str
    row: int
    reason: str
    column: str | None
    landed: dict[str, str | None]


def count_quarantine(settings: Settings, table: str | None) -> list[Counted]:
    """(table, reason, column, rows), of one table or of all. Raises NothingBuilt or RunLocked."""
    with open_built(settings.warehouse) as con:
        return con.execute(
            "select table_name, reason, column_name, count(*) from staging.quarantine"
            " where ?1 is null or table_name = ?1 group by all order by all nulls first",
            [table],
        ).fetchall()


def count_fates(settings: Settings) -> list[dict[str, Any]]:
    """Per table how many rows landed, and what became of them. Raises NothingBuilt or RunLocked."""
    with open_built(settings.warehouse) as con:
        found = con.execute(FATES)
        names = [field[0] for field in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def quarantined_rows(settings: Settings, table: str | None, limit: int) -> Iterator[Quarantined]:
    """The first `limit` rows in quarantine, in the order in which they landed."""
    with open_built(settings.warehouse) as con:
        found = con.execute(
            "select table_name, load_id, row_number, reason, column_name from staging.quarantine"
            " where ?1 is null or table_name = ?1"
            " order by table_name, load_id, row_number limit ?2",
            [table, limit],
        ).fetchall()
        parquet = {load.load_id: load.path for load in committed_loads(settings.landing)}
        for name, load_id, row, reason, column in found:
            landed = con.execute(
                "from read_parquet(?) where _row = ?", [str(parquet[load_id]), row]
            )
            names = [field[0] for field in landed.description or ()]
            values = landed.fetchone() or ()
            yield Quarantined(
                name, load_id, row, reason, column, dict(zip(names, values, strict=False))
            )
