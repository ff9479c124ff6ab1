"""When the daily job runs by itself, and the days it can run for."""

import dagster as dg

from orchestration.days import last_day, usual_day, yesterday
from orchestration.settings import SettingError, Settings
from orchestration.sources.source_file import SourceFile, load_source_file


def business_days(source: SourceFile) -> dg.DailyPartitionsDefinition:
    """One partition per business day from the source file's `first_day` on.

    The last is yesterday, or an `as_of` that lies later.
    """
    beyond = (last_day(source) - yesterday(source.timezone)).days
    return dg.DailyPartitionsDefinition(
        start_date=source.first_day.isoformat(), timezone=source.timezone, end_offset=beyond
    )


def cron(settings: Settings) -> str:
    """When the daily run begins. Raises SettingError for what is no cron of five fields."""
    asked = settings.schedule
    try:
        dg.ScheduleDefinition(name="asked", job_name="asked", cron_schedule=asked)
    except dg.DagsterInvalidDefinitionError:
        is_cron = False
    else:
        is_cron = len(asked.split()) == 5
    if not is_cron:
        raise SettingError(
            f"TIERS_SCHEDULE is {asked!r}; expected a cron of five fields, such as"
            f" {Settings.schedule!r}."
        )
    return asked


def daily_schedule(settings: Settings, source: SourceFile, job: str) -> dg.ScheduleDefinition:
    """Each morning in the business zone: the day before, or the `as_of` of the source file."""

    @dg.schedule(
        name="daily_schedule",
        job_name=job,
        cron_schedule=cron(settings),
        execution_timezone=source.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            "Runs the daily job for the business day that has just ended, or for the `as_of` of "
            "the source file. TIERS_SCHEDULE sets the hour. Of mornings that were missed the "
            "daemon makes up for the last when it is back; for the days before, backfill them "
            "from the job's page."
        ),
    )
    def tick(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        moment = context.scheduled_execution_time
        # Read again: an `as_of` may have been edited since the code location was loaded.
        day = usual_day(load_source_file(settings.sources), moment)
        # One run per tick; the same day may well run again on another tick.
        return dg.RunRequest(run_key=moment.isoformat(), partition_key=day.isoformat())

    return tick
