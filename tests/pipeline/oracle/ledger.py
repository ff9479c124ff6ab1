"""What came of every row that landed, counted for each load."""

from collections.abc import Collection
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from . import landed
from .staged import judged, staged
from .tables import TABLES

FATES = ("staged", "superseded", "duplicate", "deleted", "waiting", "quarantined")


def ledger(
    landing: Path,
    timezone: str,
    base_currency: str,
    shared_keys: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """One row for each load: how many of its rows landed, and how many met each fate."""
    zone = ZoneInfo(timezone)
    counted = []
    shared = {table: frozenset(e for owner, e in shared_keys if owner == table) for table in TABLES}
    for table in TABLES:
        rows = judged(landing, table, zone, shared[table])
        if table == "orders":
            rates = staged(landing, "exchange_rates", zone, shared["exchange_rates"])
            rows = _waiting(rows, rates, base_currency)
        for load in landed.loads(landing, table):
            met = rows.loc[rows["_sequence"] == load.sequence, "_fate"]
            counted.append(_row(load, {fate: int((met == fate).sum()) for fate in FATES}))
        for load in landed.replaced_loads(landing, table):
            counted.append(_row(load, dict.fromkeys(FATES, 0) | {"superseded": _kept(load)}))
    columns = ["table_name", "load_id", "landed", *FATES, "erased", "compacted"]
    return pd.DataFrame(counted, columns=columns, dtype=object)


def _row(load: landed.Load, fates: dict[str, int]) -> dict[str, object]:
    gone = {"erased": load.erased, "compacted": load.compacted}
    return {"table_name": load.table, "load_id": load.load_id, "landed": load.rows, **fates, **gone}


def _kept(load: landed.Load) -> int:
    return load.rows - load.erased - load.compacted


def _waiting(orders: pd.DataFrame, rates: pd.DataFrame, base_currency: str) -> pd.DataFrame:
    """Live orders in a currency that has no rate on their day wait for one."""
    known = set(zip(rates["currency"], rates["rate_date"], strict=True))
    waits = [
        fate == "staged"
        and currency not in (None, base_currency)
        and (currency, moment.date()) not in known
        for fate, currency, moment in zip(
            orders["_fate"], orders["currency"], orders["ordered_at"], strict=True
        )
    ]
    return orders.assign(_fate=orders["_fate"].mask(pd.Series(waits, orders.index), "waiting"))
