"""A generated company, run by the real job, and what the job found of it."""

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench.company import AS_OF, TOMORROW
from bench.generate import EXPORTS, MANIFEST, NEXT_DAY, Recipe, generate
from bench.published import published_totals
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

    def copy(self, folder: Path) -> "Synthetic":
        """The same in another place, with all that its runs have left."""
        exports = shutil.copytree(self.folder, folder / "company") / EXPORTS
        home = shutil.copytree(self.settings.home, folder / "home", symlinks=True)
        settings = replace(self.settings, home=home, sources=exports / "sources.yml")
        return Synthetic(exports.parent, settings)

    def run(self) -> None:
        """The first run, of the day that was generated."""
        run_day(self.settings, AS_OF, Silent())

    def run_next_day(self) -> None:
        """The next run, with its small batch."""
        shutil.copytree(self.folder / NEXT_DAY, self.folder / EXPORTS, dirs_exist_ok=True)
        run_day(self.settings, TOMORROW, Silent())

    def truth(self, day: date) -> dict[str, Any]:
        """What the generator says about a day."""
        manifest: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text("utf-8"))
        found: dict[str, Any] = manifest["days"][day.isoformat()]
        return found

    def found(self) -> dict[str, Any]:
        """The same, as the last run published it and left it in the warehouse."""
        return {
            "totals": published_totals(self.settings.served_database),
            "fates": _counts(self.settings.warehouse, FATES),
            "quarantined": _counts(self.settings.warehouse, REASONS),
        }


FATES = """
select table_name, fate, sum(row_count) as row_count
from (
    unpivot (select * exclude (load_id, landed) from staging.ledger)
    on columns(* exclude (table_name)) into name fate value row_count
)
group by all
having row_count > 0
"""
REASONS = "select table_name, reason, count(*) from staging.quarantine group by all"


def _counts(warehouse: Path, query: str) -> dict[str, dict[str, int]]:
    with duckdb.connect(warehouse, read_only=True) as con:
        rows = con.execute(query).fetchall()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for table, name, count in sorted(rows):
        counts[table][name] = int(count)
    return dict(counts)
