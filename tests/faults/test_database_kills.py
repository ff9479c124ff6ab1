"""A pull from a database that is killed at any moment and begun again lands what it would have."""

import os
import random
import shutil
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import duckdb
import pytest
from database_shop import DatabaseShop, entry
from killed import FORKS

from bench.servers import PostgreSQLServer
from orchestration.landing import committed_loads, pull_table
from orchestration.sources.source_file import load_source_file

COUNT = 60_000
KILLS = 10
SOURCE = entry("table: orders", "cursor: changed", "deletes: compare")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseShop]:
    """Many orders; the source file of all landings."""
    with PostgreSQLServer() as server, server.database() as database:
        made = DatabaseShop(tmp_path_factory.mktemp("shop"), database)
        made.orders("changed timestamptz, note text")
        made.execute(
            "insert into orders select n, 'c' || n % 999, '2017-01-01', n / 7.0,"
            " timestamptz '2017-01-01' + n * interval '1 minute', repeat('x', n % 50)"
            f" from generate_series(1, {COUNT}) as s(n)"
        )
        made.source(SOURCE)
        yield made


def change(shop: DatabaseShop) -> None:
    """A day of work: some orders are new, some other, some gone."""
    shop.execute(
        "insert into orders select n, 'c0', '2017-06-01', 5, timestamptz '2017-06-01', 'new'"
        f" from generate_series({COUNT + 1}, {COUNT + 9000}) as s(n)",
        "update orders set amount = amount + 1, changed = '2017-06-02' where order_id like '%77'",
        "delete from orders where order_id like '%55'",
    )


def pull(folder: Path, landing: Path, url: str) -> None:
    """Pull in a process of its own."""
    os.environ["SHOP_URL"] = url
    pull_table(
        "orders",
        load_source_file(folder / "sources.yml"),
        landing,
        audit=lambda table, parquet: None,
        report=lambda text: None,
    )


def start(shop: DatabaseShop, landing: Path) -> ForkServerProcess:
    process = FORKS.Process(target=pull, args=(shop.folder, landing, shop.database.url))
    process.start()
    return process


def seconds_to_the_end(shop: DatabaseShop, landing: Path) -> float:
    """Pull undisturbed."""
    started = time.monotonic()
    process = start(shop, landing)
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - started


def landed(landing: Path) -> list[tuple[object, ...]]:
    """The rows of all committed loads, by load, sorted; not their numbers, which tell nothing."""
    paths = [str(load.path) for load in committed_loads(landing, "orders")]
    query = "select file_index, * exclude (_row) from read_parquet(?) order by all"
    with duckdb.connect() as engine:
        return engine.execute(query, [paths]).fetchall()


def kill_and_pull(shop: DatabaseShop, before: Path | None, folder: Path, seed: int) -> None:
    """At random moments of a pull that goes on from `before`, each time in a landing of its own."""
    calm = folder / "calm"
    if before:
        shutil.copytree(before, calm)
    seconds = seconds_to_the_end(shop, calm)
    true = landed(calm)
    assert len(committed_loads(calm)) == (2 if before else 1)
    moments, cut_off = random.Random(seed), 0
    for number in range(KILLS):
        landing = folder / str(number)
        if before:
            shutil.copytree(before, landing)
        process = start(shop, landing)
        process.join(moments.uniform(0, seconds))
        process.kill()
        process.join()
        cut_off += process.exitcode != 0
        seconds_to_the_end(shop, landing)
        assert landed(landing) == true
        assert not list(landing.glob(".incoming/*"))
    assert cut_off >= KILLS // 2


def test_a_killed_pull_begun_again_lands_what_it_would_have(
    shop: DatabaseShop, tmp_path: Path
) -> None:
    kill_and_pull(shop, None, tmp_path / "first", seed=1)
    first = tmp_path / "first" / "calm"
    assert len(landed(first)) == COUNT
    change(shop)
    kill_and_pull(shop, first, tmp_path / "second", seed=2)
    assert len(landed(tmp_path / "second" / "calm")) > COUNT + 9000
