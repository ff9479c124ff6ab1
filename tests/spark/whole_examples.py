"""`make spark-parity`: both examples, whole, on DuckDB and on a cluster of Spark on loopback.

Prints the table of docs/spark.md as it goes; exit code 0 when every public table is the same.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from both_engines import count_rows, differing, public_names
from spark_cluster import Cluster, running_cluster

from orchestration.progress import Lines
from orchestration.running import run_day
from orchestration.settings import PROJECT, Settings

SYNTHETIC = PROJECT / "orchestration" / "sources" / "synthetic" / "sources.yml"
# Two days on both sides of a month's end, and the second once more.
EXAMPLES = {
    "completejourney": (Settings.sources, (date(2017, 11, 30), date(2017, 12, 31))),
    "synthetic": (SYNTHETIC, (date(2025, 5, 31), date(2025, 6, 30))),
}
HEADER = (
    *("company", "day", "tables", "rows", "tables that differ", "tasks of the two executors"),
    *("DuckDB, s", "Spark, s"),
)


def run_example(name: str, cluster: Cluster, folder: Path) -> Iterator[tuple[str, ...]]:
    """Every day of an example on both engines, and a row of the table for each."""
    sources, (first, second) = EXAMPLES[name]
    duck = Settings(home=folder / "duckdb", sources=sources)
    spark = replace(duck, home=folder / "spark", engine="spark", spark_master=cluster.master)
    progress = Lines(sys.stderr)
    for day, told in ((first, ""), (second, ""), (second, ", again")):
        on_duckdb, on_spark = (run_day(each, day, progress) for each in (duck, spark))
        one, other = on_duckdb.release.database, on_spark.release.database
        names = public_names(duck, "main")
        tasks = cluster.tasks_by_executor()[-1]
        yield (
            *(name, f"{day}{told}", str(len(names)), f"{count_rows(one, names):,}"),
            ", ".join(f"{table} {alone}" for table, alone in differing(one, other, names))
            or "none",
            " and ".join(f"{tasks[executor]:,}" for executor in sorted(tasks)),
            *(f"{finished.seconds:.0f}" for finished in (on_duckdb, on_spark)),
        )


def main() -> int:
    """Exit code 0 when nothing differs and both executors worked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("company", nargs="?", choices=EXAMPLES)
    only = parser.parse_args().company
    same = True
    print(f"| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="spark-parity-") as folder,
        running_cluster(Path(folder) / "cluster") as cluster,
    ):
        for name in [only] if only else EXAMPLES:
            for row in run_example(name, cluster, Path(folder) / name):
                print(f"| {' | '.join(row)} |", flush=True)
                same = same and row[4] == "none" and " and " in row[5]
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
