"""A few days of a busy shop. `make faults` lives through two hundred."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from busy_shop import BusyShop
from soak import KEPT_IN, Day, Soak, check_growth

from orchestration.settings import Settings

FIRST = date(2024, 5, 25)
CALM = [Day(10.0, 500, 8, dict.fromkeys(KEPT_IN, 100 * number)) for number in range(1, 61)]


def lived(days: int, seed: int = 1) -> tuple[BusyShop, list[tuple[str, ...]]]:
    """A shop, and all that it exported."""
    shop = BusyShop(seed)
    return shop, [row for number in range(days) for row in shop.export(FIRST + timedelta(number))]


def test_one_seed_gives_one_shop() -> None:
    assert lived(20)[1] == lived(20)[1]
    assert lived(20)[1] != lived(20, seed=2)[1]


def test_the_latest_version_of_each_order_is_what_stands() -> None:
    shop, rows = lived(40)
    latest = {row[0]: row for row in sorted(rows, key=lambda row: row[4])}
    standing = [row for row in latest.values() if not row[5]]
    assert len(rows) > len(latest) > len(standing), "nothing was repeated, changed or deleted"
    cents = sum(round(float(row[3]) * 100) for row in standing)
    assert (len(standing), cents) == shop.standing


def test_a_steady_soak_passes() -> None:
    check_growth(CALM)


@pytest.mark.parametrize(
    "grown",
    [
        lambda day, number: replace(day, seconds=10.0 + number),
        lambda day, number: replace(day, memory=500 + 100 * number),
        lambda day, number: replace(day, files=8 + number),
        lambda day, number: replace(day, disk=day.disk | {"history": number**3}),
        lambda day, number: replace(day, disk=day.disk | {"warehouse.duckdb": 2**number}),
    ],
    ids=["time", "memory", "files", "history", "warehouse"],
)
def test_growth_beyond_the_data_is_noticed(grown: Callable[[Day, int], Day]) -> None:
    days = [grown(day, number) for number, day in enumerate(CALM)]
    with pytest.raises(AssertionError):
        check_growth(days)


@pytest.mark.slow
def test_no_order_is_lost_and_the_warehouse_can_be_built_again(
    new_home: Callable[[Path], Settings], tmp_path: Path
) -> None:
    soak = Soak(tmp_path, new_home)
    soak.run(2)
    assert soak.lost_orders() == 0
    soak.rebuild()
