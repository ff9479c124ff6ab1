"""From where on a source is asked."""

from datetime import datetime

import pytest

from orchestration.sources.positions import before_repeated_hour


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
