"""A data engineer may build the models by hand, on the warehouse that a run left."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
from small_company import SmallCompany

from orchestration.settings import DBT_PROJECT

TOTALS = "select as_of_date, customers, purchases, net_amount from classification.release_info"


def test_dbt_build_by_hand_builds_the_same_day_again(company: SmallCompany, tmp_path: Path) -> None:
    warehouse = company.settings.warehouse
    with duckdb.connect(warehouse) as connection:
        before = connection.execute(TOTALS).fetchall()
        connection.execute("drop schema classification cascade")

    built = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "build"],
        cwd=DBT_PROJECT,
        env=os.environ
        | {
            "TIERS_HOME": str(company.settings.home),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert built.returncode == 0, built.stdout
    with duckdb.connect(warehouse, read_only=True) as connection:
        assert connection.execute(TOTALS).fetchall() == before
