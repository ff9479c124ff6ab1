"""Compaction: rows of old loads that decide nothing any more go, and the receipts stay.

Which rows these are says the warehouse that the last run built: staging gave every landed row its
fate, and there is no second rule. A row goes when its load is older than the horizon, and either a
row of a later load that is as old stands in its place, or it repeats a row of its own load. What is
younger may still be rejected, and then the older version stands again. What landed last of a key
stays, since a pull compares with it. Rows that stand, that mark a deletion, wait or are in
quarantine stay whatever their age.

Each load is rewritten in one step of its own (see `landing.rewriting`), so a kill leaves some loads
compacted and the others as they were; nothing has to be finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from orchestration.built import open_built
from orchestration.canonical import canonical_tables
from orchestration.duckdb_sql import quote_text
from orchestration.landing import LandingError, Load, committed_loads
from orchestration.landing.commits import finish_what_was_cut_off, scratch_beside
from orchestration.landing.receipts import INCOMING
from orchestration.landing.rewriting import next_file, remove_unnamed, rewrite
from orchestration.settings import Settings
from orchestration.sources.engine import Resources, confined
from orchestration.sources.rows import PARQUET
from orchestration.store import working_in


@dataclass(frozen=True)
class Compactable:
    """What may go of one load.

    Attributes:
        rows: the `_row` of each.
        in_favour_of: ids of the loads whose rows stand in their place.
    """

    load: Load
    rows: Sequence[int]
    in_favour_of: Sequence[str]


def find_compactable(settings: Settings, days: int) -> list[Compactable]:
    """What could go of loads that were pulled more than `days` days ago.

    Raises NothingBuilt, RunLocked, and LandingError when the last run did not see the landing as it
    is now.
    """
    horizon = datetime.now(UTC) - timedelta(days)
    loads = committed_loads(settings.landing)
    with open_built(settings.warehouse) as con:
        _refuse_another_landing(con, loads)
        old = {load.load_id: load for load in loads if load.pulled_at < horizon}
        if not old:
            return []
        con.register("old_loads", _old_loads(old))
        return [
            Compactable(old[load_id], rows, sorted(set(winners)))
            for table in canonical_tables()
            if any(load.table == table for load in old.values())
            for load_id, rows, winners in con.execute(_rows_that_may_go(table)).fetchall()
        ]


def compact(settings: Settings, days: int) -> list[Load]:
    """Take these rows out; returns the loads as they are now. Raises as `find_compactable`."""
    with working_in(settings, "tiers compact"):
        finish_what_was_cut_off(settings.landing)
        for load in committed_loads(settings.landing):
            remove_unnamed(load)
        return [_compact(settings, found) for found in find_compactable(settings, days)]


def _compact(settings: Settings, found: Compactable) -> Load:
    load, target = found.load, next_file(found.load)
    building = settings.landing / INCOMING / f"compacting-{load.load_id}"
    with scratch_beside(building) as scratch:
        resources = Resources(scratch, settings.threads, settings.memory_limit)

        def prepare(engine: duckdb.DuckDBPyConnection) -> None:
            engine.register("going", pa.table({"_row": pa.array(found.rows, pa.int64())}))

        with confined(resources, [load.path, target], prepare) as engine:
            kept = (
                f"from read_parquet({quote_text(load.path)})"
                " where _row not in (select _row from going) order by _row"
            )
            engine.execute(f"copy ({kept}) to {quote_text(target)} ({PARQUET})")
    building.rmdir()

    def change(load: Load) -> Load:
        return replace(load, compacted_rows=load.compacted_rows + len(found.rows))

    return rewrite(
        load, "compaction", len(found.rows), change, in_favour_of=list(found.in_favour_of)
    )


def _refuse_another_landing(con: duckdb.DuckDBPyConnection, loads: Sequence[Load]) -> None:
    built = con.execute(
        "select load_id, row_count - erased_count - compacted_count, is_superseded"
        " from landing.loads"
    ).fetchall()
    kept = {(load.load_id, load.kept_rows, load.superseded_by is not None) for load in loads}
    if set(built) != kept:
        raise LandingError(
            "The landing has changed since the last run, so what decides is not known. "
            "`tiers run` first, then compact."
        )


def _old_loads(old: Mapping[str, Load]) -> pa.Table:
    """One row per old load: its place in the order, and the old load that superseded it."""
    known: Iterator[tuple[str, int, bool, str | None]] = (
        (load.load_id, load.sequence, load.superseded_by is not None, load.superseded_by)
        for load in old.values()
    )
    ids, sequences, superseded, by = zip(*known, strict=True)
    replaced_by = [each if each in old else None for each in by]
    names = ["load_id", "sequence", "is_superseded", "superseded_by"]
    kinds = [pa.string(), pa.int64(), pa.bool_(), pa.string()]
    columns = zip((ids, sequences, superseded, replaced_by), kinds, strict=True)
    return pa.table([pa.array(values, kind) for values, kind in columns], names=names)


def _rows_that_may_go(table: str) -> str:
    """SQL: per old load, the rows that may go, and for each the load whose row stands instead."""
    key = ", ".join(canonical_tables()[table].key)
    return f"""
        with old_rows as (
            select landed._load_id, landed._row, landed._fate, {key},
                old_loads.sequence, old_loads.is_superseded, old_loads.superseded_by
            from staging.landed_{table} as landed
            inner join old_loads on landed._load_id = old_loads.load_id
        ),
        standing as (
            select {key}, _load_id as winner, sequence as winner_sequence
            from old_rows where _fate in ('staged', 'deleted', 'waiting')
        ),
        beaten as (
            select _load_id, _row, winner
            from old_rows inner join standing using ({key})
            where not is_superseded and (
                (_fate = 'superseded' and winner_sequence > sequence)
                or (_fate = 'duplicate' and winner_sequence = sequence)
            )
        ),
        replaced as (
            select _load_id, _row, superseded_by as winner
            from old_rows where is_superseded and superseded_by is not null
        )
        select _load_id, list(_row order by _row), list(distinct winner)
        from (from beaten union all from replaced)
        group by _load_id order by _load_id
    """
