"""One generated company of the bench, and the home in which it is run."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Container, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from bench.company import AS_OF
from bench.generate import EXPORTS, MANIFEST, NEXT_DAY, Recipe, generate
from bench.measure import Measured, measure
from bench.peers.checksums import different_columns
from bench.published import model_seconds, published_totals
from orchestration.publishing.tables import file_sha256
from orchestration.settings import DBT_PROJECT

SCRATCH = Path(__file__).parents[1] / "data" / "bench"
TIERS = Path(sys.executable).with_name("tiers")
COMPARED = ("customer_facts", "customer_classes")


class Home:
    """Its company lies beside it, and is generated once; what is run in it lies in `run`."""

    def __init__(
        self, recipe: Recipe, scratch: Path = SCRATCH, memory_limit: str | None = None
    ) -> None:
        """Where it lies; nothing is made. `memory_limit`: of the runs, such as 3GiB."""
        self.recipe = recipe
        self.company = scratch / f"{recipe.orders}-{recipe.dirt}-{recipe.seed}-{recipe.format}"
        self.run = self.company / "run"
        self.exports, self.home = self.run / EXPORTS, self.run / "home"
        self.environment = {
            "TIERS_HOME": str(self.home),
            "TIERS_SOURCES": str(self.exports / "sources.yml"),
            "TIERS_POLICY_DIR": "",
            **({"TIERS_MEMORY_LIMIT": memory_limit} if memory_limit else {}),
        }

    def begin(self) -> None:
        """Generate the company unless it is there, and begin with an empty home."""
        if not (self.company / MANIFEST).exists():
            say(f"generating {self.recipe.orders:,} orders")
            shutil.rmtree(self.company, ignore_errors=True)
            generate(self.company, self.recipe)
        shutil.rmtree(self.run, ignore_errors=True)
        # Linked, since the next day's batch comes to lie beside them.
        shutil.copytree(self.company / EXPORTS, self.exports, copy_function=os.link)
        # As `make install` does: the models are parsed before the first run.
        self._tiers("prepare")

    @property
    def manifest(self) -> dict[str, Any]:
        """What is true about the company."""
        found: dict[str, Any] = json.loads((self.company / MANIFEST).read_text("utf-8"))
        return found

    @property
    def current(self) -> Path:
        """The release that is served."""
        return self.home / "releases" / "current"

    def run_day(self, day: date) -> Measured:
        """`tiers run`, and the published totals compared. Raises SystemExit when they are wrong."""
        say(f"running {day}")
        measured = self._tiers("run", "--as-of", day.isoformat())
        found = published_totals(self.current / "customer_tiers.duckdb")
        true = self.manifest["days"][day.isoformat()]["totals"]
        if found != true:
            raise SystemExit(f"{day}: published {found}, but true is {true}.")
        return measured

    def run_script(self) -> Measured:
        """The script, and its tables compared. Raises SystemExit when they differ."""
        measured = self._by_hand("script", "bench.script")
        for table in COMPARED:
            script = file_sha256(self.run / "script" / f"{table}.parquet")
            if script != file_sha256(self.current / f"{table}.parquet"):
                raise SystemExit(f"{table}: what was published is not what the script wrote.")
        return measured

    def run_peer(self, peer: str) -> Measured:
        """Facts by polars or pandas, compared by checksums. Raises SystemExit when they differ."""
        measured = self._by_hand(peer, "bench.peers", peer)
        facts = "customer_facts.parquet"
        if differ := different_columns(self.run / peer / facts, self.current / facts):
            raise SystemExit(f"{peer} found something else than was published: {differ}")
        return measured

    def bring_next_day(self) -> None:
        """The batch of the day after arrives."""
        shutil.copytree(
            self.company / NEXT_DAY, self.exports, copy_function=os.link, dirs_exist_ok=True
        )

    def forget_warehouse(self) -> None:
        """The next run builds everything."""
        (self.home / "warehouse.duckdb").unlink()

    def model_seconds(self, models: Container[str] | None = None) -> float:
        """How long at least one model (of these) was being built in the last run."""
        return model_seconds(self.home / "dbt" / "target" / "run_results.json", models)

    def script_seconds(self, parts: Iterable[str]) -> float:
        """How long these parts of the script took."""
        seconds = json.loads((self.run / "script.log").read_text("utf-8"))
        return float(sum(seconds[part] for part in parts))

    def _by_hand(self, name: str, *module: str) -> Measured:
        """A program over the landing that writes to a folder of its name."""
        say(f"running {name}")
        target = self.run / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        arguments = [str(self.home / "landing"), str(target), AS_OF.isoformat()]
        command = [sys.executable, "-m", *module, *arguments]
        return measure(command, self.environment, self.run / f"{name}.log")

    def _tiers(self, command: str, *arguments: str) -> Measured:
        log = self.run / f"tiers_{command}.log"
        return measure([str(TIERS), command, *arguments], self.environment, log)


def models_of(*stages: str) -> frozenset[str]:
    """The names of all models of these stages."""
    folders = (DBT_PROJECT / "models" / stage for stage in stages)
    return frozenset(path.stem for folder in folders for path in folder.glob("*.sql"))


def say(doing: str) -> None:
    """To whoever waits."""
    print(f"{doing} …", file=sys.stderr)
