"""Run one peer over a landing.

python -m bench.peers polars|pandas LANDING TARGET DAY
"""

import sys
from datetime import date
from importlib import import_module
from pathlib import Path

from pyarrow import parquet

from bench.peers.columns import finished

if __name__ == "__main__":
    _, peer, landing, target, day = sys.argv
    as_of = date.fromisoformat(day)
    units = import_module(f"bench.peers.{peer}_facts").customer_facts(Path(landing), as_of)
    parquet.write_table(
        finished(units, as_of),
        Path(target) / "customer_facts.parquet",
        compression="zstd",
        row_group_size=122_880,
    )
