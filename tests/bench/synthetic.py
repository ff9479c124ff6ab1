"""A generated company, run by the real job, and what the job found of it."""

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from bench.company import AS_OF, TOMORROW
from bench.generate import EXPORTS, NEXT_DAY, Recipe, generate
from orchestration.progress import Silent
from orchestration.running import run_day
from orchestration.settings import Settings


@dataclass(frozen=True)
class Synthetic:
    """Its folder holds what was generated, the home of the settings what the runs made of it."""

    folder: Path
    settings: Settings

    @classmethod
    def generated(cls, folder: Path, settings: Settings, recipe: Recipe) -> "Synthetic":
        """A new one."""
        generate(folder, recipe)
        return cls(folder, replace(settings, sources=folder / EXPORTS / "sources.yml"))

    def run(self) -> None:
        """The first run, of the day that was generated."""
        run_day(self.settings, AS_OF, Silent())

    def run_next_day(self) -> None:
        """The next run, with its small batch."""
        shutil.copytree(self.folder / NEXT_DAY, self.folder / EXPORTS, dirs_exist_ok=True)
        run_day(self.settings, TOMORROW, Silent())

    def truth(self, day: object) -> dict[str, Any]:
        """What the generator says about a day."""
        manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        found: dict[str, Any] = manifest["days"][str(day)]
        return found

    def found(self) -> dict[str, Any]:
        """The same, as the last run published it and left it in the warehouse."""
        return {
            "totals": _totals(self.settings.served_database),
            "fates": _counts(self.settings.warehouse, FATES),
            "quarantined": _counts(self.settings.warehouse, REASONS),
        }


FATES = """
    unpivot (select * exclude (load_id, landed) from staging.ledger)
    on columns(* exclude (table_name)) into name fate value row_count
"""
FATES = (
    f"select table_name, fate, sum(row_count) from ({FATES}) group by all having sum(row_count) > 0"
)
REASONS = "select table_name, reason, count(*) from staging.quarantine group by all"


def _totals(database: Path) -> dict[str, Any]:
    with duckdb.connect(database, read_only=True) as con:
        row = con.execute(
            "select count(*), sum(order_count)::bigint, sum(gross_amount)::varchar,"
            " sum(refund_amount)::varchar, sum(net_amount)::varchar from customer_facts"
        ).fetchone()
    names = ("customers", "purchases", "gross_amount", "refund_amount", "net_amount")
    return dict(zip(names, row or (), strict=True))


def _counts(warehouse: Path, query: str) -> dict[str, dict[str, int]]:
    with duckdb.connect(warehouse, read_only=True) as con:
        rows = con.execute(query).fetchall()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for table, name, count in sorted(rows):
        counts[table][name] = int(count)
    return dict(counts)
