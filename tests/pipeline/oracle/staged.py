"""Landed text to the rows that count: read, quarantined whole, and one version of each key."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from . import landed
from .cells import UNREADABLE, read_column
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
    table = TABLES[name]
    text = landed.rows(landing, name, list(table.columns))
    values = {
        column: read_column(text[column], kind, zone) for column, kind in table.columns.items()
    }
    for column, case in table.folded.items():
        folded = [value and _fold(value, case) for value in values[column]]
        values[column] = pd.Series(folded, index=text.index, dtype=object)
    rows = text.assign(**values)
    rows = rows[_sound(rows, table) & _in_range(rows, name)]
    rows = rows[~_of_two_entries(rows, table, sharing)]
    return _newest(rows, table)[list(table.columns)].reset_index(drop=True)


def _fold(text: str, case: str) -> str:
    return text.lower() if case == "lower" else text.upper()


def supplied(landing: Path, name: str) -> frozenset[str]:
    """The canonical columns of a table that some load supplies; empty when none was ever loaded."""
    return frozenset(column for load in landed.loads(landing, name) for column in load.columns)


def _sound(rows: pd.DataFrame, table: Table) -> pd.Series:
    """Rows that were split, read in every column, and have what a row cannot do without."""
    sound = rows["_malformed"].isna()
    for column in table.columns:
        sound &= rows[column].map(lambda value: value is not UNREADABLE).astype(bool)
    for column in table.required:
        sound &= rows[column].notna()
    for column, allowed in table.domains.items():
        sound &= rows[column].isna() | rows[column].isin(allowed)
    for alternatives in table.either:
        sound &= rows[list(alternatives)].notna().any(axis=1)
    return sound


def _in_range(rows: pd.DataFrame, name: str) -> pd.Series:
    """Rows whose numbers can be what they say: no refund below zero, no rating off its scale."""

    def fits(row: Row) -> bool:
        if name == "refunds":
            return bool(row["amount"] >= 0)
        if name == "exchange_rates":
            return bool(0 < row["rate_to_base"] < 10**10 * NUMBER)
        scales = {"csat": (1, 5), "review": (1, 5), "nps": (0, 10)}
        low, high = scales.get(row["kind"], (None, None))
        if row["score"] is None or low is None or high is None:
            return True
        return bool(low * NUMBER <= row["score"] <= high * NUMBER)

    if name not in {"refunds", "exchange_rates", "feedback"}:
        return pd.Series(True, index=rows.index)
    readable = _sound(rows, TABLES[name])
    return pd.Series(
        [ok and fits(row) for ok, row in zip(readable, rows_of(rows), strict=True)],
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


def _newest(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """One row for each key: its newest version, unless that says it was deleted."""
    repeated = rows.duplicated(list(table.key), keep=False)
    kept = list(rows.index[~repeated])
    for _, versions in rows[repeated].groupby(list(table.key)):
        winner = _winner(versions, list(table.columns))
        if winner is not None:
            kept.append(winner)
    newest = rows.loc[sorted(kept)]
    if "is_deleted" in table.columns:
        newest = newest[newest["is_deleted"].map(lambda deleted: deleted is not True).astype(bool)]
    return newest


def _winner(versions: pd.DataFrame, columns: list[str]) -> int | None:
    """The index of the live version; None when all of them contradict each other.

    Greatest updated_at, then the later load. Rows of one load and one updated_at that differ in
    content are no version at all.
    """
    said: dict[tuple[datetime, int], list[tuple[int, tuple[object, ...]]]] = {}
    updated = versions["updated_at"] if "updated_at" in columns else [None] * len(versions)
    contents = versions[columns].itertuples(index=False, name=None)
    for index, moment, load, content in zip(
        versions.index, updated, versions["_sequence"], contents, strict=True
    ):
        said.setdefault((moment or datetime.min, load), []).append((index, content))
    agreed = {
        when: rows[0][0]
        for when, rows in said.items()
        if len({content for _, content in rows}) == 1
    }
    return agreed[max(agreed)] if agreed else None
