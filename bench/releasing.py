"""Measure the gates and publishing by themselves, over a home that the bench has left.

    python -m bench --orders 100000000 … or python -m bench.limited …, and then
    python -m bench.releasing --orders 100000000

The gates are those of one run: every load of the first day, the warehouse, the release. Publishing
is all of it but gate 3: the database, Parquet, the departments' files, the page, the swap. It is
held against a copy of that database and one writing of its tables as Parquet.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.exports import TIMEZONE
from bench.generate import Recipe
from bench.home import SCRATCH, Home, say
from bench.results import keep
from orchestration.duckdb_files import working_connection, write_parquet
from orchestration.expectations import audit
from orchestration.labels import column_labels
from orchestration.landing import committed_loads
from orchestration.manifest import read_manifest
from orchestration.public_tables import public_tables
from orchestration.publishing import ReleaseInfo, list_releases, publish
from orchestration.report import write_report
from orchestration.settings import Settings

MEASURES = {
    "gate_1": "gate 1, over every load",
    "gate_2": "gate 2, over the warehouse",
    "gate_3": "gate 3, over the release",
    "publish": "publishing, without gate 3",
    "copy": "a copy of its database",
    "parquet": "its tables as Parquet, once",
}
# The page tells what gate 3 has found.
NO_AUDIT = {"evaluated": 0, "warnings": []}


def measure_gates(settings: Settings) -> dict[str, float]:
    """Seconds of each gate, without the first import of Great Expectations."""
    config = settings.duckdb_config
    loads = committed_loads(settings.landing)
    landed = [
        audit("landing", None, relations={load.table: str(load.path)}, config=config)
        for load in loads
    ]
    return {
        "gate_1": sum(result.seconds for result in landed),
        "gate_2": audit("warehouse", settings.warehouse, config=config).seconds,
        "gate_3": audit("published", settings.served_database, config=config).seconds,
    }


def measure_publishing(settings: Settings, scratch: Path) -> dict[str, float]:
    """Seconds of publishing the warehouse, of a file copy, and of writing Parquet.

    `scratch` is emptied, and empty again afterwards.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    latest = list_releases(settings.releases)[-1]
    manifest = read_manifest(settings)
    tables = public_tables(manifest)
    info = ReleaseInfo(
        run_id="measured",
        as_of=latest.as_of,
        policy_hash=latest.policy_hash,
        zone=TIMEZONE,
        engine="duckdb",
        versions={},
        quality=latest.quality,
    )
    database = settings.served_database
    found = {
        "publish": _seconds(
            lambda: publish(
                settings.warehouse,
                scratch / "releases",
                tables=tables,
                info=info,
                audit=lambda _: NO_AUDIT,
                write_page=partial(write_report, labels=column_labels(manifest)),
                keep=2,
                grace=timedelta(0),
                report=lambda _: None,
                config=settings.duckdb_config,
            )
        ),
        "copy": _seconds(lambda: _copy(database, scratch / "copy.duckdb")),
        "parquet": _seconds(lambda: _write_parquet(settings, scratch)),
    }
    shutil.rmtree(scratch)
    return found


def _copy(file: Path, copy: Path) -> None:
    """Until it is on the disk, as publishing waits for it."""
    shutil.copyfile(file, copy)
    with copy.open("rb") as copied:
        os.fsync(copied.fileno())


def _write_parquet(settings: Settings, folder: Path) -> None:
    tables = [table for table in public_tables(read_manifest(settings)) if table.kind == "table"]
    with working_connection(folder, settings.duckdb_config) as con:
        con.execute(f"attach '{settings.served_database}' as release (read_only)")
        for table in tables:
            rows = f'from release.main."{table.name}"'
            write_parquet(con, rows, folder / f"{table.name}.parquet")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.releasing", description=__doc__)
    parser.add_argument("--orders", type=int, default=Recipe.orders)
    home = Home(Recipe(parser.parse_args().orders))
    if not home.current.exists():
        sys.exit(f"{home.home} has no release; run `python -m bench --orders …` first.")
    settings = Settings.from_environment(home.environment)
    say("auditing")
    found = measure_gates(settings)
    say("publishing")
    found |= measure_publishing(settings, SCRATCH / "publishing")
    for name, title in MEASURES.items():
        print(f"{title:34}{found[name]:9.1f}")
    keep(f"releasing-{home.recipe.orders}", {"customers": home.manifest["customers"], **found})


if __name__ == "__main__":
    main()
