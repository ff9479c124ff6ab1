"""Write what dbt reads into the warehouse: the landing, the history, the policy and the day.

Everything here is a view over the two places of truth, or small. It makes the warehouse disposable:
delete the file, run again, same result. After it a `dbt build` by hand computes the same day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.canonical import canonical_tables
from orchestration.engine_errors import values_kept_back
from orchestration.history import committed_days, ordered_calibrations
from orchestration.inputs.contacts import write_contact_keys
from orchestration.inputs.continuing import continue_build, program, remember_build
from orchestration.inputs.decided import (
    HISTORY_COLUMNS,
    write_evaluation_views,
    write_history_view,
    write_orders,
)
from orchestration.inputs.landed import write_landing_view, write_loads
from orchestration.inputs.policy import write_catalogue
from orchestration.landing import committed_loads
from orchestration.manifest import prepare_manifest
from orchestration.policy import Policy
from orchestration.pseudonyms import key_in_force
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile
from orchestration.troubles import what_to_do

__all__ = ["WarehouseUnusable", "opened_warehouse", "register_inputs", "remember_build"]


class WarehouseUnusable(RuntimeError):
    """The warehouse is no database of ours, or is damaged: says what to remove."""


@values_kept_back()
def register_inputs(
    settings: Settings, source: SourceFile, policy: Policy, *, as_of: date, run_id: str
) -> None:
    """Write the schemas landing, history and policy of the warehouse for one run of one day.

    History is shown as it was before `as_of`, so that a repeated day decides the same again.
    What the last build left is continued if that may be; see `continuing`. Raises LandingError,
    HistoryError, ManifestError or WarehouseUnusable, each of which says what to do.
    """
    key = key_in_force(settings)
    versions = (prepare_manifest(settings).name, program(), duckdb.__version__)
    basis = " ".join((*versions, source.timezone, source.base_currency))
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with opened_warehouse(settings.warehouse) as warehouse:
        warehouse.execute("begin")
        for schema in ("landing", "history", "policy"):
            warehouse.execute(f"create schema if not exists {schema}")
        write_loads(warehouse, committed_loads(settings.landing), source)
        continues_from, known = continue_build(warehouse, basis)
        for table in canonical_tables().values():
            loads = committed_loads(settings.landing, table.name)
            arrived = [load for load in loads if load.load_id not in known]
            write_landing_view(warehouse, table.name, table, loads)
            write_landing_view(warehouse, f"arrived_{table.name}", table, arrived)
        write_contact_keys(warehouse, source.identity)
        commits = [commit for commit in committed_days(settings.history) if commit.as_of < as_of]
        for name, columns in HISTORY_COLUMNS.items():
            extra = policy.history_columns() if name == "classes" else {}
            write_history_view(warehouse, name, columns | extra, commits)
        write_evaluation_views(warehouse, settings.history, until=as_of)
        write_orders(warehouse, ordered_calibrations(settings.history, until=as_of))
        write_catalogue(warehouse, policy)
        warehouse.execute(
            "create or replace table landing.run_parameters as select ?::date as as_of_date,"
            " ?::varchar as timezone, ?::varchar as base_currency, ?::varchar as run_id,"
            " ?::varchar as policy_hash, ?::timestamp as started_at,"
            " ?::decimal(9, 8) as max_quarantined_share, ?::varchar as pseudonym_key_id,"
            " ?::bigint as smallest_group, ?::varchar as basis, ?::date as continues_from",
            [
                as_of,
                source.timezone,
                source.base_currency,
                run_id,
                policy.hash,
                datetime.now(UTC).replace(tzinfo=None),
                settings.max_quarantined_share,
                key.id if key else None,
                settings.smallest_group,
                basis,
                continues_from,
            ],
        )
        warehouse.execute("commit")


@contextmanager
def opened_warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, to write to. Raises WarehouseUnusable when the file is at fault."""
    try:
        # For a file of SQLite the engine would fetch an extension.
        with duckdb.connect(path, config={"autoinstall_known_extensions": "false"}) as warehouse:
            yield warehouse
    except duckdb.Error as error:
        if what_to_do(str(error)):
            raise  # a full disk or another process is no fault of the file
        raise WarehouseUnusable(
            f"{path} cannot be used: {str(error).splitlines()[0]}\n"
            "  It holds nothing that the next run does not build again. Remove it, "
            f"`rm -rf {path} {path}.wal`, and run again."
        ) from error
