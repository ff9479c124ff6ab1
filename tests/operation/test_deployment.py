"""What docs/deploy describes, started: records in PostgreSQL, a login before the UI, a run."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError
from deployed import Deployment, password
from gql.transport.requests import RequestsHTTPTransport
from requests.auth import HTTPBasicAuth
from small_company import FIRST_DAY, SmallCompany, orders_of

from bench.servers import Server
from orchestration.settings import PROJECT

NEXT_DAY = FIRST_DAY + timedelta(1)
GUIDE = PROJECT / "docs" / "OPERATIONS.md"
RUN_SECONDS = 300

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("nginx", path="/usr/sbin:/usr/bin") is None and "CI" not in os.environ,
        reason="needs Debian's package nginx-light",
    ),
]


def storage_of_the_guide() -> str:
    """What the guide to operation has added to dagster.yaml for records in PostgreSQL."""
    found = re.search(r"<!-- storage -->\n```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def company(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    """The small company with the orders of one more day, whose Dagster writes to PostgreSQL."""
    made = first_run.copy(tmp_path_factory.mktemp("deployed"))
    made.export("next", orders_of(NEXT_DAY, range(1, 11)))
    with (made.settings.dagster_home / "dagster.yaml").open("a", encoding="utf-8") as file:
        file.write(storage_of_the_guide())
    return made


@pytest.fixture(scope="module")
def records(postgresql_server: Server) -> Iterator[str]:
    """The address of an empty database."""
    with postgresql_server.database() as made:
        yield made.url


@pytest.fixture(scope="module")
def deployment(
    company: SmallCompany, records: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    settings = company.settings
    environment = {
        "TIERS_HOME": str(settings.home),
        "DAGSTER_HOME": str(settings.dagster_home),
        "TIERS_SOURCES": str(settings.sources),
        "DAGSTER_DATABASE_URL": records.replace("+psycopg:", "+psycopg2:"),
    }
    with Deployment(tmp_path_factory.mktemp("etc"), environment).started() as made:
        yield made


def client(deployment: Deployment, prefix: str, login: str) -> DagsterGraphQLClient:
    transport = RequestsHTTPTransport(
        f"{deployment.url}{prefix}/graphql",
        auth=HTTPBasicAuth(login, password(login)),
        verify=str(deployment.certificate),
    )
    return DagsterGraphQLClient("localhost", transport=transport)


def start(asked: DagsterGraphQLClient) -> str:
    """Ask for a run of the next day; its id."""
    return asked.submit_job_execution("daily", tags={"dagster/partition": NEXT_DAY.isoformat()})


def test_nobody_comes_in_without_a_login_nor_with_that_of_others(deployment: Deployment) -> None:
    for path in ("/", "/look", "/graphql", "/look/graphql"):
        assert deployment.status(path, None) == 401, path
    assert deployment.status("/", "viewer") == 401
    assert deployment.status("/look", "engineer") == 401


def test_who_may_only_look_can_start_nothing(deployment: Deployment) -> None:
    with pytest.raises(DagsterGraphQLClientError, match="Unauthorized"):
        start(client(deployment, "/look", "viewer"))


def test_an_engineer_starts_a_run_that_publishes_and_is_recorded_in_postgresql(
    deployment: Deployment, company: SmallCompany, records: str
) -> None:
    engineer = client(deployment, "", "engineer")
    run_id = start(engineer)
    end = time.monotonic() + RUN_SECONDS
    while (status := engineer.get_run_status(run_id)) not in (
        dg.DagsterRunStatus.SUCCESS,
        dg.DagsterRunStatus.FAILURE,
    ):
        assert time.monotonic() < end, status
        time.sleep(1)
    assert status is dg.DagsterRunStatus.SUCCESS
    current = (company.settings.releases / "current").readlink().name
    assert current.startswith(f"{NEXT_DAY}T") and current.endswith(run_id[:8])
    with sa.create_engine(records).connect() as con:
        assert run_id in con.execute(sa.text("select run_id from runs")).scalars().all()
