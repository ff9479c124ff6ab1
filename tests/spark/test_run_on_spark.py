"""The same job with the models on Apache Spark: every gate passes, and the same is published."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from kept_segments import keep_segments, segment_policy
from small_company import FIRST_DAY, SmallCompany

from orchestration.manifest import public_tables, read_manifest
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
# Starting costs more than computing: no compiler that pays only later, no code made for each query.
BRIEF = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
"""
# What names the run, and so differs between any two.
OF_THE_RUN = frozenset({"run_id", "started_at"})
MakeSettings = Callable[[Path], Settings]


@pytest.fixture
def brief_spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark as it starts soonest."""
    (tmp_path / "spark-defaults.conf").write_text(BRIEF, "utf-8")
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")


def differing(one: Path, other: Path, names: list[str]) -> Iterator[tuple[str, int, int]]:
    """Each table with rows that only one of two releases has, and how many each has alone."""
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        for name in names:
            described = con.execute(f"describe one.main.{name}").fetchall()
            columns = ", ".join(f'"{row[0]}"' for row in described if row[0] not in OF_THE_RUN)
            left, right = (f"select {columns} from {each}.main.{name}" for each in ("one", "other"))
            alone = [
                int(con.execute(f"select count(*) from ({a} except all {b})").fetchall()[0][0])
                for a, b in ((left, right), (right, left))
            ]
            if any(alone):
                yield name, alone[0], alone[1]


@pytest.mark.usefixtures("brief_spark")
def test_a_run_on_spark_passes_every_gate_and_publishes_the_same(
    first_run: SmallCompany, tmp_path: Path, new_home: MakeSettings
) -> None:
    settings = replace(new_home(tmp_path / "home"), engine="spark", spark_master="local[2]")

    release = SmallCompany(first_run.folder, settings).run().release

    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    assert manifest["engine"] == "spark"
    assert {"pyspark", "dbt-spark"} <= manifest["versions"].keys()
    names = [table.name for table in public_tables(read_manifest(settings))]
    on_duckdb = first_run.settings.served_database
    assert list(differing(on_duckdb, release.database, names)) == []


@pytest.mark.usefixtures("brief_spark")
def test_segments_take_the_same_customers_on_spark(
    first_run: SmallCompany, tmp_path: Path, new_home: MakeSettings
) -> None:
    policy = segment_policy(tmp_path / "policy")
    duckdb_home = replace(new_home(tmp_path / "duckdb"), policy_dir=policy)
    spark_home = replace(
        new_home(tmp_path / "spark"), policy_dir=policy, engine="spark", spark_master="local[2]"
    )
    databases = []
    for settings in (duckdb_home, spark_home):
        keep_segments(settings.history, FIRST_DAY, tmp_path)
        databases.append(SmallCompany(first_run.folder, settings).run().release.database)
    with duckdb.connect(databases[1], read_only=True) as con:
        ((segments,),) = con.execute(
            "select count(distinct segment_code) from customer_facts"
        ).fetchall()
    assert segments > 1
    names = [table.name for table in public_tables(read_manifest(duckdb_home))]
    assert list(differing(databases[0], databases[1], names)) == []
