"""Late is who lacks the day whose run has had all the time that a run may take."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from small_release import Company
from source_maker import HEAD, ZONE, Shop

from orchestration.freshness import deadline, freshness, late_sensor
from orchestration.schedule import cron
from orchestration.settings import SettingError, Settings
from orchestration.sources.source_file import SourceFile

ORDERS = "  orders:\n  - {from: files, path: 'drop/*.csv'}\n"
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
# The schedule begins the run of Wednesday on Thursday at six; it may take four hours.
BEFORE_IT_IS_DUE = datetime(2026, 3, 5, 9, 59, tzinfo=ZoneInfo(ZONE))
WHEN_IT_IS_DUE = datetime(2026, 3, 5, 10, 0, tzinfo=ZoneInfo(ZONE))


@pytest.fixture
def source(tmp_path: Path) -> SourceFile:
    return Shop(tmp_path).source(ORDERS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, sources=tmp_path / "sources.yml")


def test_a_day_is_late_once_its_run_has_had_its_time(
    settings: Settings, source: SourceFile
) -> None:
    Company(settings.home).publish(as_of=TUESDAY)
    before = freshness(settings, source, BEFORE_IT_IS_DUE)
    assert not before.is_late
    assert str(before) == "Readers have 2026-03-03; 2026-03-03 was due."
    due = freshness(settings, source, WHEN_IT_IS_DUE)
    assert due.is_late
    assert str(due) == (
        "Readers have 2026-03-03; 2026-03-04 is due since the run that the schedule was to begin"
        " at 2026-03-05 06:00 (Asia/Shanghai)."
    )
    Company(settings.home).publish(as_of=WEDNESDAY)
    assert not freshness(settings, source, WHEN_IT_IS_DUE).is_late


def test_no_release_at_all_is_late(settings: Settings, source: SourceFile) -> None:
    assert freshness(settings, source, WHEN_IT_IS_DUE).is_late


def test_nothing_is_due_while_the_schedule_rests(settings: Settings, source: SourceFile) -> None:
    settings = replace(settings, schedule="0 6 * * 1-5")
    Company(settings.home).publish(as_of=date(2026, 3, 5))  # by the run of Friday morning
    sunday = datetime(2026, 3, 8, 12, 0, tzinfo=ZoneInfo(ZONE))
    assert not freshness(settings, source, sunday).is_late
    assert freshness(settings, source, sunday + timedelta(days=1)).is_late


def test_each_late_day_is_told_once(
    settings: Settings, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, posted = webhook
    settings = replace(settings, alert_webhook=url)
    Company(settings.home).publish(as_of=TUESDAY)
    told = []
    cursor: str | None = None
    for day in (TUESDAY, WEDNESDAY, WEDNESDAY):
        Shop(settings.home).source(ORDERS, HEAD.replace("tables:", f"as_of: {day}\ntables:"))
        with dg.build_sensor_context(cursor=cursor) as context:
            late_sensor(settings).evaluate_tick(context)
            cursor = context.cursor
        told.append(len(posted))
    assert told == [0, 1, 1]
    assert posted[0]["text"].startswith("Readers have 2026-03-03; 2026-03-04 is due since")


def test_a_current_that_leads_nowhere_is_told_once_each_time(
    settings: Settings, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, posted = webhook
    sensor = late_sensor(replace(settings, alert_webhook=url))
    Shop(settings.home).source(ORDERS, HEAD.replace("tables:", f"as_of: {TUESDAY}\ntables:"))
    release = Company(settings.home).publish(as_of=TUESDAY)
    away = settings.home / "away"
    told = []
    cursor: str | None = None
    for is_there in (True, False, False, True, False):
        if is_there != release.path.exists():
            (away if is_there else release.path).rename(release.path if is_there else away)
        with dg.build_sensor_context(cursor=cursor) as context:
            sensor.evaluate_tick(context)
            cursor = context.cursor
        told.append(len(posted))
    assert told == [0, 1, 1, 1, 2]
    assert posted[0]["text"].startswith(f"{settings.releases / 'current'} is broken:")


def test_a_source_file_by_which_no_run_begins_is_told_once(
    settings: Settings, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, posted = webhook
    sensor = late_sensor(replace(settings, alert_webhook=url))
    shop = Shop(settings.home)
    Company(settings.home).publish(as_of=TUESDAY)
    told = []
    cursor: str | None = None
    for key in ("tables", "tabels", "tabels", "tables"):
        head = HEAD.replace("tables:", f"as_of: {TUESDAY}\n{key}:")
        shop.write("sources.yml", head + ORDERS)
        with dg.build_sensor_context(cursor=cursor) as context:
            sensor.evaluate_tick(context)
            cursor = context.cursor
        told.append(len(posted))
    assert told == [0, 1, 1, 1]
    assert posted[0]["text"].startswith(f"{settings.sources}")
    assert "tabels" in posted[0]["text"]


def test_who_cannot_be_told_is_told_at_the_next_look(settings: Settings) -> None:
    Shop(settings.home).source(ORDERS)
    settings = replace(settings, alert_webhook="http://127.0.0.1:9/alerts")
    with dg.build_sensor_context() as context:
        with pytest.raises(dg.Failure, match="Nobody was alerted"):
            late_sensor(settings).evaluate_tick(context)
        assert context.cursor is None


@pytest.mark.parametrize(
    ("schedule", "runtime", "cron"),
    [
        ("0 6 * * *", 240, "0 10 * * *"),
        ("30 5 * * 1-5", 45, "15 6 * * 1-5"),
        ("0 23 * * *", 60, None),
        ("*/30 * * * *", 20, None),
    ],
)
def test_the_ui_has_the_same_deadline_where_a_cron_can_say_it(
    settings: Settings, source: SourceFile, schedule: str, runtime: int, cron: str | None
) -> None:
    found = deadline(replace(settings, schedule=schedule, max_runtime_minutes=runtime), source)
    if cron is None:
        assert found is None
    else:
        assert found == dg.FreshnessPolicy.cron(cron, timedelta(minutes=runtime), ZONE)


@pytest.mark.parametrize("text", ["30 5 * * *", "0 6,18 * * 1-5", "*/30 * * * *"])
def test_a_schedule_is_a_cron(text: str, tmp_path: Path) -> None:
    assert cron(Settings(home=tmp_path, schedule=text)) == text


@pytest.mark.parametrize("text", ["daily", "@daily", "0 25 * * *", "0 6 * *", "6"])
def test_any_other_schedule_is_refused_by_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"TIERS_SCHEDULE is .* cron of five fields"):
        cron(Settings(home=tmp_path, schedule=text))
