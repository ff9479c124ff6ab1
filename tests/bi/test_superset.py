"""Superset itself: imports the dashboard, answers, sees a swap, and writes nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from small_company import SmallCompany

from bench.local import free_ports
from bi.superset.client import Superset, SupersetError
from bi.superset.picture import take
from bi.superset.server import PROGRAM, USER, LocalSuperset
from orchestration.publishing import current_release
from orchestration.publishing.current import point_current

pytestmark = [
    pytest.mark.superset,
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM.exists(), reason="no Superset: `make superset-setup`"),
]


@pytest.fixture(scope="module")
def company(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    return first_run.copy(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def server(
    company: SmallCompany, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalSuperset]:
    (port,) = free_ports(1)
    folder = tmp_path_factory.mktemp("superset")
    with LocalSuperset(folder, port, "of this test only") as running:
        running.show(company.settings.served_database)
        yield running


@pytest.fixture(scope="module")
def superset(server: LocalSuperset) -> Superset:
    return server.client()


def served_customers(company: SmallCompany) -> int:
    with duckdb.connect(company.settings.served_database, read_only=True) as con:
        (customers,) = con.execute("select customers from release_info").fetchone() or (0,)
    return int(customers)


def test_every_chart_answers_with_rows(superset: Superset) -> None:
    charts = superset.charts()
    assert len(charts) == 17
    empty = {name for name, chart in charts.items() if not superset.rows_of(chart)}
    # On its first day a company moves nobody.
    assert empty == {"Moves by scheme 各方案的变动", "Who moved 等级变动"}


def test_charts_say_what_the_file_says(superset: Superset, company: SmallCompany) -> None:
    rows = superset.rows_of(superset.charts()["Pyramid 客户金字塔"])
    with duckdb.connect(company.settings.served_database, read_only=True) as con:
        expected = con.execute(
            "select cast(share as double), cast(net_share as double) from scheme_distribution"
            " where scheme = 'pyramid' and class_code <> 'unclassified' order by position"
        ).fetchall()
    assert [(row["share_of_customers"], row["share_of_revenue"]) for row in rows] == expected


def test_descriptions_and_metrics_arrive(superset: Superset) -> None:
    dataset = superset.datasets()["customer_facts"]
    told = {column["column_name"]: column["description"] for column in dataset["columns"]}
    assert all(" / " in text for text in told.values())
    assert "客户" in told["customer_id"]
    assert {metric["metric_name"] for metric in dataset["metrics"]} == {
        "customers",
        "buyers_365d",
        "revenue",
    }


def test_another_import_replaces_the_first(
    server: LocalSuperset, superset: Superset, company: SmallCompany
) -> None:
    before = superset.charts()
    server.show(company.settings.served_database)
    assert superset.charts() == before


def test_a_swap_shows_without_a_restart(superset: Superset, company: SmallCompany) -> None:
    chart = superset.charts()["Customers 客户数"]
    assert superset.rows_of(chart) == [{"customers": served_customers(company)}]
    releases = company.settings.releases
    release = current_release(releases)
    assert release is not None
    other = shutil.copytree(release.path, releases / "another")
    (other / "customer_tiers.duckdb").chmod(0o644)
    with duckdb.connect(other / "customer_tiers.duckdb") as con:
        con.execute("update release_info set customers = 4711")
    point_current(releases, "another")
    assert superset.rows_of(chart) == [{"customers": 4711}]
    point_current(releases, release.id)
    assert superset.rows_of(chart) == [{"customers": served_customers(company)}]


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("delete from customer_facts", "read-only"),
        ("create table mine as select 1 as x", "read-only"),
        ("select * from read_text('/etc/passwd')", "disabled by configuration"),
        ("copy customer_facts to '/tmp/taken.csv'", "disabled by configuration"),
        ("set enable_external_access = true", "has been locked"),
    ],
)
def test_what_writes_or_reaches_out_is_refused(
    superset: Superset, company: SmallCompany, sql: str, refusal: str
) -> None:
    """By Superset, and where an administrator lets it through, by the connection."""
    before = company.served()
    database = superset.database("Customer tiers")
    with pytest.raises(SupersetError):
        superset.run(database, sql)
    superset.allow_writing(database)
    with pytest.raises(SupersetError, match=refusal):
        superset.run(database, sql)
    assert company.served() == before


def test_the_dashboard_draws(server: LocalSuperset, tmp_path: Path) -> None:
    picture = tmp_path / "superset.png"
    assert take(server.url, USER, server.password, picture) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
