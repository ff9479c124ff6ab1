"""Run the daily job in this process, on the same Dagster instance as the UI."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date

import dagster as dg

from orchestration.daily_job import JOB
from orchestration.days import DayError, check_day, check_not_older, days_between, usual_day
from orchestration.definitions import build_definitions
from orchestration.engines import check_engine
from orchestration.evaluation.job import JOB as EVALUATE
from orchestration.history import committed_days, drop_from
from orchestration.instance import close_dead_runs, open_instance
from orchestration.landing.belonging import refuse_another_company
from orchestration.policy import load_policy
from orchestration.preview_job import JOB as PREVIEW
from orchestration.progress import Progress
from orchestration.publishing import Release, list_releases
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile, load_source_file
from orchestration.store import Store, working_in
from orchestration.troubles import what_to_do

# The event log has every line; the terminal gets those that are meant for people.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
# Dagster puts the class before the message; a message of ours needs none.
OUR_CLASS = re.compile(r"^orchestration\.[\w.]+: ")
INTERRUPTS = frozenset({"DagsterExecutionInterruptedError", "KeyboardInterrupt"})


class RunFailed(RuntimeError):
    """The job ran and failed, or a gate refused. Says which step, why, and what to do."""


class Stopped(RuntimeError):
    """Somebody stopped the run, by Ctrl-C or a signal."""


@dataclass(frozen=True)
class Finished:
    """A run that went through, and the release that it published."""

    day: date
    release: Release
    seconds: float


def run_day(settings: Settings, asked: date | None, progress: Progress) -> Finished:
    """Run the daily job for one business day (default: the source file's `as_of`, or yesterday).

    Raises SourceError, PolicyError, ManifestError, DayError or StoreError before anything is run,
    RunLocked when another run is at work, RunFailed, and Stopped.
    """
    source = check_inputs(settings)
    day = asked or usual_day(source)
    check_day(day, source)
    with working_in(settings, f"tiers run --as-of {day}", progress.say) as store:
        refuse_another_company(source, settings.landing)
        check_not_older(day, committed_days(settings.history))
        (finished,) = run_days(settings, [day], progress, store)
    return finished


def backfill(
    settings: Settings, first: date, last: date | None, progress: Progress
) -> list[Finished]:
    """Take `first` and all later days out of history and decide them again, one run per day.

    `last` is by default the newest day in history, or the usual day when history has none from
    `first` on. It may not be earlier than the newest: days after it would be gone. What the days
    were is kept aside (`history/.dropped`). Raises as `run_day` does.
    """
    source = check_inputs(settings)
    with working_in(settings, f"tiers backfill --from {first}", progress.say) as store:
        refuse_another_company(source, settings.landing)
        days = _days_again(settings, source, first, last)
        dropped = drop_from(settings.history, first)
        progress.say(f"history: {len(dropped)} days from {first} set aside")
        return list(run_days(settings, days, progress, store))


def _days_again(
    settings: Settings, source: SourceFile, first: date, last: date | None
) -> list[date]:
    known = [commit.as_of for commit in committed_days(settings.history)]
    again = [day for day in known if day >= first]
    days = days_between(first, last or max(again, default=usual_day(source)))
    for end in (days[0], days[-1]):
        check_day(end, source)
    if days[-1] < max(known, default=days[-1]):
        raise DayError(
            f"History knows {max(known)}, which is decided on the days before it. Leave --to out, "
            f"or let it be {max(known)} or later."
        )
    return days


def check_inputs(settings: Settings) -> SourceFile:
    """The source file.

    Raises SettingError, PolicyError or SourceError for what no run could begin with.
    """
    check_engine(settings)
    load_policy(settings.policy_dir)
    return load_source_file(settings.sources)


def run_days(
    settings: Settings, days: list[date], progress: Progress, store: Store
) -> Iterator[Finished]:
    """Run the daily job for these days, one after the other, by whoever works in the home.

    Raises RunFailed or Stopped.
    """

    def held(settings: Settings, holder: str, report: object) -> AbstractContextManager[Store]:
        return nullcontext(store)

    definitions = build_definitions(settings, progress=progress, working_in=held)
    job = definitions.resolve_job_def(JOB)
    with open_instance(settings) as instance:
        for run_id in close_dead_runs(instance, besides={PREVIEW, EVALUATE}):
            progress.say(f"run {run_id[:8]} was killed before it was done")
        for number, day in enumerate(days, start=1):
            if len(days) > 1:
                progress.say(f"day {day} ({number} of {len(days)})")
            try:
                yield _run(settings, job, instance, day)
            except (RunFailed, Stopped) as error:
                if len(days) > 1:
                    error.add_note(
                        f"The days from {day} on are not decided yet. To go on, when nothing is in "
                        f"the way: `tiers backfill --from {day} --to {days[-1]}`."
                    )
                raise


def _run(
    settings: Settings, job: dg.JobDefinition, instance: dg.DagsterInstance, day: date
) -> Finished:
    started = time.monotonic()
    result = job.execute_in_process(
        instance=instance,
        partition_key=day.isoformat(),
        run_config=QUIET,
        tags={"tiers/started_by": "tiers"},
        raise_on_error=False,
    )
    if not result.success:
        left = _left_for_readers(settings, result)
        if INTERRUPTS & {error.cls_name for error in _errors(result)}:
            raise Stopped(f"Stopped; {left}. The next run begins afresh.")
        raise RunFailed(_what_failed(result, day, left))
    (release,) = _releases_of(settings, result)
    return Finished(day, release, time.monotonic() - started)


def _releases_of(settings: Settings, result: dg.ExecuteInProcessResult) -> list[Release]:
    return [one for one in list_releases(settings.releases) if one.run_id == result.run_id]


def _left_for_readers(settings: Settings, result: dg.ExecuteInProcessResult) -> str:
    if published := _releases_of(settings, result):
        return f"{published[0].id} is published"
    is_any = any(one.is_current for one in list_releases(settings.releases))
    return "readers still have the last release" if is_any else "nothing is published yet"


def _what_failed(result: dg.ExecuteInProcessResult, day: date, left: str) -> str:
    told = []
    for event in result.all_events:
        if event.is_step_failure:
            stated = event.step_failure_data.user_failure_data
            described = stated and stated.description
            told.append(f"{event.step_key}: {described or _cause(event.step_failure_data.error)}")
        elif event.is_run_failure and not told:
            told.append(_cause(event.job_failure_data.error))
    if advice := what_to_do("\n".join(told)):
        told.append(advice)
    return (
        f"The run of {day} failed; {left}.\n"
        + "\n".join(told)
        + f"\nThe full account is run {result.run_id[:8]} in the Dagster UI."
    )


def _errors(result: dg.ExecuteInProcessResult) -> Iterator[dg.SerializableErrorInfo]:
    """Every error of a failed run, with what it came from."""
    for event in result.all_events:
        if event.is_step_failure:
            yield from _causes(event.step_failure_data.error)
        elif event.is_run_failure:
            yield from _causes(event.job_failure_data.error)


def _causes(error: dg.SerializableErrorInfo | None) -> Iterator[dg.SerializableErrorInfo]:
    while error:
        yield error
        error = error.cause


def _cause(error: dg.SerializableErrorInfo | None) -> str:
    """What Dagster wraps; what that was made from is for the full account."""
    causes = list(_causes(error))
    ours = [cause for cause in causes if not str(cause.cls_name).startswith("Dagster")]
    if not causes:
        return "no reason was given"
    return OUR_CLASS.sub("", (ours or causes)[0].message.strip())
