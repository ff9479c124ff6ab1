"""A run tries a source again that is away for a moment, and not one that is wrong."""

import threading
import time
from pathlib import Path

import dagster as dg
import pytest
from database_shop import DatabaseShop, entry, order

from bench.servers import PostgreSQLServer
from orchestration.assets.landing import landing_assets
from orchestration.daily_run import KEY, daily_run_resource
from orchestration.landing import committed_loads
from orchestration.progress import Silent
from orchestration.settings import Settings

ORDERS = dg.AssetKey(["landing", "orders"])


def pulled(shop: DatabaseShop, retries: int) -> dg.ExecuteInProcessResult:
    settings = Settings(home=shop.folder / "home", sources=shop.folder / "sources.yml")
    return dg.materialize(
        landing_assets(dg.RetryPolicy(max_retries=retries, delay=1)),
        selection=[ORDERS],
        resources={KEY: daily_run_resource(settings, Silent())},
        raise_on_error=False,
    )


def attempts(result: dg.ExecuteInProcessResult) -> int:
    kinds = [event.event_type for event in result.all_events]
    restarted = dg.DagsterEventType.STEP_RESTARTED
    return kinds.count(dg.DagsterEventType.STEP_START) + kinds.count(restarted)


def test_a_server_that_is_away_for_a_moment_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    with PostgreSQLServer() as server, server.database() as database:

        def come_back() -> None:
            time.sleep(1.5)
            server.start()
            over.wait()  # a server ends with the thread that started it

        monkeypatch.setenv("SHOP_URL", database.url)
        shop = DatabaseShop(tmp_path, database)
        shop.orders("", order(1))
        shop.source(entry("table: orders"))
        server.kill()
        threading.Thread(target=come_back, daemon=True).start()
        result = pulled(shop, retries=20)
    over.set()
    assert result.success
    assert attempts(result) > 1
    (load,) = committed_loads(tmp_path / "home" / "landing")
    assert load.rows == 1


def test_a_table_that_does_not_exist_is_not_asked_for_again(postgresql: DatabaseShop) -> None:
    postgresql.source(entry("table: nowhere"))
    result = pulled(postgresql, retries=10)
    assert not result.success
    assert attempts(result) == 1
