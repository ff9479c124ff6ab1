"""New files start a run, once they are whole; what has landed starts none."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from source_maker import ORDERS, ROW, ZONE, Shop

from orchestration.drop_folder import drop_folder_sensor
from orchestration.settings import Settings
from orchestration.sources import files, paths

WATCHED = "  orders:\n  - {from: files, path: 'drop/*.csv', watch: true}\n"


# In the zone of the shop's source file: its yesterday is not that of UTC all day long.
@dg.asset(partitions_def=dg.DailyPartitionsDefinition("1990-01-01", timezone=ZONE))
def something() -> None:
    """Whatever the job does."""


REPOSITORY = dg.Definitions(
    assets=[something], jobs=[dg.define_asset_job("daily", selection=[something])]
).get_repository_def()


class Folder(Shop):
    """A watched folder, and the sensor that looks at it."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance) -> None:
        super().__init__(folder)
        self.landing = folder / "home" / "landing"
        self.source(WATCHED)
        settings = Settings(home=folder / "home", sources=folder / "sources.yml")
        self.sensor = drop_folder_sensor(settings, "daily")
        self.instance = instance
        self.cursor: str | None = None
        self.reason = ""

    def drop(self, number: int) -> Path:
        """One more file, whole."""
        return self.write(f"drop/o{number}.csv", f"{ORDERS}\n{ROW.format(n=number)}")

    def look(self) -> list[str]:
        """One tick of the sensor: the days that it asks to run."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, repository_def=REPOSITORY
        )
        result = self.sensor.evaluate_tick(context)
        self.cursor, self.reason = result.cursor, result.skip_message or ""
        return [request.partition_key or "" for request in result.run_requests or ()]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with dg.DagsterInstance.ephemeral() as instance:
        made = Folder(tmp_path, instance)
        (tmp_path / "drop").mkdir()
        yield made


def test_a_new_file_starts_one_run_at_the_look_after_the_one_that_found_it(folder: Folder) -> None:
    folder.drop(1)
    assert folder.look() == []
    assert folder.reason == "Waiting until it is whole: drop/o1.csv"
    assert len(folder.look()) == 1
    assert folder.look() == []
    assert folder.reason == "Nothing is new."


def test_a_file_that_still_grows_is_waited_for_and_the_others_with_it(folder: Folder) -> None:
    folder.drop(1)
    growing = folder.drop(2)
    folder.look()
    for number in (3, 4):
        with growing.open("a") as file:
            file.write(ROW.format(n=number))
        assert folder.look() == []
        assert folder.reason == "Waiting until it is whole: drop/o2.csv"
    assert len(folder.look()) == 1


def test_what_has_landed_starts_no_run(folder: Folder) -> None:
    folder.drop(1)
    folder.pull(WATCHED)
    folder.look()
    assert folder.look() == []
    assert folder.reason == "The files changed, but what is in them has landed."
    later = time.time() + 60
    os.utime(folder.drop(1), (later, later))
    folder.look()
    assert folder.look() == []


def test_a_file_that_was_replaced_starts_a_run_again(folder: Folder) -> None:
    folder.drop(1)
    folder.pull(WATCHED)
    folder.look()
    folder.look()
    folder.write("drop/o1.csv", f"{ORDERS}\n{ROW.format(n=7)}{ROW.format(n=8)}")
    folder.look()
    assert len(folder.look()) == 1


def test_a_file_that_was_put_back_to_what_it_was_starts_a_run(folder: Folder) -> None:
    before = folder.drop(1).read_bytes()
    folder.pull(WATCHED)
    folder.write("drop/o1.csv", f"{ORDERS}\n{ROW.format(n=7)}")
    folder.pull(WATCHED)
    folder.look()
    folder.look()
    folder.write("drop/o1.csv", before)
    folder.look()
    assert len(folder.look()) == 1


def test_only_the_files_that_changed_are_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        folder.drop(number)
    folder.pull(WATCHED)
    folder.look()
    folder.look()
    read: list[str] = []

    def content_hash(path: Path) -> str:
        read.append(path.name)
        return paths.content_hash(path)

    monkeypatch.setattr(files, "content_hash", content_hash)
    folder.drop(4)
    folder.look()
    assert len(folder.look()) == 1
    assert read == ["o4.csv"]


def test_a_run_at_work_is_waited_for_and_the_files_are_not_forgotten(folder: Folder) -> None:
    folder.drop(1)
    folder.look()
    run = folder.instance.create_run_for_job(
        REPOSITORY.get_job("daily"), status=dg.DagsterRunStatus.STARTED
    )
    assert folder.look() == []
    assert folder.reason == "A run is at work; its end is waited for."
    folder.instance.report_run_failed(run)
    assert len(folder.look()) == 1


def test_an_entry_that_does_not_ask_for_it_is_not_watched(folder: Folder) -> None:
    folder.source("  orders:\n  - {from: files, path: 'drop/*.csv'}\n")
    folder.drop(1)
    assert [folder.look(), folder.look()] == [[], []]
    assert folder.reason == "Nothing is new."


def test_the_day_is_that_of_the_schedule(folder: Folder) -> None:
    head = "timezone: Asia/Shanghai\nbase_currency: CNY\nas_of: 2017-12-31\ntables:\n"
    folder.source(WATCHED, head)
    folder.drop(1)
    folder.look()
    assert folder.look() == ["2017-12-31"]
