"""Real servers, started once when the first test wants one, and a new database for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from database_shop import DatabaseShop
from mirrored_schema import MirroredSchema

from bench.servers import Database, MariaDBServer, PostgreSQLServer, Server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with PostgreSQLServer() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    with MariaDBServer() as server:
        yield server


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the two."""
    found: Server = request.getfixturevalue(f"{request.param}_server")
    return found


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """An empty database on each of the two."""
    with server.database() as made:
        yield made


@pytest.fixture
def shop(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatabaseShop:
    """A source file beside it, to whose entries the database is known as env:SHOP_URL."""
    monkeypatch.setenv("SHOP_URL", database.url)
    return DatabaseShop(tmp_path, database)


@pytest.fixture
def postgresql(
    postgresql_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DatabaseShop]:
    """A shop on PostgreSQL, for what only it has."""
    with postgresql_server.database() as made:
        monkeypatch.setenv("SHOP_URL", made.url)
        yield DatabaseShop(tmp_path, made)


@pytest.fixture
def mariadb(
    mariadb_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DatabaseShop]:
    """A shop on MariaDB, for what only it has."""
    with mariadb_server.database() as made:
        monkeypatch.setenv("SHOP_URL", made.url)
        yield DatabaseShop(tmp_path, made)


@pytest.fixture
def schema(postgresql_server: Server) -> Iterator[MirroredSchema]:
    """Where releases are shown, in a database of its own."""
    with postgresql_server.database() as made:
        yield MirroredSchema.of(made)
