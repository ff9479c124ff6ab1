"""Measure what a run takes that has nearly nothing to do.

    python -m bench.tiny

A company of a few hundred orders: the process of a first run, that of a backfill of one day, and
what each further day of a backfill adds. All of it is fixed cost: imports, the models and tests of
dbt, the records of Dagster, the gates, the release.
"""

import argparse
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from bench.company import AS_OF
from bench.generate import EXPORTS, Recipe, generate
from bench.measure import Measured, measure

TIERS = Path(sys.executable).with_name("tiers")
ORDERS = 300


def run(days: int, folder: Path) -> None:
    """Measure and print. `days`: how many further days the backfill decides."""
    generate(folder / "company", Recipe(orders=ORDERS, dirt=0.0))
    environment = {
        "TIERS_HOME": str(folder / "home"),
        "TIERS_SOURCES": str(folder / "company" / EXPORTS / "sources.yml"),
        "TIERS_POLICY_DIR": "",
    }

    def tiers(*words: str) -> Measured:
        return measure([str(TIERS), *words], environment, folder / "log")

    def backfill(first: date) -> Measured:
        return tiers("backfill", "--from", f"{first}", "--to", f"{AS_OF}")

    tiers("prepare")
    print(f"{ORDERS} orders{'':22}{'seconds':>9}{'CPU s':>8}{'peak GiB':>10}")
    _print("a first run, start to end", tiers("run", "--as-of", f"{AS_OF - timedelta(days)}"))
    one, all_days = backfill(AS_OF), backfill(AS_OF - timedelta(days))
    _print("a backfill of one day", one)
    seconds, cpu = all_days.seconds - one.seconds, all_days.cpu_seconds - one.cpu_seconds
    _print("each further day", Measured(seconds / days, cpu / days, all_days.peak_gib))


def _print(name: str, took: Measured) -> None:
    print(f"{name:32}{took.seconds:9.1f}{took.cpu_seconds:8.1f}{took.peak_gib:10.2f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.tiny", description=__doc__)
    parser.add_argument("--days", type=int, default=4)
    with tempfile.TemporaryDirectory(prefix="tiny-") as scratch:
        run(parser.parse_args().days, Path(scratch))
