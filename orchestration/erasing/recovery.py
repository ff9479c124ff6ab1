"""What each run does before anything else: take out whoever is erased and stands there still."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.duckdb_files import working_connection
from orchestration.duckdb_sql import quote_text
from orchestration.durable import make_folder, sweep_folder
from orchestration.erasing.requests import FOLDER, requests, suppression
from orchestration.erasing.searched import Searched
from orchestration.erasing.suppression import CUSTOMER, Suppression
from orchestration.history import rewriting as history_rewriting
from orchestration.history.drop import finish_drop
from orchestration.landing.commits import finish_what_was_cut_off, scratch_beside
from orchestration.landing.receipts import INCOMING, Load
from orchestration.landing.rewriting import kept_loads, next_file, remove_unnamed, rewrite
from orchestration.run_lock import run_lock
from orchestration.settings import Settings
from orchestration.sources.engine import Resources
from orchestration.trials import TRIALS

Report = Callable[[str], None]


def recover(settings: Settings, report: Report) -> None:
    """Finish what a kill cut off, and make landing and history clean of whoever is erased.

    The caller holds the run lock. Costs nothing while nobody is erased, and a look at each file's
    state while nothing new is there. Raises ErasureError, LandingError, HistoryError, and RunLocked
    while a preview or an evaluation is built of what is to be removed.
    """
    # DuckDB leaves alone what a killed run spilled.
    sweep_folder(settings.warehouse_spill)
    finish_what_was_cut_off(settings.landing)
    for load in kept_loads(settings.landing):
        remove_unnamed(load)
    folder = settings.home / FOLDER
    sweep_leftovers(folder)
    clean_what_is_kept(settings, report)
    if any(request.finished_at is None for request in requests(folder)):
        remove_disposable(settings)


def clean_what_is_kept(settings: Settings, report: Report) -> None:
    """Take erased people out of every load and every day that was not searched for them."""
    folder = settings.home / FOLDER
    if not (who := suppression(folder)):
        return
    cleaning = _Cleaning(settings, who, report)
    if cleaning.searched.is_behind:
        # Another machine may have cleaned all that is kept, and this one still shows it.
        remove_disposable(settings)
    cleaning.landing()
    cleaning.history()
    cleaning.searched.keep()


def remove_disposable(settings: Settings) -> None:
    """Remove what can be made again, or is for a look only, and may show a person.

    The warehouse goes as a file, since a database keeps the bytes of rows that were deleted.
    """
    for path in (
        settings.warehouse,
        settings.warehouse.with_name(f"{settings.warehouse.name}.wal"),
        settings.home / "last_error.log",
    ):
        path.unlink(missing_ok=True)
    for trial in (settings.home / name for name in TRIALS):
        if trial.exists():
            with run_lock(trial, "tiers erase"):
                shutil.rmtree(trial)
    for folder in (
        settings.warehouse_spill,
        settings.dbt_home / "target",
        settings.dbt_home / "logs",
        settings.spark,
        # What a kill left on its way out of a store that may be in use no more.
        settings.home / ".bringing",
        *(settings.releases / name for name in (".building", ".removing", ".set_aside")),
    ):
        if folder.exists():
            shutil.rmtree(folder)
    sweep_folder(settings.history / history_rewriting.INCOMING)


def sweep_leftovers(folder: Path) -> None:
    """Remove what was being written when a kill came."""
    for leftover in folder.glob(".*"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


class _Cleaning:
    """One search of everything that is kept."""

    def __init__(self, settings: Settings, who: Suppression, report: Report) -> None:
        self._settings, self._who, self._report = settings, who, report
        folder = settings.home / FOLDER
        asked = requests(folder)
        self.searched = Searched(
            folder, settings.home, who.digest, [each.request_id for each in asked]
        )
        unfinished = [each.request_id for each in asked if each.finished_at is None]
        self._why = f"erasure {', '.join(unfinished) or 'found again'}"
        self._found = bool(unfinished)

    def landing(self) -> None:
        """Search every load, rejected ones included."""
        kept = kept_loads(self._settings.landing)
        for load in [load for load in kept if not self.searched.has(load.path)]:
            building = self._settings.landing / INCOMING / f"erasing-{load.load_id}"
            with scratch_beside(building) as scratch:
                limits = self._settings.threads, self._settings.memory_limit
                load = self._load(load, Resources(scratch, *limits))
            building.rmdir()
            self.searched.add(load.path)

    def _load(self, load: Load, resources: Resources) -> Load:
        cleaned = self._who.clean(load.path, next_file(load), resources)
        if not cleaned:
            return load
        self._first_found()
        self._report(f"{load.table}: {cleaned.erased + cleaned.emptied:,} rows of {load.load_id}")

        def change(load: Load) -> Load:
            return replace(load, erased_rows=load.erased_rows + cleaned.erased)

        return rewrite(load, self._why, cleaned.erased + cleaned.emptied, change)

    def history(self) -> None:
        """Search every commit and evaluation, those that a backfill set aside included."""
        finish_drop(self._settings.history)
        files = history_rewriting.kept_files(self._settings.history)
        new = [file for file in files if not self.searched.has(file)]
        if not new:
            return
        spill = self._settings.history / history_rewriting.INCOMING
        make_folder(spill)
        with working_connection(spill, self._settings.duckdb_config) as con:
            con.execute("create temp table suppressed (kind varchar, hash varchar)")
            pairs = [[CUSTOMER, value] for value in self._who.hashes.get(CUSTOMER, ())]
            con.executemany("insert into suppressed values (?, ?)", pairs)
            for file in new:
                self._day(con, file)
                history_rewriting.complete_receipt(con, file.parent)
                self.searched.add(file)

    def _day(self, con: duckdb.DuckDBPyConnection, file: Path) -> None:
        theirs = self._who.is_listed(CUSTOMER, CUSTOMER)
        counted = f"select count(*) from read_parquet({quote_text(file)}) where {theirs}"
        (rows,) = con.execute(counted).fetchone() or (0,)
        if rows:
            self._first_found()
            self._report(f"history: {rows:,} rows of {file.parent.parent.name}")
            others = f"({theirs}) is distinct from true"
            history_rewriting.rewrite(con, file, others)

    def _first_found(self) -> None:
        if not self._found:
            self._found = True
            remove_disposable(self._settings)
