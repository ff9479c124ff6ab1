"""The days from which a policy is judged."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.evaluation.origins import is_closed, origins_before


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2017, 12, 31), date(2017, 9, 30)),
        (date(2017, 12, 29), date(2017, 9, 30)),
        (date(2017, 12, 28), date(2017, 8, 31)),
        (date(2024, 5, 30), date(2024, 2, 29)),
    ],
)
def test_the_last_origin_is_the_month_end_whose_next_90_days_are_over(
    day: date, last: date
) -> None:
    assert origins_before(day)[-1] == last


@given(st.dates(date(1995, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_origins_are_month_ends_in_a_row(day: date, count: int) -> None:
    origins = origins_before(day, count)
    assert len(origins) == count
    assert all((origin + timedelta(1)).day == 1 for origin in origins)
    assert all(28 <= (b - a).days <= 31 for a, b in pairwise(origins))
    assert is_closed(origins[-1], 90, day)
    assert not is_closed(origins[-1] + timedelta(31), 90, day)
