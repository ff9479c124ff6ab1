"""Landed text to the rows that count: read, quarantined whole, and one version of each key."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from . import landed
from .cells import UNREADABLE, instant, read_column
from .exact import NUMBER
from .rows import Row, rows_of
from .tables import TABLES, Table


def staged(
    landing: Path, name: str, zone: ZoneInfo, sharing: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """The live version of every key of a table, with every canonical column.

    Money is in ten-thousandths, a number in units of the eighth decimal, timestamps naive in the
    business zone; None where nothing was given. Entries named in `sharing` may have equal keys.
    """
    rows = judged(landing, name, zone, sharing)
    live = rows[rows["_fate"] == "staged"]
    return live[list(TABLES[name].columns)].reset_index(drop=True)


def judged(
    landing: Path, name: str, zone: ZoneInfo, sharing: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Every row of the loads that count, read as `staged` says, with its `_fate`.

    A fate is staged, superseded, duplicate, deleted or quarantined; `_sequence` tells the load.
    """
    table = TABLES[name]
    text = landed.rows(landing, name, list(table.columns))
    values = {
        column: read_column(text[column], kind, zone) for column, kind in table.columns.items()
    }
    for column, case in {**dict.fromkeys(table.domains, "lower"), **table.folded}.items():
        folded = [
            _fold(value, case) if isinstance(value, str) else value for value in values[column]
        ]
        values[column] = pd.Series(folded, index=text.index, dtype=object)
    instants = [
        instant(cell.strip()) if isinstance(cell, str) else None for cell in text["updated_at"]
    ]
    rows = text.assign(**values, _instant=pd.Series(instants, index=text.index, dtype=object))
    fates = pd.Series("quarantined", index=rows.index, dtype=object)
    sound = rows[_sound(rows, table) & _in_range(rows, name)]
    sound = sound[~_of_two_entries(sound, table, sharing)]
    fates[sound.index] = "staged"
    repeated = sound[sound.duplicated(list(table.key), keep=False)]
    for _, versions in repeated.groupby(list(table.key)):
        for index, fate in _fates_of_versions(versions, list(table.columns)).items():
            fates[index] = fate
    fates[(fates == "staged") & _says_deleted(rows)] = "deleted"
    if name == "customer_merges":
        fates[_going_in_circles(rows[fates == "staged"])] = "quarantined"
    return rows.assign(_fate=fates)


def _going_in_circles(merges: pd.DataFrame) -> list[int]:
    steps = dict(zip(merges["customer_id"], merges["into_customer_id"], strict=True))
    endless = {customer for customer in steps if survivor(customer, steps) is None}
    return list(merges.index[merges["customer_id"].isin(list(endless))])


def survivor(customer: str, steps: Mapping[str, str]) -> str | None:
    """Who is left after all steps from a customer on; None when they never end."""
    seen = set()
    while customer in steps:
        if customer in seen:
            return None
        seen.add(customer)
        customer = steps[customer]
    return customer


def _says_deleted(rows: pd.DataFrame) -> pd.Series:
    return rows["is_deleted"].map(lambda deleted: deleted is True).astype(bool)


def _fold(text: str, case: str) -> str:
    return text.lower() if case == "lower" else text.upper()


def supplied(landing: Path, name: str) -> frozenset[str]:
    """The canonical columns of a table that some load supplies; empty when none was ever loaded."""
    return frozenset(column for load in landed.loads(landing, name) for column in load.columns)


def _sound(rows: pd.DataFrame, table: Table) -> pd.Series:
    """Rows that were split, read in every column, and have what a row cannot do without.

    A row that says that its key was deleted needs its key only, and to say when.
    """
    deleted = _says_deleted(rows)
    sound = rows["_malformed"].isna()
    for column in table.columns:
        readable = rows[column].map(lambda value: value is not UNREADABLE).astype(bool)
        sound &= readable | (deleted & (column not in (*table.key, "updated_at")))
    for column in table.required:
        sound &= rows[column].notna() | (deleted & (column not in table.key))
    for column, allowed in table.domains.items():
        sound &= rows[column].isna() | rows[column].isin(allowed) | deleted
    for alternatives in table.either:
        sound &= rows[list(alternatives)].notna().any(axis=1) | deleted
    return sound


def _in_range(rows: pd.DataFrame, name: str) -> pd.Series:
    """Rows that can be what they say: no refund below zero, nobody merged into himself."""

    def fits(row: Row) -> bool:
        if name == "refunds":
            return row["amount"] is None or bool(row["amount"] >= 0)
        if name == "exchange_rates":
            rate = row["rate_to_base"]
            return rate is None or bool(0 < rate < 10**10 * NUMBER)
        if name == "customer_merges":
            return bool(row["customer_id"] != row["into_customer_id"])
        scales = {"csat": (1, 5), "review": (1, 5), "nps": (0, 10)}
        low, high = scales.get(row["kind"], (None, None))
        if row["score"] is None or low is None or high is None:
            return True
        return bool(low * NUMBER <= row["score"] <= high * NUMBER)

    if name not in {"refunds", "exchange_rates", "feedback", "customer_merges"}:
        return pd.Series(True, index=rows.index)
    readable, deleted = _sound(rows, TABLES[name]), _says_deleted(rows)
    return pd.Series(
        [
            ok and (gone or fits(row))
            for ok, gone, row in zip(readable, deleted, rows_of(rows), strict=True)
        ],
        index=rows.index,
        dtype=bool,
    )


def _of_two_entries(rows: pd.DataFrame, table: Table, sharing: frozenset[str]) -> pd.Series:
    """Rows whose key more than one entry has, unless all of them share their keys."""
    if rows["_entry"].nunique() < 2:
        return pd.Series(False, index=rows.index, dtype=bool)
    by_key = rows.groupby(list(table.key))["_entry"]
    alone = ~rows["_entry"].isin(sharing)
    any_alone = alone.groupby([rows[name] for name in table.key]).transform("any")
    return (by_key.transform("nunique") > 1) & any_alone


def _fates_of_versions(versions: pd.DataFrame, columns: list[str]) -> dict[int, str]:
    """What comes of each row of one key; the staged one is the newest.

    Greatest updated_at, then the later load. Rows of one load and one updated_at that differ in
    content are no version: quarantined, unless a later version settles what they left open. What
    an entry has deleted comes before all that another one still has.
    """
    times = _times_of_versions(versions)
    last: dict[str, tuple[datetime, int]] = {}
    for entry, time in zip(versions["_entry"], times, strict=True):
        last[entry] = max(time, last.get(entry, time))
    has = {
        entry
        for entry, time, deleted in zip(
            versions["_entry"], times, versions["is_deleted"], strict=True
        )
        if time == last[entry] and deleted is not True
    }
    said: dict[tuple[bool, datetime, int], list[tuple[int, tuple[object, ...]]]] = {}
    contents = versions[columns].itertuples(index=False, name=None)
    for index, entry, time, content in zip(
        versions.index, versions["_entry"], times, contents, strict=True
    ):
        said.setdefault((entry in has, *time), []).append((index, content))
    fates: dict[int, str] = {}
    for _, rows in sorted(said.items()):
        indices = [index for index, _ in rows]
        if len({content for _, content in rows}) > 1:
            fates |= dict.fromkeys(indices, "quarantined")
        else:
            fates = dict.fromkeys(fates, "superseded") | dict.fromkeys(indices, "duplicate")
            fates[indices[0]] = "staged"
    return fates


def _times_of_versions(versions: pd.DataFrame) -> list[tuple[datetime, int]]:
    """When each version came to be, and its load; by the instant where all of them name theirs."""
    clocks, instants = list(versions["updated_at"]), list(versions["_instant"])
    pairs = zip(clocks, instants, strict=True)
    named = all(clock is None or instant is not None for clock, instant in pairs)
    moments = instants if named else clocks
    loads = versions["_sequence"]
    return [(moment or datetime.min, load) for moment, load in zip(moments, loads, strict=True)]
