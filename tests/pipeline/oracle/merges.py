"""Customers whom a person found to be one: who goes by whose id, in every table."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from .staged import staged, survivor
from .tables import TABLES


def reader_of(
    landing: Path, timezone: str, shared_keys: Iterable[tuple[str, str]] = ()
) -> Callable[[str], pd.DataFrame]:
    """What reads the staged rows of a table, with each customer by the id that it goes by."""
    shared = list(shared_keys)

    def rows(table: str) -> pd.DataFrame:
        sharing = frozenset(entry for owner, entry in shared if owner == table)
        return staged(landing, table, ZoneInfo(timezone), sharing)

    approved = rows("customer_merges")
    steps = dict(zip(approved["customer_id"], approved["into_customer_id"], strict=True))
    goes_by = {customer: str(survivor(customer, steps)) for customer in steps}
    return lambda table: _merged(rows(table), table, goes_by)


def _merged(rows: pd.DataFrame, table: str, goes_by: Mapping[str, str]) -> pd.DataFrame:
    if not goes_by or table == "customer_merges":
        return rows
    names = {"customer_id", "referrer_id"} & set(rows.columns)
    if table == "customers":
        rows = rows[~rows["customer_id"].isin(list(goes_by))]
        names = {"referrer_id"}
    elif "customer_id" in TABLES[table].key:
        # Own rows first, then those of the smallest id: the first of a key stands.
        order = [(given in goes_by, given) for given in rows["customer_id"]]
        rows = rows.iloc[sorted(range(len(rows)), key=order.__getitem__)]
    renamed = {
        name: pd.Series([goes_by.get(id, id) for id in rows[name]], rows.index, dtype=object)
        for name in names
    }
    rows = rows.assign(**renamed)
    return rows.drop_duplicates(list(TABLES[table].key)).reset_index(drop=True)
