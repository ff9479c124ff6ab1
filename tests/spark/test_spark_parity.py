"""The same models on Apache Spark give the same tables, row by row."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from both_engines import differing, public_relations
from oracle.companies import DAYS
from oracle.made_companies import large_company
from oracle.workshop import Workshop
from small_company import SmallCompany
from spark_cluster import Cluster, running_cluster, write_conf

from orchestration.building import build_warehouse
from orchestration.inputs import register_inputs
from orchestration.settings import Settings

MISSING = [name for name in ("pyspark", "dbt.adapters.spark") if find_spec(name) is None]
pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason="needs dbt-spark and pyspark: make spark-setup"),
    pytest.mark.skipif(not shutil.which("java"), reason="needs java: openjdk-17-jre-headless"),
]
DAY = DAYS[0]
WAREHOUSE = (
    *(("staging", name) for name in ("ledger", "quarantine", "customers", "orders")),
    *(("classification", name) for name in ("classes_to_keep", "cuts_in_force", "contradictions")),
)
MakeSettings = Callable[[Path], Settings]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master and two workers; every session of this module is configured for it."""
    folder = tmp_path_factory.mktemp("cluster")
    conf = write_conf(folder / "conf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(conf))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        with running_cluster(folder, conf / "events") as running:
            yield running


def test_a_hostile_company_is_the_same_on_two_workers_day_after_day(
    cluster: Cluster, tmp_path: Path, new_home: MakeSettings
) -> None:
    duck = Workshop(replace(new_home(tmp_path / "duck"), smallest_group=0))
    folder = tmp_path / "exports"
    folder.mkdir()
    duck.pull(large_company(DAY, "Asia/Shanghai").write(folder))
    spark = replace(
        new_home(tmp_path / "spark"), engine="spark", spark_master=cluster.master, smallest_group=0
    )
    for name in ("landing", "history"):
        (spark.home / name).symlink_to(duck.settings.home / name)
    both = (duck.settings, spark)
    compared = [*public_relations(spark), *WAREHOUSE]

    for day in (DAY, DAY + timedelta(1), DAY + timedelta(1)):
        for settings in both:
            build(settings, duck, day)
        found = list(differing(duck.settings.warehouse, spark.warehouse, compared))
        assert found == [], day
        if day == DAY:
            duck.commit(day)

    done = cluster.tasks_by_executor()
    assert {executor: tasks > 0 for executor, tasks in done.items()} == {"0": True, "1": True}


def build(settings: Settings, workshop: Workshop, day: date) -> None:
    """One day, with the dbt tests left out: of a company that is bad on purpose some must fail."""
    register_inputs(settings, workshop.source, workshop.policy, as_of=day, run_id=day.isoformat())
    build_warehouse(settings, tests=False)


def test_a_run_on_spark_passes_every_gate_and_publishes_the_same(
    cluster: Cluster, first_run: SmallCompany, tmp_path: Path, new_home: MakeSettings
) -> None:
    settings = replace(new_home(tmp_path / "home"), engine="spark", spark_master="local[2]")
    release = SmallCompany(first_run.folder, settings).run().release
    told = (release.path / "manifest.json").read_text("utf-8")
    assert '"engine": "spark"' in told
    assert '"pyspark"' in told
    relations = [("main", name) for _, name in public_relations(settings)]
    (published,) = first_run.settings.releases.glob("2*/customer_tiers.duckdb")
    assert list(differing(published, release.database, relations)) == []
