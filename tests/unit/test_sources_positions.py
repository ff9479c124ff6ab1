"""From where on a source is asked."""

from datetime import date, datetime

import pytest

from orchestration.sources.positions import before_repeated_hour, beginning, later
from orchestration.sources.remote import CursorKind, moment, written


@pytest.mark.parametrize(
    ("zone", "shown", "read_from"),
    [
        ("Europe/Berlin", "2024-10-27 01:59:59", "2024-10-27 01:59:59"),
        ("Europe/Berlin", "2024-10-27 02:00:00", "2024-10-27 01:00:00"),
        ("Europe/Berlin", "2024-10-27 02:59:30", "2024-10-27 01:59:30"),
        ("Europe/Berlin", "2024-10-27 03:00:00", "2024-10-27 03:00:00"),
        ("Europe/Berlin", "2024-03-31 02:30:00", "2024-03-31 02:30:00"),
        ("Australia/Lord_Howe", "2024-04-07 01:45:00", "2024-04-07 01:15:00"),
        ("Asia/Shanghai", "2024-10-27 02:30:00", "2024-10-27 02:30:00"),
    ],
)
def test_reading_goes_on_before_an_hour_that_a_clock_shows_twice(
    zone: str, shown: str, read_from: str
) -> None:
    moment = before_repeated_hour(datetime.fromisoformat(shown), zone)
    assert moment == datetime.fromisoformat(read_from)


@pytest.mark.parametrize(
    ("position", "kind", "read_from"),
    [
        (None, "instant", "2024-05-31 16:00:00+00:00"),
        (None, "naive", "2024-06-01 00:00:00"),
        ("2024-05-31 17:00:00+00:00", "instant", "2024-05-31 17:00:00+00:00"),
        ("2024-05-31 15:00:00+00:00", "epoch_ms", "2024-05-31 16:00:00+00:00"),
        # The column was of another kind before.
        ("2024-05-31 15:00:00", "instant", "2024-05-31 15:00:00"),
        ("700", "naive", "700"),
    ],
)
def test_nothing_before_the_day_that_an_entry_begins_with_is_read(
    position: str | None, kind: CursorKind, read_from: str
) -> None:
    begin = beginning(date(2024, 6, 1), kind, "Asia/Shanghai")
    asked = later(moment(position) if position else None, begin)
    assert asked is not None
    assert written(asked) == read_from


def test_an_entry_without_such_a_day_is_read_from_its_position_on() -> None:
    assert beginning(None, "instant", "Asia/Shanghai") is None
    assert later(None, None) is None
    assert later(700, None) == 700
