"""A database that does not answer: nothing lands, the error says why, the next pull is whole."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pyarrow as pa
import pytest
from database_shop import DatabaseShop, entry
from silent_proxy import SilentProxy

from bench.servers import Server
from orchestration.landing import committed_loads
from orchestration.sources.database import rows as database_rows
from orchestration.sources.database.dialect import Dialect
from orchestration.sources.errors import SourceError

# PyMySQL tidies up lines that are dead; where no test is, that is a line of noise.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SOURCE = entry("table: orders", "timeout: 10 seconds")
COUNT = 60_000


def many(shop: DatabaseShop) -> None:
    """So many orders that no buffer between here and the server holds them all."""
    shop.orders("note varchar(400)")
    numbers = f"generate_series(1, {COUNT}) as s(seq)"
    if not shop.is_postgresql:
        numbers = f"seq_1_to_{COUNT}"
    shop.execute(
        "insert into orders select seq, concat('c', seq), '2017-01-01', 1, repeat('x', 400)"
        f" from {numbers}"
    )


def failure(shop: DatabaseShop, source: str = SOURCE) -> SourceError:
    """Of a pull, which lands nothing and leaves nothing."""
    with pytest.raises(SourceError) as caught:
        shop.pull(source)
    assert committed_loads(shop.landing) == []
    assert not list(shop.landing.glob(".incoming/*"))
    return caught.value


def at_first_batch(patch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Do something as soon as the first rows of an answer are there."""
    read = database_rows.DatabaseRows.batches

    def disturbed(self: database_rows.DatabaseRows) -> Iterator[pa.RecordBatch]:
        for position, batch in enumerate(read(self)):
            if position == 0:
                action()
            yield batch

    patch.setattr(database_rows, "rows_per_batch", lambda columns: 500)
    patch.setattr(database_rows.DatabaseRows, "batches", disturbed)


def test_a_server_that_is_killed_while_it_answers_lands_nothing(
    shop: DatabaseShop, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(shop)
    with monkeypatch.context() as patch:
        at_first_batch(patch, server.kill)
        try:
            error = failure(shop)
        finally:
            server.start()
    assert error.transient
    assert "the database says" in str(error)
    assert shop.pull(SOURCE).read_rows == COUNT
    assert len({row["order_id"] for row in shop.landed()}) == COUNT


def test_a_session_that_is_ended_while_it_answers_lands_nothing(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(shop)
    kill = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
    kill += " and datname = current_database()"

    def end() -> None:
        if shop.is_postgresql:
            shop.execute(kill)
        else:
            others = (
                "select max(id) from information_schema.processlist where id <> connection_id()"
            )
            shop.execute(f"kill {shop.database.one(others)}")

    with monkeypatch.context() as patch:
        at_first_batch(patch, end)
        assert failure(shop).transient
    assert shop.pull(SOURCE).read_rows == COUNT


def test_a_server_that_is_not_there_is_told_with_its_place(
    shop: DatabaseShop, server: Server
) -> None:
    shop.orders()
    server.kill()
    try:
        error = failure(shop)
    finally:
        server.start()
    assert error.transient
    assert (error.line, error.field) == (7, "tables.orders[shop].url")
    assert "refused" in str(error)


def test_a_statement_that_takes_too_long_is_ended(shop: DatabaseShop) -> None:
    shop.orders()
    sleep = "pg_sleep(20)::text" if shop.is_postgresql else "sleep(20)"
    started = time.monotonic()
    query = f"query: select orders.*, {sleep} as x from (select 1) as one left join orders on true"
    error = failure(shop, entry(query, "timeout: 1 second"))
    assert time.monotonic() - started < 10
    assert error.transient
    assert "timeout" in str(error) or "max_statement_time exceeded" in str(error)


@pytest.mark.parametrize("passed", [0, 5_000, 400_000])
def test_a_line_that_falls_silent_is_given_up(
    shop: DatabaseShop, server: Server, monkeypatch: pytest.MonkeyPatch, passed: int
) -> None:
    many(shop)
    monkeypatch.setattr(Dialect, "grace", timedelta(seconds=1))
    monkeypatch.setattr(Dialect, "connect_seconds", 2)
    started = time.monotonic()
    with SilentProxy(server, passed) as proxy:
        through = shop.database.url.replace(f":{server.port}/", f":{proxy.port}/")
        monkeypatch.setenv("SHOP_URL", through)
        error = failure(shop, entry("table: orders", "timeout: 1 second"))
    assert error.transient
    assert time.monotonic() - started < 15
    monkeypatch.setenv("SHOP_URL", shop.database.url)
    assert shop.pull(SOURCE).read_rows == COUNT
