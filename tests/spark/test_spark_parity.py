"""The same models on Apache Spark: every gate passes, and the tables are the same, row by row."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from both_engines import differing, public_names
from hostile_company import hostile_company
from kept_segments import keep_segments, segment_policy
from oracle.companies import DAYS
from oracle.workshop import Workshop
from small_company import FIRST_DAY, SmallCompany
from spark_cluster import Cluster, running_cluster

from orchestration.building import build_warehouse
from orchestration.engines.spark import at_work
from orchestration.inputs import register_inputs, remember_build
from orchestration.settings import Settings

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(find_spec, ("pyspark", "dbt.adapters.spark"))),
        reason="needs pyspark and dbt-spark: make spark-setup",
    ),
    pytest.mark.skipif(not shutil.which("java"), reason="needs Java: openjdk-17-jre-headless"),
]
# The last of a month, so that the next day has new cuts.
DAY = DAYS[0]
# What is not published, and decides what is.
KEPT = (
    *(f"staging.{name}" for name in ("ledger", "quarantine", "customers", "orders", "attributes")),
    *(f"classification.{name}" for name in ("classes_to_keep", "cuts_in_force", "contradictions")),
)
# What makes the company hostile, and where the last of its builds shows it.
MISCHIEF = {
    "what cannot be read": "from staging.quarantine where reason like 'not_a%'",
    "versions that contradict each other": "from staging.quarantine where reason like 'conflict%'",
    "versions that came late": "from staging.ledger where superseded > 0",
    "rows that came twice": "from staging.ledger where duplicate > 0",
    "rows that wait for a rate": "from staging.ledger where waiting > 0",
    "NULL beside values": "from staging.customers where region is null and city is not null",
    "text beyond ASCII": "from staging.orders where strlen(customer_id) > length(customer_id)",
    "ties": "from facts.customer_facts group by net_amount_365d having count(*) > 1",
    "classes that changed": "from classification.class_changes",
}
MakeSettings = Callable[[Path], Settings]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master and two workers."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def test_a_hostile_company_is_the_same_on_two_workers_on_two_days_and_again(
    cluster: Cluster, tmp_path: Path, new_home: MakeSettings
) -> None:
    duck = Workshop(replace(new_home(tmp_path / "duck"), smallest_group=0))
    spark = replace(duck.settings, home=tmp_path / "spark", engine="spark")
    spark = replace(spark, spark_master=cluster.master)
    for name in ("landing", "history"):
        spark.home.mkdir(exist_ok=True)
        (spark.home / name).symlink_to(duck.settings.home / name)
    first, both = hostile_company(DAY, "Asia/Shanghai")
    exports = tmp_path / "exports"
    exports.mkdir()
    compared = [*public_names(duck.settings), *KEPT]

    duck.pull(first.write(exports))
    for day in (DAY, DAY + timedelta(1), DAY + timedelta(1)):
        for settings in (duck.settings, spark):
            build(settings, duck, day)
        assert list(differing(duck.settings.warehouse, spark.warehouse, compared)) == [], day
        if day == DAY:
            duck.commit(day)
            for source in both.write(exports):
                duck.land(source)

    done = cluster.tasks_by_executor()
    assert [sorted(application) for application in done] == [["0", "1"]] * 3
    with duckdb.connect(duck.settings.warehouse, read_only=True) as warehouse:
        shown = {name: bool(warehouse.sql(f"select 1 {sql}")) for name, sql in MISCHIEF.items()}
    assert shown == dict.fromkeys(MISCHIEF, True)


def build(settings: Settings, workshop: Workshop, day: date) -> None:
    """One day, with the dbt tests left out: of a company that is bad on purpose some must fail."""
    run_id = day.isoformat()
    register_inputs(settings, workshop.source, workshop.policy, as_of=day, run_id=run_id)
    build_warehouse(settings, tests=False)
    if settings.engine == "duckdb":
        remember_build(settings.warehouse)


@pytest.mark.usefixtures("cluster")  # its configuration holds for the whole process
def test_a_run_on_spark_passes_every_gate_and_publishes_the_same(
    first_run: SmallCompany, tmp_path: Path, new_home: MakeSettings
) -> None:
    settings = replace(new_home(tmp_path / "home"), engine="spark", spark_master="local[2]")

    release = SmallCompany(first_run.folder, settings).run().release

    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    assert manifest["engine"] == "spark"
    assert {"pyspark", "dbt-spark"} <= manifest["versions"].keys()
    names = public_names(settings, "main")
    assert list(differing(first_run.settings.served_database, release.database, names)) == []


@pytest.mark.usefixtures("cluster")
def test_what_does_not_fit_its_type_is_an_error_for_dbt_and_not_null(company: SmallCompany) -> None:
    settings = replace(company.settings, engine="spark", spark_master="local[1]")
    with at_work(settings):
        # As dbt opens it.
        adapter = import_module("dbt.adapters.spark.session")
        cursor = adapter.Connection(
            server_side_parameters={"spark.sql.ansi.enabled": "false"}
        ).cursor()
        cursor.execute(
            "select cast(sum(number) as decimal(4, 2)) from values (99.99), (0.01) as t(number)"
        )
        with pytest.raises(Exception, match="NUMERIC_VALUE_OUT_OF_RANGE"):
            cursor.fetchall()


@pytest.mark.usefixtures("cluster")
def test_segments_take_the_same_customers(
    first_run: SmallCompany, tmp_path: Path, new_home: MakeSettings
) -> None:
    duck = replace(new_home(tmp_path / "duck"), policy_dir=segment_policy(tmp_path / "policy"))
    spark = replace(new_home(tmp_path / "spark"), policy_dir=duck.policy_dir, engine="spark")
    releases = []
    for settings in (duck, replace(spark, spark_master="local[2]")):
        keep_segments(settings.history, FIRST_DAY, tmp_path)
        releases.append(SmallCompany(first_run.folder, settings).run().release.database)
    with duckdb.connect(releases[1], read_only=True) as con:
        assert len(con.sql("select distinct segment_code from customer_facts")) > 1
    assert list(differing(releases[0], releases[1], public_names(duck, "main"))) == []
