"""dbt in this process: what a build tells, what a failure says, what Dagster makes of it."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster_dbt import dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from home_fixtures import MakeSettings
from small_company import SmallCompany

from orchestration.building import BuildFailed, Event, Node, build_warehouse
from orchestration.definitions import build_definitions
from orchestration.manifest import ManifestError, prepare_manifest, read_manifest
from orchestration.public_tables import public_tables
from orchestration.publishing import list_releases
from orchestration.running import RunFailed
from orchestration.settings import DBT_PROJECT, PROJECT, Settings
from orchestration.warehouse import Translator, count_rows

MODELS = """
models:
- name: orders
  description: One row per order.
  columns:
  - name: order_id
    data_tests: [not_null, unique]
- name: customers
  description: One row per customer.
"""


class Scratch:
    """A dbt project of two models, with the profile of the real one."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.settings = Settings(home=folder / "home")
        self.settings.home.mkdir()
        (self.project / "models").mkdir(parents=True)
        (self.project / "profiles.yml").write_bytes((DBT_PROJECT / "profiles.yml").read_bytes())
        (self.project / "dbt_project.yml").write_text(
            "name: scratch\nprofile: customer_tiers\n"
            "models: {+materialized: table}\nflags: {send_anonymous_usage_stats: false}\n"
        )
        (self.project / "models" / "models.yml").write_text(MODELS)
        self.write("orders", "select 1 as order_id, 'a' as customer_id")
        self.write("customers", "select distinct customer_id from {{ ref('orders') }}")

    def write(self, model: str, sql: str) -> None:
        (self.project / "models" / f"{model}.sql").write_text(sql)

    def build(self, events: list[Event] | None = None, *, tests: bool = True) -> list[Node]:
        kept = [] if events is None else events
        return build_warehouse(
            self.settings, project=self.project, on_event=kept.append, tests=tests
        )


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path)


def test_a_build_tells_of_every_model_and_test_and_lets_the_file_go(scratch: Scratch) -> None:
    events: list[Event] = []
    nodes = scratch.build(events)
    assert {node.name: node.status for node in nodes} == {
        "main.orders": "success",
        "not_null_orders_order_id": "pass",
        "unique_orders_order_id": "pass",
        "main.customers": "success",
    }
    assert len(events) == len(nodes)
    assert count_rows(scratch.settings.warehouse, [("main", "orders"), ("main", "none")]) == {
        ("main", "orders"): 1
    }
    # Another configuration than dbt's: refused for as long as dbt held the file.
    duckdb.connect(scratch.settings.warehouse, read_only=True).close()


def test_a_build_without_tests_builds_the_models(scratch: Scratch) -> None:
    assert {node.kind for node in scratch.build(tests=False)} == {"model"}


def test_a_failed_test_names_its_rows_its_sql_and_what_was_left_out(scratch: Scratch) -> None:
    scratch.write("orders", "select 1 as order_id, 'a' as customer_id from range(3)")
    with pytest.raises(BuildFailed) as failed:
        scratch.build()
    told = str(failed.value)
    assert "1 of its models and tests failed, and 1 were left out" in told
    assert "test unique_orders_order_id (models/models.yml): 1 rows fail" in told
    found = re.search(r"SQL: (.*)", told)
    assert found and Path(found[1]).is_file()
    assert "`current` is as it was" in told


def test_a_broken_model_is_told_in_the_words_of_the_engine(scratch: Scratch) -> None:
    scratch.write("customers", "select customer_name from {{ ref('orders') }}")
    with pytest.raises(BuildFailed, match=r"model main\.customers.*customer_name"):
        scratch.build()


def test_a_project_that_cannot_be_parsed_says_why(scratch: Scratch) -> None:
    scratch.write("customers", "select 1 as one from {{ ref('nobody') }}")
    with pytest.raises(ManifestError, match="nobody"):
        scratch.build()


def test_the_project_is_parsed_again_when_one_of_its_files_changed(scratch: Scratch) -> None:
    def prepare() -> Path:
        return prepare_manifest(scratch.settings, scratch.project)

    first = prepare()
    written = (first / "manifest.json").stat().st_mtime_ns
    assert prepare() == first
    assert (first / "manifest.json").stat().st_mtime_ns == written
    scratch.write("orders", "select 2 as order_id, 'a' as customer_id")
    assert prepare() != first


def test_a_connection_that_a_failure_left_open_does_not_hide_its_cause(
    tmp_path: Path, new_home: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(new_home(tmp_path / "home"), memory_limit="4MB")
    company = SmallCompany.found(tmp_path / "exports", settings)
    left_open = []

    def leave_open(settings: Settings, **how: Any) -> list[Node]:
        try:
            return build_warehouse(settings, **how)
        finally:
            left_open.append(duckdb.connect(settings.warehouse))

    monkeypatch.setattr("orchestration.warehouse.build_warehouse", leave_open)
    with pytest.raises(RunFailed, match=r"(?s)not enough memory.*TIERS_MEMORY_LIMIT"):
        company.run()
    left_open.pop().close()


def test_a_removed_warehouse_changes_nothing_although_a_limit_builds_one_model_after_another(
    first_run: SmallCompany, company: SmallCompany
) -> None:
    company.settings.warehouse.unlink()
    company.settings = replace(company.settings, memory_limit="1GB")
    assert company.run().release.content == list_releases(first_run.settings.releases)[-1].content
    assert len(dbt_threads(company.settings)) == 1 < len(dbt_threads(first_run.settings))


def dbt_threads(settings: Settings) -> set[str]:
    found = json.loads((settings.dbt_home / "target" / "run_results.json").read_text("utf-8"))
    # Hooks run in the main thread.
    return {each["thread_id"] for each in found["results"]} - {"main"}


def test_events_of_dbt_become_outputs_and_checks(scratch: Scratch) -> None:
    """Holds the one import from inside dagster-dbt to what the warehouse needs of it."""
    events: list[Event] = []
    scratch.build(events)
    manifest_file = prepare_manifest(scratch.settings, scratch.project) / "manifest.json"
    translator = Translator()

    @dbt_assets(manifest=manifest_file, dagster_dbt_translator=translator)
    def models(context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        for event in events:
            message = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
            yield from message.to_default_asset_events(manifest_file, translator, context)

    result = dg.materialize([models])
    assert result.success
    keys = {event.asset_key for event in result.get_asset_materialization_events()}
    assert keys == {dg.AssetKey(["main", "orders"]), dg.AssetKey(["main", "customers"])}
    checks = result.get_asset_check_evaluations()
    assert {(check.check_name, check.passed) for check in checks} == {
        ("not_null_orders_order_id", True),
        ("unique_orders_order_id", True),
    }


def test_two_modules_import_from_inside_dagster() -> None:
    importers = {
        path.name
        for path in (PROJECT / "orchestration").rglob("*.py")
        if re.search(r"from dagster_dbt\.|from dagster\._", path.read_text("utf-8"))
    }
    assert importers == {"instance.py", "warehouse.py"}


def test_what_is_published_has_a_key_and_no_personal_data(prepared_dbt: Path) -> None:
    manifest = read_manifest(Settings(home=prepared_dbt.parents[1]))
    tables = public_tables(manifest)
    assert {"customer_facts", "customer_classes", "release_info"} <= {one.name for one in tables}
    assert all(table.key and table.description for table in tables)
    assert [table.name for table in tables if table.kind == "view"] == ["customer_class_reasons"]
    unhashed = [table.name for table in tables if not table.hashed]
    assert unhashed == ["customer_class_reasons", "release_info"]
    described = [table.description for table in tables]
    described += [told for table in tables for told in table.columns.values()]
    assert "lost_after_days" in tables[0].measures
    described += tables[0].measures.values()
    unsaid = [
        told for told in described if not re.fullmatch(r"(?s)[A-Za-z0-9].+ / .*[一-鿿].*", told)
    ]
    assert unsaid == [], "described in English and in Chinese"
    columns = {column for table in tables for column in table.columns}
    assert not columns & {"name", "email", "phone", "birth_date"}


def test_what_holds_personal_data_is_tagged_so(first_run: SmallCompany) -> None:
    graph = build_definitions(first_run.settings).resolve_asset_graph()
    assets = {key: graph.get(key) for key in graph.materializable_asset_keys}
    tagged = {tuple(key.path) for key, one in assets.items() if one.tags["personal_data"] == "yes"}
    with duckdb.connect(first_run.settings.warehouse, read_only=True) as con:
        found = con.execute(
            "select distinct schema_name, table_name from duckdb_columns()"
            " where column_name in ('email', 'phone', 'birth_date')"
        ).fetchall()
    known = {place for place in found if dg.AssetKey(place) in assets}
    assert tagged == known | {("staging", "shared_contacts")}


def test_a_public_model_with_personal_data_is_refused(prepared_dbt: Path) -> None:
    manifest = read_manifest(Settings(home=prepared_dbt.parents[1]))
    facts = dict(manifest["nodes"]["model.customer_tiers.customer_facts"])
    email = {"name": "email", "description": "Where to write.", "config": {"meta": {}}}
    facts["columns"] = {**facts["columns"], "email": email}
    nodes = {**manifest["nodes"], facts["unique_id"]: facts}
    with pytest.raises(ManifestError, match=r"customer_facts is public .* \(email\)"):
        public_tables({**manifest, "nodes": nodes})


def test_a_public_model_without_a_key_is_refused(prepared_dbt: Path) -> None:
    manifest = read_manifest(Settings(home=prepared_dbt.parents[1]))
    facts = dict(manifest["nodes"]["model.customer_tiers.customer_facts"])
    facts["config"] = {**facts["config"], "meta": {}}
    nodes = {**manifest["nodes"], facts["unique_id"]: facts}
    with pytest.raises(ManifestError, match=r"no config\.meta\.key"):
        public_tables({**manifest, "nodes": nodes})
