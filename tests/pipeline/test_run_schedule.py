"""When the job runs by itself, and for which day."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from small_company import SmallCompany

from orchestration.days import (
    DayError,
    check_day,
    check_not_older,
    days_between,
    last_day,
    usual_day,
    yesterday,
)
from orchestration.definitions import build_definitions
from orchestration.history import committed_days
from orchestration.schedule import business_days
from orchestration.sources.source_file import load_source_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
# 31 May 20:00 in UTC, already 1 June in the business zone.
MOMENT = datetime(2024, 6, 1, 4, 0, tzinfo=SHANGHAI)


def tick(company: SmallCompany) -> dg.RunRequest:
    definitions = build_definitions(company.settings)
    context = dg.build_schedule_context(
        scheduled_execution_time=MOMENT, repository_def=definitions.get_repository_def()
    )
    found = definitions.resolve_schedule_def("daily_schedule").evaluate_tick(context).run_requests
    assert found is not None
    (request,) = found
    return request


def test_the_schedule_is_on_and_keeps_the_business_zone(first_run: SmallCompany) -> None:
    schedule = build_definitions(first_run.settings).resolve_schedule_def("daily_schedule")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.cron_schedule == "0 6 * * *"


def test_a_tick_runs_the_day_that_has_ended_in_the_business_zone(first_run: SmallCompany) -> None:
    assert tick(first_run).partition_key == "2024-05-31"


def test_a_tick_runs_the_day_of_the_source_file_and_again_on_the_next_morning(
    company: SmallCompany,
) -> None:
    company.describe(as_of=date(2024, 5, 28))
    first = tick(company)
    assert first.partition_key == "2024-05-28"
    assert first.run_key == MOMENT.isoformat()


def test_yesterday_is_that_of_the_business_zone() -> None:
    assert yesterday("Asia/Shanghai", MOMENT) == date(2024, 5, 31)
    assert yesterday("UTC", MOMENT) == date(2024, 5, 30)


def test_a_day_that_is_not_over_or_before_the_first_is_refused(first_run: SmallCompany) -> None:
    source = load_source_file(first_run.settings.sources)
    today = yesterday("Asia/Shanghai") + timedelta(1)
    with pytest.raises(DayError, match="has to be over in Asia/Shanghai"):
        check_day(today, source)
    with pytest.raises(DayError, match="1990-01-01"):
        check_day(date(1989, 12, 31), source)
    check_day(today - timedelta(1), source)


def test_the_day_of_the_source_file_may_lie_ahead_and_is_a_partition(company: SmallCompany) -> None:
    ahead = yesterday("Asia/Shanghai") + timedelta(3)
    company.describe(as_of=ahead)
    source = load_source_file(company.settings.sources)
    assert usual_day(source) == last_day(source) == ahead
    assert business_days(source).get_last_partition_key() == ahead.isoformat()


def test_the_newest_partition_is_yesterday_and_the_first_lies_before_any_data(
    first_run: SmallCompany,
) -> None:
    days = business_days(load_source_file(first_run.settings.sources))
    assert days.get_first_partition_key() == "1990-01-01"
    assert days.get_last_partition_key() == yesterday("Asia/Shanghai").isoformat()


def test_a_source_file_may_say_which_day_is_the_first(company: SmallCompany) -> None:
    company.describe(first_day=date(2024, 5, 2))
    source = load_source_file(company.settings.sources)
    assert business_days(source).get_first_partition_key() == "2024-05-02"
    check_day(date(2024, 5, 2), source)
    with pytest.raises(DayError, match=r"from 2024-05-02 \(`first_day` of the source file\)"):
        check_day(date(2024, 5, 1), source)


def test_the_newest_day_may_be_repeated_and_an_older_one_not(first_run: SmallCompany) -> None:
    committed = committed_days(first_run.settings.history)
    check_not_older(committed[-1].as_of, committed)
    with pytest.raises(DayError, match="tiers backfill --from"):
        check_not_older(committed[-1].as_of - timedelta(1), committed)
    check_not_older(date(2000, 1, 1), [])


def test_days_between_holds_both_ends() -> None:
    assert days_between(date(2024, 2, 28), date(2024, 3, 1)) == [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]


def test_a_scheduled_evaluation_that_fails_is_told(
    company: SmallCompany, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    """Nobody sits before it."""
    url, posted = webhook
    definitions = build_definitions(replace(company.settings, alert_webhook=url))
    schedule = definitions.resolve_schedule_def("evaluation_schedule")
    company.settings.sources.unlink()
    definitions.resolve_job_def(schedule.job_name).execute_in_process(raise_on_error=False)
    (alert,) = posted
    assert alert["job"] == "evaluate"
    assert f"{company.settings.sources}: cannot be read" in alert["text"]
