"""A run tries a source again that is away for a moment, and not one that is wrong."""

import threading
from pathlib import Path

import dagster as dg
import pytest
from database_shop import DatabaseShop, entry, order

from bench.servers import PostgreSQLServer
from orchestration.assets.landing import landing_assets
from orchestration.daily_run import KEY, daily_run_resource
from orchestration.landing import committed_loads
from orchestration.progress import Progress, Silent
from orchestration.settings import Settings

ORDERS = dg.AssetKey(["landing", "orders"])


class Counter(Silent):
    """Tells when a table is pulled for the second time."""

    def __init__(self) -> None:
        self.begun = 0
        self.again = threading.Event()

    def doing(self, text: str, done: int = 0, total: int = 0) -> None:
        self.begun += text == "landing/orders"
        if self.begun > 1:
            self.again.set()


def pulled(shop: DatabaseShop, progress: Progress) -> dg.ExecuteInProcessResult:
    settings = Settings(home=shop.folder / "home", sources=shop.folder / "sources.yml")
    return dg.materialize(
        landing_assets(dg.RetryPolicy(max_retries=20, delay=1)),
        selection=[ORDERS],
        resources={KEY: daily_run_resource(settings, progress)},
        raise_on_error=False,
    )


def test_a_server_that_is_away_for_a_moment_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, counter = threading.Event(), Counter()
    with PostgreSQLServer() as server, server.database() as database:

        def come_back() -> None:
            counter.again.wait()
            server.start()
            over.wait()  # a server ends with the thread that started it

        monkeypatch.setenv("SHOP_URL", database.url)
        shop = DatabaseShop(tmp_path, database)
        shop.orders("", order(1))
        shop.source(entry("table: orders"))
        server.kill()
        threading.Thread(target=come_back, daemon=True).start()
        result = pulled(shop, counter)
    over.set()
    assert result.success
    (load,) = committed_loads(tmp_path / "home" / "landing")
    assert load.rows == 1


def test_a_table_that_does_not_exist_is_not_asked_for_again(postgresql: DatabaseShop) -> None:
    postgresql.source(entry("table: nowhere"))
    counter = Counter()
    assert not pulled(postgresql, counter).success
    assert counter.begun == 1
