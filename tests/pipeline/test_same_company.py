"""The same company gives the same facts, and so the same classes, through whatever it is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from home_fixtures import MakeSettings
from same_company import (
    FACTS,
    Built,
    Company,
    build,
    differing,
    read_built,
    staged_company,
    write_files,
)
from told_by_crm import OBJECTS
from told_by_crm import fill as fill_crm
from told_by_database import fill as fill_database
from vendors import KNOWN

from bench.servers import MariaDBServer, PostgreSQLServer, Server
from orchestration.landing import committed_loads
from orchestration.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(synthetic: Settings) -> Company:
    """What the synthetic company's exports came to."""
    return staged_company(synthetic.warehouse)


@pytest.fixture(scope="module")
def by_files(
    told: Company, new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """What is built when all of it comes in files."""
    folder = tmp_path_factory.mktemp("files")
    settings = replace(new_home(folder / "home"), sources=folder / "sources.yml")
    return build(settings, write_files(told, folder, list(told.records)))


def test_files_without_mishaps_tell_what_the_exports_told(
    by_files: Built, synthetic: Settings
) -> None:
    assert by_files[FACTS] ^ read_built(synthetic.warehouse)[FACTS] == set()


@pytest.mark.parametrize("server", [PostgreSQLServer, MariaDBServer])
def test_a_database_tells_what_the_files_told(
    server: Callable[[], Server],
    told: Company,
    by_files: Built,
    new_home: MakeSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = replace(new_home(tmp_path / "home"), sources=tmp_path / "sources.yml")
    with server() as running, running.database() as database:
        monkeypatch.setenv("COMPANY_URL", database.url)
        assert differing(build(settings, fill_database(database, told)), by_files) == {}
        loads = committed_loads(settings.landing)
        assert {load.table for load in loads} == set(told.records)


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_a_crm_tells_what_the_files_told(
    kind: str,
    told: Company,
    by_files: Built,
    new_home: MakeSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What no CRM holds, such as order lines and rates, comes in files all the same."""
    settings = replace(new_home(tmp_path / "home"), sources=tmp_path / "sources.yml")
    others = [table for table in told.records if table not in OBJECTS[kind]]
    with KNOWN[kind].server() as server:
        for name, secret in server.secrets.items():
            monkeypatch.setenv(f"CRM_{name.upper()}", secret)
        tables = fill_crm(server, kind, told) | write_files(told, tmp_path, others)
        assert differing(build(settings, tables), by_files) == {}
