"""What a run reads and cannot: it names the file and says what to do, and takes nothing of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from source_maker import numbered_shop, orders

from orchestration.canonical import canonical_tables
from orchestration.history import Commit, HistoryError
from orchestration.inputs import WarehouseUnusable, opened_warehouse
from orchestration.inputs.decided import HISTORY_COLUMNS, write_history_view
from orchestration.inputs.landed import write_landing_view
from orchestration.landing import LandingError, committed_loads

DAMAGES = [
    lambda path: path.write_bytes(path.read_bytes()[:40]),
    lambda path: path.write_bytes(b"garbage"),
    Path.unlink,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=["truncated", "garbage", "deleted"])
def test_a_load_that_cannot_be_read_is_named(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    made = numbered_shop(tmp_path, 1, 2)
    first, second = made.pull(orders("o*.csv")).landed
    damage(second.path)
    with duckdb.connect() as warehouse, pytest.raises(LandingError) as refused:
        loads = committed_loads(made.landing)
        write_landing_view(warehouse, "orders", canonical_tables()["orders"], loads)
    assert f"{second.path} is damaged" in str(refused.value)
    assert f"move {second.path.parent} away" in str(refused.value)
    assert str(first.path) not in str(refused.value)


def test_rows_without_a_receipt_are_no_load_to_overlook(tmp_path: Path) -> None:
    made = numbered_shop(tmp_path, 1)
    (load,) = made.pull(orders("o1.csv")).landed
    (load.path.parent / "load.json").unlink()
    with pytest.raises(LandingError, match=r"load\.json is damaged.*\n.*away"):
        committed_loads(made.landing)


@pytest.mark.parametrize("damage", DAMAGES, ids=["truncated", "garbage", "deleted"])
def test_a_day_that_cannot_be_read_is_named(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    folder = tmp_path / "2024-07-01" / "run"
    folder.mkdir(parents=True)
    duckdb.execute("copy (select 1 as one) to ? (format parquet)", [f"{folder}/cuts.parquet"])
    damage(folder / "cuts.parquet")
    commit = Commit(date(2024, 7, 1), "run", "policy", {}, 1, datetime.now(UTC), folder)
    with duckdb.connect() as warehouse, pytest.raises(HistoryError) as refused:
        write_history_view(warehouse, "cuts", HISTORY_COLUMNS["cuts"], [commit])
    assert f"The commit {folder} is damaged" in str(refused.value)
    assert "`tiers backfill --from 2024-07-01 --to 2024-07-01`" in str(refused.value)


@pytest.mark.parametrize("content", [b"garbage", b"SQLite format 3\0" + bytes(5000)])
def test_a_warehouse_that_is_none_may_be_removed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    with pytest.raises(WarehouseUnusable) as refused, opened_warehouse(path):
        pass
    assert f"`rm -rf {path} {path}.wal`" in str(refused.value)
    assert "http" not in str(refused.value), "the engine asked the network for help"


def test_a_full_memory_is_not_blamed_on_the_warehouse(tmp_path: Path) -> None:
    with (
        pytest.raises(duckdb.OutOfMemoryException),
        opened_warehouse(tmp_path / "warehouse.duckdb") as warehouse,
    ):
        warehouse.execute("set memory_limit = '1MB'; set temp_directory = ''")
        warehouse.execute("create temp table t as select range as n from range(10_000_000)")
