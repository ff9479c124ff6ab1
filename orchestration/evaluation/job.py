"""The evaluation as a Dagster job: launch it, or let it run once a month."""

import dagster as dg
from pydantic import Field

from orchestration.evaluation.command import evaluate
from orchestration.evaluation.origins import ORIGINS
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile

JOB = "evaluate"
# Dagster wants another name for the step than for the job.
STEP = "judge_by_the_past"
# On the second of a month, when the daily run of the morning is done.
MONTHLY = "0 9 2 * *"


class Past(dg.Config):
    """How much of the past is replayed."""

    origins: int = Field(ORIGINS, ge=1, description="So many month ends are replayed.")


def evaluation_job(settings: Settings, progress: Progress) -> dg.JobDefinition:
    """A job of one step, which works in a home of its own until it keeps what it found."""

    @dg.op(
        name=STEP,
        description=(
            "Replays the past, and measures how well each scheme told what customers did next. "
            "The next daily run publishes it as scheme_evaluation."
        ),
        tags={"dagster/compute_kind": "duckdb"},
    )
    def judge_by_the_past(context: dg.OpExecutionContext, config: Past) -> None:
        done = evaluate(settings, progress, config.origins)
        context.log.info(f"kept {done.kept.path}")
        context.add_output_metadata(
            {
                "day": dg.MetadataValue.text(done.day.isoformat()),
                "origins": dg.MetadataValue.text(", ".join(map(str, done.origins))),
                "kept": dg.MetadataValue.path(done.kept.path),
                **{name: dg.MetadataValue.int(rows) for name, rows in done.kept.rows.items()},
            }
        )

    @dg.job(
        name=JOB,
        description=(
            "Is the policy any good? Replays month ends of the past, and holds the classes of each "
            "scheme against what customers did afterwards.\n\n"
            "It takes some minutes, and a daily run may go on meanwhile; the next one publishes "
            "what was found as `scheme_evaluation`. docs/EVALUATION.md says how to read it."
        ),
        config=dg.RunConfig({STEP: Past(origins=ORIGINS)}),
        tags={"dagster/max_runtime": str(settings.max_runtime_minutes * 60)},
        executor_def=dg.in_process_executor,
    )
    def job() -> None:
        judge_by_the_past()

    return job


def evaluation_schedule(source: SourceFile) -> dg.ScheduleDefinition:
    """Once a month in the business zone. Off until somebody switches it on: it takes a while."""
    return dg.ScheduleDefinition(
        name="evaluation_schedule",
        job_name=JOB,
        cron_schedule=MONTHLY,
        execution_timezone=source.timezone,
        description=(
            "Judges the policy by the past, once a month. Off by itself: it takes as long as some "
            "daily runs together. Switch it on here."
        ),
    )
