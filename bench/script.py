"""Run the script over a landing: the parts in script/, one after another.

python -m bench.script LANDING TARGET DAY

Prints how many seconds each part took, as JSON.
"""

import json
import os
import sys
import time
from datetime import date
from pathlib import Path

import duckdb

FOLDER = Path(__file__).with_suffix("")
PARTS = ("staging", "sums", "facts", "cuts", "classes", "tables")
READS = ("customers", "orders", "refunds", "exchange_rates")


def run_script(landing: Path, target: Path, as_of: date) -> dict[str, float]:
    """Write customer_facts.parquet and customer_classes.parquet of the day into `target`.

    Returns the seconds that each part took.
    """
    seconds = {}
    threads = os.environ.get("TIERS_THREADS") or "2"
    with duckdb.connect(config={"threads": threads, "preserve_insertion_order": False}) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"set temp_directory = '{target}/spill'")
        con.execute("set variable target = ?::varchar", [str(target)])
        con.execute("set variable as_of = ?::date", [as_of])
        for table in READS:
            files = str(landing / table / "*" / "*.parquet")
            con.execute(f"set variable {table} = ?::varchar", [files])
        for part in PARTS:
            started = time.perf_counter()
            con.execute((FOLDER / f"{part}.sql").read_text("utf-8"))
            seconds[part] = time.perf_counter() - started
    return seconds


if __name__ == "__main__":
    _, landing, target, day = sys.argv
    print(json.dumps(run_script(Path(landing), Path(target), date.fromisoformat(day))))
