"""Measure the daily job against the script, over one generated company.

    python -m bench --orders 10000000

Generates the company once, runs its first day from the exports to `published`, the script over the
same landing, the same day again, and the next day with a small batch; then prints what each took.
Ends with an error when the two tables that both write differ in a byte, or when the published
totals are not those that the generator knows.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Container, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from bench.company import AS_OF, TOMORROW
from bench.generate import EXPORTS, MANIFEST, NEXT_DAY, Recipe, generate
from bench.measure import Measured, measure
from bench.published import model_seconds, published_totals
from orchestration.publishing.tables import file_sha256

SCRATCH = Path(__file__).parents[1] / "data" / "bench"
TIERS = Path(sys.executable).with_name("tiers")
COMPARED = ("customer_facts", "customer_classes")
# What classifies, once the facts are there: the models, and the parts of the script.
CLASSIFYING = ("fact_cuts", "score_cuts", "customer_classes")
SCRIPT_CLASSIFYING = ("cuts", "classes")


class Bench:
    """One generated company and the home in which it is run."""

    def __init__(self, recipe: Recipe) -> None:
        """Generate the company unless it is there, and begin with an empty home."""
        self.company = SCRATCH / f"{recipe.orders}-{recipe.dirt}-{recipe.seed}-{recipe.format}"
        if not (self.company / MANIFEST).exists():
            _say(f"generating {recipe.orders:,} orders")
            shutil.rmtree(self.company, ignore_errors=True)
            generate(self.company, recipe)
        self.manifest = json.loads((self.company / MANIFEST).read_text("utf-8"))
        self.run = self.company / "run"
        shutil.rmtree(self.run, ignore_errors=True)
        self.exports, self.home, self.target = (
            self.run / name for name in (EXPORTS, "home", "script")
        )
        # Linked, since the next day's batch comes to lie beside them.
        shutil.copytree(self.company / EXPORTS, self.exports, copy_function=os.link)
        self.target.mkdir()
        self.environment = {
            "TIERS_HOME": str(self.home),
            "TIERS_SOURCES": str(self.exports / "sources.yml"),
            "TIERS_POLICY_DIR": "",
        }
        # As `make install` does: the models are parsed before the first run.
        self._tiers("prepare")

    def run_day(self, day: date) -> Measured:
        """`tiers run`, and the published totals compared. Raises SystemExit when they are wrong."""
        _say(f"running {day}")
        measured = self._tiers("run", "--as-of", day.isoformat())
        found, true = self._published_totals(), self.manifest["days"][day.isoformat()]["totals"]
        if found != true:
            raise SystemExit(f"{day}: published {found}, but true is {true}.")
        return measured

    def run_script(self) -> Measured:
        """The script, and its tables compared. Raises SystemExit when they differ."""
        _say("running the script")
        arguments = [str(self.home / "landing"), str(self.target), AS_OF.isoformat()]
        command = [sys.executable, "-m", "bench.script", *arguments]
        measured = measure(command, self.environment, self._script_log)
        for table in COMPARED:
            script = file_sha256(self.target / f"{table}.parquet")
            if script != file_sha256(self._current / f"{table}.parquet"):
                raise SystemExit(f"{table}: what was published is not what the script wrote.")
        return measured

    def bring_next_day(self) -> None:
        """The batch of the day after arrives."""
        shutil.copytree(
            self.company / NEXT_DAY, self.exports, copy_function=os.link, dirs_exist_ok=True
        )

    def model_seconds(self, models: Container[str] | None = None) -> float:
        """How long at least one model (of these) was being built in the last run."""
        return model_seconds(self.home / "dbt" / "target" / "run_results.json", models)

    def script_seconds(self, parts: Iterable[str]) -> float:
        """How long these parts of the script took."""
        seconds = json.loads(self._script_log.read_text("utf-8"))
        return float(sum(seconds[part] for part in parts))

    @property
    def _script_log(self) -> Path:
        return self.run / "script.log"

    @property
    def _current(self) -> Path:
        return self.home / "releases" / "current"

    def _tiers(self, command: str, *arguments: str) -> Measured:
        log = self.run / f"tiers_{command}.log"
        return measure([str(TIERS), command, *arguments], self.environment, log)

    def _published_totals(self) -> dict[str, Any]:
        return published_totals(self._current / "customer_tiers.duckdb")


def _say(doing: str) -> None:
    print(f"{doing} …", file=sys.stderr)


def main() -> None:
    """Run the bench and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=Recipe.orders)
    parser.add_argument("--dirt", type=float, default=Recipe.dirt)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    bench = Bench(Recipe(**vars(parser.parse_args())))
    first = bench.run_day(AS_OF)
    models, classifying = bench.model_seconds(), bench.model_seconds(CLASSIFYING)
    script = bench.run_script()
    by_hand = bench.script_seconds(SCRIPT_CLASSIFYING)
    again = bench.run_day(AS_OF)
    bench.bring_next_day()
    after = bench.run_day(TOMORROW)
    orders, customers = bench.manifest["orders"], bench.manifest["customers"]
    print(f"{orders:,} orders, {customers:,} customers, generated. Ratios are to the script.")
    print(f"{'':34}{'seconds':>9}{'ratio':>7}{'CPU s':>8}{'ratio':>7}{'peak GiB':>10}")
    _print_measured("script: landing to two tables", script, script)
    _print_measured("first run: exports to published", first, script)
    _print_measured("the same day again", again, script)
    _print_measured("the next day, with a small batch", after, script)
    _print_seconds("models of the first run", models, script.seconds)
    _print_seconds("  of the script: cuts and classes", by_hand, by_hand)
    _print_seconds("  of the models: cuts and classes", classifying, by_hand)
    print("Both wrote the same bytes; the totals of both days are those of the generator.")


def _print_measured(name: str, one: Measured, script: Measured) -> None:
    wall, cpu = one.seconds / script.seconds, one.cpu_seconds / script.cpu_seconds
    print(
        f"{name:34}{one.seconds:9.1f}{wall:7.2f}{one.cpu_seconds:8.1f}{cpu:7.2f}{one.peak_gib:10.2f}"
    )


def _print_seconds(name: str, seconds: float, script: float) -> None:
    print(f"{name:34}{seconds:9.1f}{seconds / script:7.2f}")


if __name__ == "__main__":
    main()
