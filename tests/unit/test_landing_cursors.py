"""Cursors in receipts: from where the next pull goes on, and which loads it may meet again."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from source_maker import numbered_shop, orders

from orchestration.landing.cursors import position_after, reaches
from orchestration.sources.entries import DatabaseEntry
from orchestration.sources.remote import Position

AT = datetime(2017, 3, 1, 10, tzinfo=UTC)
ENTRY = DatabaseEntry.model_validate(
    {"from": "database", "name": "shop", "url": "env:URL", "table": "orders", "cursor": "changed"}
)


def receipt(reached: str | None, greatest: str | None = None) -> dict[str, str | None]:
    return {
        **{"column": "changed", "since": None, "least": reached, "reached": reached},
        **{"greatest": greatest or reached, "without": "0"},
    }


@pytest.mark.parametrize("reached", ["0001-01-01 00:00:00+00:00", "0044-03-15 (BC) 10:00:00+00:00"])
def test_from_a_moment_without_an_hour_before_it_everything_is_read(
    tmp_path: Path, reached: str
) -> None:
    (load,) = numbered_shop(tmp_path, 1).pull(orders("o1.csv")).landed
    assert position_after(ENTRY, [replace(load, cursor=receipt(reached))]) is None


@pytest.mark.parametrize(
    ("greatest", "may_hold"),
    [
        ("20224-05-31 00:00:00+00:00", True),
        ("2017-03-01 10:00:00+00:00", True),
        ("2017-03-01 09:59:59+00:00", False),
        (None, False),
    ],
)
def test_a_load_of_a_moment_that_cannot_be_read_may_hold_any_row(
    greatest: str | None, may_hold: bool
) -> None:
    assert reaches(receipt(None, greatest), AT) is may_hold


def answers(*told: tuple[str | None, str], folder: Path) -> Position | None:
    """The position after answers that began and reached there, on the first of March 2017."""
    (load,) = numbered_shop(folder, 1).pull(orders("o1.csv")).landed
    day = "2017-03-01 {}:00:00+00:00"
    cursors = [
        receipt(day.format(reached)) | {"since": since and day.format(since)}
        for since, reached in told
    ]
    return position_after(ENTRY, [replace(load, cursor=cursor) for cursor in cursors])


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ("the first", [("09", "12"), ("11", "14")]),
        ("one between", [(None, "10"), ("11", "14")]),
        ("one after everything was read again", [(None, "20"), (None, "08"), ("09", "12")]),
    ],
)
def test_answers_that_went_on_from_one_that_is_gone_are_no_position(
    tmp_path: Path, gone: str, left: list[tuple[str | None, str]]
) -> None:
    assert answers(*left, folder=tmp_path) is None, gone


def test_answers_that_go_on_from_each_other_are_a_position(tmp_path: Path) -> None:
    told = [(None, "20"), (None, "10"), ("09", "12"), ("11", "11"), ("11", "14")]
    assert answers(*told, folder=tmp_path) == datetime(2017, 3, 1, 13, tzinfo=UTC)
