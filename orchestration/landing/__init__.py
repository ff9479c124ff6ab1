"""What came: half of the truth, kept as Parquet, one folder per load.

    landing/
      orders/000007-shop-3f9a2c11/
        data.parquet    every row as text: _row, _malformed, our columns, the source's other columns
        load.json       the receipt; without it nothing counts. A load whose rows were taken out
                        has data-1.parquet instead, data-2.parquet …: the receipt names the one
      .incoming/        loads being built
      .rejected/        loads that gate 1 or a person refused, each with its refusal.json

Writers hold the run lock (`orchestration.run_lock`); reading needs none.
"""

from orchestration.landing.commits import reject
from orchestration.landing.damaged import LandingError, damaged_load
from orchestration.landing.landed_files import LandedFiles
from orchestration.landing.pulling import PullFailed, PullResult, pull_table
from orchestration.landing.receipts import (
    Load,
    RejectedLoad,
    committed_loads,
    rejected_loads,
)

__all__ = [
    "LandedFiles",
    "LandingError",
    "Load",
    "PullFailed",
    "PullResult",
    "RejectedLoad",
    "committed_loads",
    "damaged_load",
    "pull_table",
    "reject",
    "rejected_loads",
]
