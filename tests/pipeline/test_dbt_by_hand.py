"""A data engineer may build the models by hand, on the warehouse that a run left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
from small_company import SmallCompany

from orchestration.settings import DBT_PROJECT

TOTALS = "select as_of_date, customers, purchases, net_amount from classification.release_info"


def dbt(company: SmallCompany, target: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run dbt as a person would, in the project folder."""
    return subprocess.run(
        [Path(sys.executable).with_name("dbt"), *words],
        cwd=DBT_PROJECT,
        env=os.environ
        | {
            "TIERS_HOME": str(company.settings.home),
            "DBT_TARGET_PATH": str(target / "target"),
            "DBT_LOG_PATH": str(target / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_dbt_build_by_hand_builds_the_same_day_again(company: SmallCompany, tmp_path: Path) -> None:
    warehouse = company.settings.warehouse
    with duckdb.connect(warehouse) as connection:
        before = connection.execute(TOTALS).fetchall()
        connection.execute("drop schema classification cascade")

    built = dbt(company, tmp_path, "build")

    assert built.returncode == 0, built.stdout
    with duckdb.connect(warehouse, read_only=True) as connection:
        assert connection.execute(TOTALS).fetchall() == before


def test_dbt_makes_its_documentation_with_what_reads_the_release(
    first_run: SmallCompany, tmp_path: Path
) -> None:
    made = dbt(first_run, tmp_path, "docs", "generate")
    assert made.returncode == 0, made.stdout
    assert (tmp_path / "target" / "index.html").is_file()
    manifest = json.loads((tmp_path / "target" / "manifest.json").read_text("utf-8"))
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text("utf-8"))
    public = {
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["access"] == "public"
    }
    assert public <= set(catalog["nodes"])
    exposures = {each["name"]: each for each in manifest["exposures"].values()}
    assert set(exposures["published_release"]["depends_on"]["nodes"]) == public
    assert all(each["config"]["meta"]["zh"] for each in exposures.values())
