"""Which ids are one person: as staging joins them, by the merges that somebody approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from orchestration.built import open_built
from orchestration.days import usual_day
from orchestration.inputs import register_inputs
from orchestration.policy import load_policy
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file

MERGES = ("staging", "customer_merges")


@contextmanager
def merges_built(settings: Settings) -> Iterator[None]:
    """See to it that the warehouse has the merges. The caller holds the run lock.

    It has them after a run. Where it was deleted, they are built of the landing alone, for the
    while: an erasure must not wait until a source is well again. Raises BuildFailed.
    """
    if are_built(settings):
        yield
        return
    from orchestration.building import build_warehouse

    source, policy = load_source_file(settings.sources), load_policy(settings.policy_dir)
    register_inputs(settings, source, policy, as_of=usual_day(source), run_id="erase")
    build_warehouse(settings, tests=False, selection=["--select", "+customer_merges"])
    yield
    settings.warehouse.unlink()


def are_built(settings: Settings) -> bool:
    """Whether a run, whole or not, came as far as the merges. Raises RunLocked during one."""
    if not settings.warehouse.exists():
        return False
    with open_built(settings.warehouse) as con:
        found = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    return MERGES in found


def joined_by_merges(settings: Settings, customers: Sequence[str]) -> list[tuple[str, ...]]:
    """Per person every id, sorted."""
    with open_built(settings.warehouse) as con:
        return sorted({_joined(con, customer) for customer in customers})


def _joined(con: duckdb.DuckDBPyConnection, customer: str) -> tuple[str, ...]:
    found = con.execute(
        """
        with
            merges as (from staging.customer_merges),
            survivor as (
                select coalesce(max(surviving_customer_id), ?1) as customer_id
                from merges where customer_id = ?1
            )
        select customer_id from survivor
        union
        select customer_id from merges
        where surviving_customer_id = (select customer_id from survivor)
        """,
        [customer],
    ).fetchall()
    return tuple(sorted(each for (each,) in found))
