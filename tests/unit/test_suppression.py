"""Counts of few customers are hidden, with all that they could be worked out from."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.publishing import Count
from orchestration.publishing.suppression import without_small_groups

COUNTS = (
    Count("customers", ("share", "amount"), total="classified", within="scheme"),
    Count("classified"),
)
KEY = ("scheme", "code")


def published(
    schemes: dict[str, list[int]], least: int = 5, overlap: bool = False
) -> dict[str, list[int | None]]:
    """The counts of each scheme as they are published, in the order in which they were given."""
    rows = [
        (scheme, f"{place:03}", count, sum(counts) + overlap)
        for scheme, counts in schemes.items()
        for place, count in enumerate(counts)
    ]
    with duckdb.connect() as con:
        con.execute(
            "create table d (scheme varchar, code varchar, customers bigint, classified bigint)"
        )
        con.executemany("insert into d values (?, ?, ?, ?)", rows)
        table = "select *, customers / 7 as share, 9 as amount, false as is_suppressed from d"
        found = con.execute(
            f"select scheme, customers, share, amount, is_suppressed, classified from"
            f" ({without_small_groups(table, COUNTS, KEY, least)}) order by scheme, code"
        ).fetchall()
    told: dict[str, list[int | None]] = {}
    for scheme, customers, share, amount, is_suppressed, classified in found:
        hidden = {customers is None, share is None, amount is None}
        assert hidden == {is_suppressed} or classified is None
        assert classified is None or classified >= least or classified == 0 or least < 2
        told.setdefault(scheme, []).append(customers)
    return told


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 20, 30], [10, 20, 30]),
        ([0, 20, 30], [0, 20, 30]),
        ([4, 20, 30], [None, None, 30]),  # 4 is what is missing to 54, so 20 goes too
        ([1, 1, 30, 40], [None, None, None, 40]),  # 2 together are still few
        ([3, 2, 30, 40], [None, None, 30, 40]),
        ([3, 0, 0, 40], [None, 0, 0, None]),
        ([5, 5], [5, 5]),
        ([3], [None]),
        ([2, 1], [None, None]),
        ([4, 6, 6, 9], [None, None, 6, 9]),
    ],
)
def test_a_small_class_and_what_would_tell_it_are_hidden(
    counts: list[int], expected: list[int | None]
) -> None:
    assert published({"tier": counts, "other": [7, 8]}) == {"tier": expected, "other": [7, 8]}


def test_where_classes_overlap_no_total_tells_of_one() -> None:
    assert published({"needs": [4, 20, 30]}, overlap=True) == {"needs": [None, 20, 30]}


@pytest.mark.parametrize("least", [0, 1])
def test_nothing_is_hidden_when_nothing_is_few(least: int) -> None:
    assert published({"tier": [1, 2, 3]}, least) == {"tier": [1, 2, 3]}


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=8),
    st.integers(2, 12),
)
def test_nobody_can_work_out_a_small_class_from_the_others(counts: list[int], least: int) -> None:
    shown = published({"tier": counts}, least)["tier"]
    hidden = [count for count, told in zip(counts, shown, strict=True) if told is None]
    assert all(told is None or told == 0 or told >= least for told in shown)
    assert all(told in (None, count) for count, told in zip(counts, shown, strict=True))
    assert not hidden or sum(counts) < least or (len(hidden) >= 2 and sum(hidden) >= least)
    if all(count == 0 or count >= least for count in counts):
        assert hidden == []
