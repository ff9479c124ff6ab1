"""What each day decided: half of the truth, kept as Parquet, one commit per run.

    history/
      2017-12-31/<run id>/
        classes.parquet           rows of customers whose classes changed
        cuts.parquet              cuts computed on that day
        changes.parquet           class changes of that day, with their cause
        scheme_versions.parquet   the policy in force
        commit.json               the receipt; without it nothing counts
      calibrations/               orders to compute cuts within their period
      evaluations/<day>/<id>/     what was found out about the policy and the customers of a day
      .incoming/                  commits being built
      .dropped/                   what backfills replaced, for a person to look at

A day may be committed again; the receipt with the greatest sequence counts. Writers hold the run
lock (`orchestration.run_lock`); reading needs none.
"""

from orchestration.history.calibrations import (
    CalibrationOrder,
    order_calibration,
    ordered_calibrations,
)
from orchestration.history.commits import (
    Commit,
    HistoryError,
    committed_days,
    damaged_commit,
)
from orchestration.history.drop import drop_from
from orchestration.history.evaluations import (
    Evaluation,
    damaged_evaluation,
    evaluations,
    keep_evaluation,
    newest_evaluation,
)
from orchestration.history.keep import commit_day

__all__ = [
    "CalibrationOrder",
    "Commit",
    "Evaluation",
    "HistoryError",
    "commit_day",
    "committed_days",
    "damaged_commit",
    "damaged_evaluation",
    "drop_from",
    "evaluations",
    "keep_evaluation",
    "newest_evaluation",
    "order_calibration",
    "ordered_calibrations",
]
