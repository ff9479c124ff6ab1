"""Measure what a run takes that has nearly nothing to do.

    python -m bench.tiny

A company of a few hundred orders: the process of a first run, that of a backfill of one day, and
what each further day of a backfill adds. All of it is fixed cost: imports, the models and tests of
dbt, the records of Dagster, the gates, the release.
"""

import argparse
import tempfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from bench.company import AS_OF
from bench.generate import EXPORTS, Recipe, generate
from bench.home import TIERS
from bench.measure import Measured, measure
from bench.results import keep

ORDERS = 300
NAMES = {
    "first": "a first run, start to end",
    "one_day": "a backfill of one day",
    "further_day": "each further day",
}


def run(days: int, folder: Path) -> dict[str, Measured]:
    """Run in `folder`. `days`: how many further days the longer backfill decides."""
    generate(folder / "company", Recipe(orders=ORDERS, dirt=0.0))
    environment = {
        "TIERS_HOME": str(folder / "home"),
        "TIERS_SOURCES": str(folder / "company" / EXPORTS / "sources.yml"),
        "TIERS_POLICY_DIR": "",
    }

    def tiers(*words: str) -> Measured:
        return measure([str(TIERS), *words], environment, folder / "log")

    last = f"{AS_OF}"
    first = f"{AS_OF - timedelta(days)}"
    tiers("prepare")
    ran = tiers("run", "--as-of", first)
    one = tiers("backfill", "--from", last, "--to", last)
    longer = tiers("backfill", "--from", first, "--to", last)
    return {"first": ran, "one_day": one, "further_day": _further(one, longer, days)}


def _further(one: Measured, longer: Measured, days: int) -> Measured:
    """What each of the further days added to a backfill of one."""
    return Measured(
        (longer.seconds - one.seconds) / days,
        (longer.cpu_seconds - one.cpu_seconds) / days,
        longer.peak_gib,
    )


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.tiny", description=__doc__)
    parser.add_argument("--days", type=int, default=4)
    with tempfile.TemporaryDirectory(prefix="tiny-") as scratch:
        found = run(parser.parse_args().days, Path(scratch))
    print(f"{ORDERS} orders{'':22}{'seconds':>9}{'CPU s':>8}{'peak GiB':>10}")
    for name, title in NAMES.items():
        took = found[name]
        print(f"{title:32}{took.seconds:9.1f}{took.cpu_seconds:8.1f}{took.peak_gib:10.2f}")
    keep("tiny", {"orders": ORDERS, **{name: asdict(took) for name, took in found.items()}})


if __name__ == "__main__":
    main()
