"""Runs that are killed: at every boundary that a run reports, and at random moments."""

import random

from real_job import Moment
from trials import KILLED, Case, Fault

from orchestration.canonical import TABLES
from orchestration.publishing import STEPS

BOUNDARIES = (
    *(f"landing/{table}" for table in sorted(TABLES)),
    "landing/orders: reading",
    "landing/orders: 13 rows",
    "landing/run_parameters:",
    # One of each stage that dbt builds.
    "landed_orders",
    "customer_facts",
    "customer_classes",
    "class_changes",
    "warehouse:",
    "gate 2: auditing",
    "gate 2: ",
    "history:",
    *(f"publishing: {step}:" for step in STEPS),
    "published:",
)
# So many kills come before a run that is left alone.
IN_A_ROW = 6
# A run reports at least so often, and a report is followed by the next within so many seconds.
REPORTS, SECONDS = 170, 0.3
AT_RANDOM = 30


def _in_rows(moments: list[Moment]) -> dict[str, Case]:
    """Early and late moments follow each other: what one leaves, the next one finds."""
    rows = -(-len(moments) // IN_A_ROW)
    return {
        f"row {number + 1}": Case(ends=KILLED, moments=moments[number::rows])
        for number in range(rows)
    }


def _at_random(seed: int) -> list[Moment]:
    dice = random.Random(seed)
    return [Moment(dice.randrange(REPORTS), dice.uniform(0, SECONDS)) for _ in range(AT_RANDOM)]


FAULTS = (
    Fault(
        "Killed at a stage boundary",
        "the next run recovers by itself",
        _in_rows([Moment(boundary) for boundary in BOUNDARIES]),
    ),
    Fault(
        "Killed at a random moment",
        "the next run recovers by itself",
        _in_rows(_at_random(seed=1)),
    ),
)
