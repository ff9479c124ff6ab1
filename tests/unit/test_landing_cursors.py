"""Cursors in receipts that were written when every finite moment counted."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from source_maker import numbered_shop, orders

from orchestration.landing.cursors import position_after, reaches
from orchestration.sources.entries import DatabaseEntry

AT = datetime(2017, 3, 1, 10, tzinfo=UTC)


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
    told = {"from": "database", "name": "shop", "url": "env:URL", "table": "orders"}
    entry = DatabaseEntry.model_validate({**told, "cursor": "changed", "columns": {}})
    assert position_after(entry, [replace(load, cursor=receipt(reached))]) is None


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
