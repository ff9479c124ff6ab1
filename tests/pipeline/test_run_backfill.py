"""Deciding days again: a backfill is as good as having run every day."""

import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from small_company import FIRST_DAY, Listener, SmallCompany, orders_of

from orchestration.days import DayError
from orchestration.history import committed_days
from orchestration.progress import Silent
from orchestration.publishing import Release, list_releases
from orchestration.replaying import BACKFILL, set_aside_later_days
from orchestration.run_lock import RunLocked, run_lock
from orchestration.running import Stopped, backfill

# After the end of a month everybody is written and ranked anew; the day after that keeps its cuts.
DAYS = [FIRST_DAY + timedelta(days) for days in (7, 8)]


def kept(company: SmallCompany) -> dict[date, dict[str, bytes]]:
    """The files of history, byte by byte: commit.json names the run and is left out."""
    return {
        commit.as_of: {path.name: path.read_bytes() for path in commit.path.glob("*.parquet")}
        for commit in committed_days(company.settings.history)
    }


def served_release(company: SmallCompany) -> Release:
    (release,) = [one for one in list_releases(company.settings.releases) if one.is_current]
    return release


@pytest.mark.slow
def test_a_backfill_over_the_end_of_a_month_equals_daily_runs(
    company: SmallCompany, tmp_path: Path
) -> None:
    for number, day in enumerate(DAYS):
        company.export(day.isoformat(), orders_of(day, range(1 + number, 31, 5)))
        company.run(day)
    replayed = company.copy(tmp_path / "replayed")
    finished = backfill(replayed.settings, DAYS[0], None, Silent())

    assert [one.day for one in finished] == DAYS
    assert kept(replayed) == kept(company)
    assert {commit.as_of for commit in committed_days(company.settings.history)} == {
        FIRST_DAY,
        *DAYS,
    }
    assert served_release(replayed).content == served_release(company).content
    assert served_release(replayed).run_id != served_release(company).run_id


def test_a_day_that_arrived_late_is_decided_again_with_all_later_ones(
    company: SmallCompany,
) -> None:
    late, last = DAYS[0], DAYS[1]
    company.run(last)
    before = served_release(company).content["customer_facts"]
    company.export("late", orders_of(late, range(1, 31)))
    backfill(company.settings, late, last, Silent())

    assert [commit.as_of for commit in committed_days(company.settings.history)] == [
        FIRST_DAY,
        late,
        last,
    ]
    assert served_release(company).as_of == last
    assert served_release(company).content["customer_facts"] != before


def test_a_backfill_that_ends_before_it_begins_is_refused(company: SmallCompany) -> None:
    with pytest.raises(DayError, match="the earlier one"):
        backfill(company.settings, DAYS[1], DAYS[0], Silent())
    assert [commit.as_of for commit in committed_days(company.settings.history)] == [FIRST_DAY]


def test_a_backfill_drops_nothing_while_another_run_is_at_work(company: SmallCompany) -> None:
    with run_lock(company.settings.home, "a test"), pytest.raises(RunLocked):
        backfill(company.settings, FIRST_DAY, DAYS[0], Silent())
    assert [commit.as_of for commit in committed_days(company.settings.history)] == [FIRST_DAY]


class Stopping(Listener):
    """Somebody who presses Ctrl-C as soon as a day's inputs are there."""

    def say(self, text: str) -> None:
        super().say(text)
        if text.startswith("landing/run_parameters"):
            raise KeyboardInterrupt


def test_a_backfill_that_is_stopped_names_the_days_that_it_leaves_undecided(
    company: SmallCompany,
) -> None:
    with pytest.raises(Stopped) as stopped:
        backfill(company.settings, FIRST_DAY, DAYS[0], Stopping())
    assert committed_days(company.settings.history) == []
    (note,) = stopped.value.__notes__
    assert note.startswith(f"The days from {FIRST_DAY} on are not decided yet.")
    assert note.endswith(f"`tiers backfill --from {FIRST_DAY} --to {DAYS[0]}`.")


@pytest.fixture
def records() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def launched(records: dg.DagsterInstance, days: Sequence[date]) -> dg.DagsterRun:
    """A run of a backfill of these days, as the UI launches it."""
    backfill = PartitionBackfill(
        backfill_id="clicked",
        status=BulkActionStatus.REQUESTED,
        from_failure=False,
        tags={},
        backfill_timestamp=time.time(),
        partition_names=[day.isoformat() for day in days],
    )
    records.add_backfill(backfill)
    return dg.DagsterRun(job_name="daily", tags={BACKFILL: backfill.backfill_id})


EARLIER = FIRST_DAY - timedelta(1)


def test_the_first_run_of_a_backfill_of_the_ui_sets_its_days_aside(
    company: SmallCompany, records: dg.DagsterInstance
) -> None:
    said: list[str] = []
    run, history = launched(records, [EARLIER, FIRST_DAY]), company.settings.history
    set_aside_later_days(run, records, history, EARLIER, said.append)
    assert committed_days(history) == []
    assert said == [f"history: 1 days from {EARLIER} set aside"]
    assert list(history.glob(f".dropped/*/{FIRST_DAY}/*/commit.json"))


def test_a_backfill_of_the_ui_that_leaves_out_a_later_day_is_refused(
    company: SmallCompany, records: dg.DagsterInstance
) -> None:
    run, history = launched(records, [EARLIER]), company.settings.history
    with pytest.raises(DayError, match=f"(?s)knows {FIRST_DAY}.*leaves them out"):
        set_aside_later_days(run, records, history, EARLIER, print)
    assert [commit.as_of for commit in committed_days(history)] == [FIRST_DAY]


def test_a_repeated_run_of_a_backfill_leaves_what_its_later_runs_decided(
    company: SmallCompany, records: dg.DagsterInstance
) -> None:
    run, history = launched(records, [EARLIER, FIRST_DAY]), company.settings.history
    (commit,) = committed_days(history)
    records.add_run(dg.DagsterRun(job_name="daily", run_id=commit.run_id, tags=run.tags))
    set_aside_later_days(run, records, history, EARLIER, print)
    assert committed_days(history) == [commit]


def test_a_run_of_no_backfill_sets_nothing_aside(
    company: SmallCompany, records: dg.DagsterInstance
) -> None:
    history = company.settings.history
    set_aside_later_days(dg.DagsterRun(job_name="daily"), records, history, EARLIER, print)
    assert [commit.as_of for commit in committed_days(history)] == [FIRST_DAY]
