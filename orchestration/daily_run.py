"""What all steps of one run share: its settings, source file, day and lock."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date

import dagster as dg

from orchestration.auditing.results import Failure
from orchestration.days import check_day, check_not_older, usual_day
from orchestration.erasing.recovery import recover
from orchestration.history import committed_days
from orchestration.instance import run_kept_open
from orchestration.landing.belonging import refuse_another_company
from orchestration.policy import Policy, load_policy
from orchestration.progress import Progress
from orchestration.publishing import current_release
from orchestration.replaying import set_aside_later_days
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile, load_source_file
from orchestration.store import Store
from orchestration.store import working_in as work_in

KEY = "daily_run"
# Dagster's name of the tag that every run of a partition bears.
PARTITION = "dagster/partition"
INPUTS, WAREHOUSE = "the inputs", "the whole warehouse"
WorkingIn = Callable[[Settings, str, Callable[[str], None]], AbstractContextManager[Store]]


@dataclass(frozen=True)
class DailyRun:
    """One run of the daily job. Whoever has it holds the run lock of the home.

    Attributes:
        as_of: the business day that is classified.
        run_id: Dagster's id of the run; history and releases carry it.
        progress: where a person watches, besides Dagster's event log.
        store: where each step puts what it has committed.
        made: what decides a day and was made whole in this run: its INPUTS, its WAREHOUSE.
        passed: the suites of gate 2 that the warehouse has passed in this run.
        warned: what gate 2 let pass with a warning.
    """

    settings: Settings
    source: SourceFile
    policy: Policy
    as_of: date
    run_id: str
    progress: Progress
    store: Store
    made: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    warned: list[Failure] = field(default_factory=list)

    def reporter(
        self, context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext
    ) -> Callable[[str], None]:
        """Tells the event log and whoever watches."""

        def report(text: str) -> None:
            context.log.info(text)
            self.progress.say(text)

        return report


def daily_run_resource(
    settings: Settings, progress: Progress, working_in: WorkingIn = work_in
) -> dg.ResourceDefinition:
    """Opened before the first step of a run and closed after its last, in the run's process.

    `working_in` is for a caller that holds the run lock over several runs.
    """

    @dg.resource(description="The day, the source file and the lock that the steps share.")
    def daily_run(context: dg.InitResourceContext) -> Iterator[DailyRun]:
        if context.run is None or context.instance is None:
            raise dg.DagsterInvariantViolationError("This resource is for runs only.")
        run_id, partition = context.run.run_id, context.run.tags.get(PARTITION)

        def tell(text: str) -> None:
            if context.log:
                context.log.info(text)
            progress.say(text)

        with (
            working_in(settings, f"Dagster run {run_id}", tell) as store,
            run_kept_open(settings, run_id),
        ):
            source = load_source_file(settings.sources)
            refuse_another_company(source, settings.landing)
            policy = load_policy(settings.policy_dir)
            recover(settings, progress.say)
            as_of = date.fromisoformat(partition) if partition else usual_day(source)
            check_day(as_of, source)
            set_aside_later_days(context.run, context.instance, settings.history, as_of, tell)
            check_not_older(as_of, committed_days(settings.history))
            current_release(settings.releases)  # a broken one is told of now, not after the work
            yield DailyRun(settings, source, policy, as_of, run_id, progress, store)

    return daily_run
