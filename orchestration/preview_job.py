"""The preview of a policy as a Dagster job: launch it, give it a folder, read what would move."""

from pathlib import Path

import dagster as dg
from pydantic import Field

from orchestration.preview import Moved, Preview, preview_policy
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.ui import table

JOB = "preview"
# Dagster wants another name for the step than for the job.
STEP = "classify_by_policy"


class PolicyFolder(dg.Config):
    """Which policy is tried."""

    policy_dir: str = Field(
        description="The folder of the policy files to try, as a whole path on this machine."
    )


def preview_job(settings: Settings, progress: Progress) -> dg.JobDefinition:
    """A job of one step; it holds no lock of the daily job, and nothing is kept or published."""

    @dg.op(
        name=STEP,
        description=(
            "Classifies the published day by another policy, in a warehouse of its own, and counts "
            "who would change class. If it is refused, correct what the message names."
        ),
        tags={"dagster/compute_kind": "duckdb"},
    )
    def classify_by_policy(context: dg.OpExecutionContext, config: PolicyFolder) -> None:
        found = preview_policy(settings, Path(config.policy_dir), progress)
        context.log.info(f"{sum(moved.customers for moved in found.moved):,} moves on {found.day}")
        context.add_output_metadata(preview_metadata(found, settings.smallest_group))

    @dg.job(
        name=JOB,
        description=(
            "How many would change class under another policy. Nothing is kept or published.\n\n"
            "Launchpad: put the folder of the policy files to try behind `policy_dir` (as it "
            "stands there, the policy in force is tried as its files are now), launch, and read "
            "the run's event STEP_OUTPUT: how many go from where to where, schemes that come and "
            "go, classes that nobody would be in, and what gate 2 would refuse. It is kept, so it "
            "names no customer: `tiers preview DIR` tells a terminal who moves with most money."
        ),
        config=dg.RunConfig({STEP: PolicyFolder(policy_dir=str(settings.policy_dir))}),
        tags={"dagster/max_runtime": str(settings.max_runtime_minutes * 60)},
        executor_def=dg.in_process_executor,
    )
    def job() -> None:
        classify_by_policy()

    return job


def preview_metadata(found: Preview, least: int) -> dict[str, dg.MetadataValue]:
    """A preview as the UI keeps it: no customer, and no amount of fewer than `least` of them."""
    moves = [_cells(moved, least) for moved in found.moved]
    lists = {
        "added_schemes": found.added,
        "removed_schemes": found.removed,
        "nobody_would_be_in": [" ".join(each) for each in found.empty],
        "gate_2_would_refuse": found.refusals,
    }
    return {
        "day": dg.MetadataValue.text(found.day.isoformat()),
        "moves": table(("scheme", "from", "to", "customers", "net amount 365d"), moves),
        **{name: dg.MetadataValue.text(", ".join(told) or "none") for name, told in lists.items()},
        "warehouse": dg.MetadataValue.path(found.warehouse),
    }


def _cells(moved: Moved, least: int) -> tuple[str, ...]:
    classes = (moved.from_class or "–", moved.to_class or "–")
    amount = f"{moved.net_amount_365d:,.2f}" if moved.customers >= least else "–"
    return (moved.scheme, *classes, f"{moved.customers:,}", amount)
