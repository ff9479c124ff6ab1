"""Whether readers have the day that they should have by now.

A day is due when the longest time that a run may take has passed since the schedule began it. Who
only looks at failed runs learns nothing of a run that never began: this looks at what is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from orchestration.days import usual_day
from orchestration.failure import alert
from orchestration.publishing import BrokenCurrent, current_release
from orchestration.schedule import cron
from orchestration.settings import Settings
from orchestration.sources.errors import SourceError
from orchestration.sources.source_file import SourceFile, load_source_file

LOOK_EVERY_SECONDS = 600
LOOK = (
    "See whether `dagster-daemon` is at work and the schedule is on, and what the last runs say: "
    "docs/OPERATIONS.md, `Readers are behind`."
)


@dataclass(frozen=True)
class Freshness:
    """What readers have, beside what they should have.

    Attributes:
        published: the day of the release that readers see, if any.
        expected: the day that is due.
        began: when the schedule began it, in the business zone.
    """

    published: date | None
    expected: date
    began: datetime

    @property
    def is_late(self) -> bool:
        """Whether readers still have an earlier day than they should, or none."""
        return self.published is None or self.published < self.expected

    def __str__(self) -> str:
        seen = f"Readers have {self.published}" if self.published else "Nothing is published yet"
        if not self.is_late:
            return f"{seen}; {self.expected} was due."
        return (
            f"{seen}; {self.expected} is due since the run that the schedule was to begin at "
            f"{self.began:%Y-%m-%d %H:%M} ({self.began.tzinfo})."
        )


def freshness(settings: Settings, source: SourceFile, now: datetime | None = None) -> Freshness:
    """Compare `current` with the schedule, at `now` (default: the clock).

    Raises BrokenCurrent when `current` leads nowhere.
    """
    patience = timedelta(minutes=settings.max_runtime_minutes)
    began = _last_tick(settings, source, (now or datetime.now(UTC)) - patience)
    release = current_release(settings.releases)
    return Freshness(release.as_of if release else None, usual_day(source, began), began)


def deadline(settings: Settings, source: SourceFile) -> dg.FreshnessPolicy | None:
    """The same, for the UI: that something was published between a run's beginning and its limit.

    None for a schedule whose hour is no plain number, or whose runs may go on past midnight: the
    UI wants the deadline as a cron too.
    """
    minute, hour, *days = cron(settings).split()
    if not (minute.isdecimal() and hour.isdecimal()):
        return None
    due = int(hour) * 60 + int(minute) + settings.max_runtime_minutes
    if due >= 24 * 60:
        return None
    return dg.FreshnessPolicy.cron(
        deadline_cron=" ".join([str(due % 60), str(due // 60), *days]),
        lower_bound_delta=timedelta(minutes=settings.max_runtime_minutes),
        timezone=source.timezone,
    )


def late_sensor(settings: Settings) -> dg.SensorDefinition:
    """Alerts once for each day that is late, whatever the reason: also when no run ever began.

    A `current` that leads nowhere is worse than late, and so is a source file that cannot be used:
    no run begins by it, and none fails. Each is told once, too, until it is whole.
    """

    @dg.sensor(
        name="tell_what_is_late",
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Alerts when readers do not have the day that they should have by now.",
    )
    def tell_what_is_late(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        wrong, text = _look(settings)
        if wrong and wrong != context.cursor and (problem := alert(settings, text)):
            raise dg.Failure(problem)
        context.update_cursor(wrong)
        return dg.SkipReason(text)

    return tell_what_is_late


def _look(settings: Settings) -> tuple[str, str]:
    """What is wrong, empty when nothing is, and a text about it for people."""
    try:
        found = freshness(settings, load_source_file(settings.sources))
    except (BrokenCurrent, SourceError) as error:
        return str(error), str(error)
    if found.is_late:
        return found.expected.isoformat(), f"{found}\n{LOOK}"
    return "", str(found)


def _last_tick(settings: Settings, source: SourceFile, moment: datetime) -> datetime:
    ticks = dg.TimeWindowPartitionsDefinition(
        start="2000-01-01 00:00",
        fmt="%Y-%m-%d %H:%M",
        cron_schedule=cron(settings),
        timezone=source.timezone,
    )
    with dg.partition_loading_context(effective_dt=moment):
        window = ticks.get_last_partition_window()
    if window is None:
        raise ValueError(f"TIERS_SCHEDULE {settings.schedule!r} never begins a run.")
    return window.end
