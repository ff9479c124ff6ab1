"""Counts of few customers are hidden, with all that they could be worked out from."""

import itertools

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.publishing import Count
from orchestration.publishing.suppression import without_small_groups

COUNTS = (
    Count("customers", ("share", "amount"), within=("scheme",), total="classified"),
    Count("classified"),
)
KEY = ("scheme", "code")
REACHED = (Count("population"), Count("reached", within=("scheme", "ranked"), up_to="population"))


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


def cuts(
    dimensions: dict[str, list[int]], population: int, least: int = 5
) -> dict[str, list[int | None]]:
    """How many reached the bounds of each dimension, as published, in the order as given."""
    rows = [
        ("tier", dimension, f"{place:03}", reached, population)
        for dimension, counts in dimensions.items()
        for place, reached in enumerate(counts)
    ]
    with duckdb.connect() as con:
        con.execute(
            "create table cuts (scheme varchar, ranked varchar, band varchar, reached bigint,"
            " population bigint)"
        )
        con.executemany("insert into cuts values (?, ?, ?, ?, ?)", rows)
        table = "select *, false as is_suppressed from cuts"
        key = ("scheme", "ranked", "band")
        found = con.execute(
            "select ranked, reached, is_suppressed from"
            f" ({without_small_groups(table, REACHED, key, least)}) order by ranked, band"
        ).fetchall()
    told: dict[str, list[int | None]] = {}
    for dimension, reached, is_suppressed in found:
        assert is_suppressed == (reached is None or population < least)
        told.setdefault(dimension, []).append(reached)
    return told


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ([15, 60, 300], [15, 60, 300]),
        ([15, 15, 60], [15, 15, 60]),
        ([15, 17, 60], [None, None, None]),  # 2 customers between two bounds
        ([298, 100], [None, None]),  # 2 customers below the lowest bound
        ([3, 60], [None, None]),
        ([0, 60], [0, 60]),
    ],
)
def test_few_between_two_bounds_cannot_be_told_by_subtraction(
    reached: list[int], expected: list[int | None]
) -> None:
    told = cuts({"amount": reached, "recency": [20, 40]}, population=300)
    assert told == {"amount": expected, "recency": [20, 40]}


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(2, 12))
def test_counts_that_hold_each_other_are_not_a_few_apart(reached: list[int], least: int) -> None:
    (shown,) = cuts({"amount": reached}, 40, least).values()
    told = sorted({0, 40, *(count for count in shown if count is not None)})
    assert all(more - fewer >= least for fewer, more in itertools.pairwise(told))
