"""What Superset imports: described as the release is, and asking for what is there."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from small_company import SmallCompany

from bi.superset.bundle import bundle, read
from orchestration.manifest import read_manifest
from orchestration.public_tables import public_tables

DASHBOARD = read("dashboard.yml")
DATASETS: Mapping[str, Mapping[str, Any]] = read("datasets.yml")
CHARTS = [chart for row in DASHBOARD["rows"] for chart in row["charts"]]
SCRATCH = Path("/var/tmp/superset")


@pytest.fixture(scope="module")
def files(first_run: SmallCompany) -> dict[str, Any]:
    """The content of the zip, by the name of each file."""
    packed = bundle(first_run.settings.served_database, SCRATCH, "Dashboard")
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {
            name.removeprefix("customer-tiers/"): yaml.safe_load(opened.read(name))
            for name in opened.namelist()
        }


@pytest.fixture(scope="module")
def con(first_run: SmallCompany) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(first_run.settings.served_database, read_only=True) as opened:
        yield opened


@pytest.mark.parametrize("name", [name for name in DATASETS if "describes" in DATASETS[name]])
def test_a_dataset_is_described_as_dbt_describes_its_table(
    files: dict[str, Any], first_run: SmallCompany, name: str
) -> None:
    dataset = files[f"datasets/customer_tiers/{name}.yaml"]
    tables = {table.name: table for table in public_tables(read_manifest(first_run.settings))}
    table = tables[DATASETS[name]["describes"]]
    assert dataset["description"] == table.description
    told = {column["column_name"]: column["description"] for column in dataset["columns"]}
    assert table.columns
    assert {column: told[column] for column in table.columns} == table.columns


@pytest.mark.parametrize("name", DATASETS)
def test_every_column_and_metric_is_told_in_both_languages(
    files: dict[str, Any], name: str
) -> None:
    dataset = files[f"datasets/customer_tiers/{name}.yaml"]
    for part in (*dataset["columns"], *dataset["metrics"]):
        english, _, chinese = part["description"].partition(" / ")
        assert english and chinese, part


@pytest.mark.parametrize("told", CHARTS, ids=lambda told: told["name"])
def test_a_chart_asks_for_what_the_release_has(
    con: duckdb.DuckDBPyConnection, told: Mapping[str, Any]
) -> None:
    asked = DATASETS[told["dataset"]]
    metrics = [
        asked["metrics"][name]["sql"]
        for name in (*told["metrics"], *([told["by"]] if "by" in told else []))
    ]
    query = f"""
        select {", ".join([*told.get("columns", []), *metrics])}
        from ({asked.get("sql") or f"from {told['dataset']}"})
        where {told.get("where", "true")}
          and {f"scheme = '{told['scheme']}'" if "scheme" in told else "true"}
        group by all
    """
    rows = con.execute(query).fetchall()
    # On its first day a company moves nobody.
    assert rows or told["dataset"] == "class_changes"


def test_charts_fill_their_rows_and_have_names_of_their_own() -> None:
    assert [sum(chart["width"] for chart in row["charts"]) for row in DASHBOARD["rows"]] == [
        12 for _ in DASHBOARD["rows"]
    ]
    assert len({chart["name"] for chart in CHARTS}) == len(CHARTS)


def test_the_connection_reads_one_file_and_writes_none(
    files: dict[str, Any], first_run: SmallCompany
) -> None:
    connection = files["databases/customer_tiers.yaml"]
    assert connection["sqlalchemy_uri"] == f"duckdb:///{first_run.settings.served_database}"
    assert connection["allow_dml"] is False
    arguments = connection["extra"]["engine_params"]["connect_args"]
    assert arguments == {
        "read_only": True,
        "config": {
            "enable_external_access": "false",
            "temp_directory": str(SCRATCH),
            "lock_configuration": "true",
        },
    }


def test_an_import_replaces_the_one_before(files: dict[str, Any], first_run: SmallCompany) -> None:
    database = first_run.settings.served_database
    assert bundle(database, SCRATCH, "assets") == bundle(database, SCRATCH, "assets")
    dashboard = files["dashboards/customer_tiers.yaml"]
    placed = {
        place["meta"]["uuid"]
        for place in dashboard["position"].values()
        if isinstance(place, dict) and place["type"] == "CHART"
    }
    charts = {name: told for name, told in files.items() if name.startswith("charts/")}
    assert placed == {told["uuid"] for told in charts.values()}
    assert all(json.loads(told["query_context"])["queries"] for told in charts.values())
