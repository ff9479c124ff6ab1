"""The warehouse as Dagster shows and runs it: dbt's models are assets, dbt's tests are checks.

The graph comes from dagster-dbt. dbt itself runs in this process, through `building`: dagster-dbt
would start another one for each command, which takes longer than the whole build.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.building import BuildFailed, Event, build_warehouse
from orchestration.canonical import TABLES
from orchestration.daily_run import KEY, WAREHOUSE, DailyRun
from orchestration.duckdb_sql import quote_name
from orchestration.engines import COMPUTED_ELSEWHERE
from orchestration.inputs import remember_build
from orchestration.quarantine import count_quarantine
from orchestration.ui import asset_tags, described_model, table

# Who answers for what a class means, and who for the rest.
POLICY_OWNERS = ["team:business"]
DATA_OWNERS = ["team:data"]
# What dagster-dbt tells of each model by itself, and no reader of the UI needs.
UNSHOWN = frozenset({"unique_id", "invocation_id", "status", "Execution Duration"})
Produced = Iterator[Any]
# Schema and name.
Relation = tuple[str, str]


class Translator(DagsterDbtTranslator):
    """Names dbt's models after their stage: `[facts, customer_facts]`, in the group `facts`."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """[stage, name]; what the run writes before dbt names its own asset in sources.yml."""
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The stage."""
        return str(dbt_resource_props["schema"])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What it is, what to do when it fails, and what it is made of."""
        return described_model(dbt_resource_props)

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> dict[str, str]:
        """Its stage, whether it is published, and whether it holds personal data."""
        described = (dbt_resource_props, *dbt_resource_props["columns"].values())
        return asset_tags(
            dbt_resource_props["schema"],
            published=dbt_resource_props.get("access") == "public",
            personal=any("personal" in each["config"]["meta"] for each in described),
        )

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Policy belongs to the business, and so does what it does for a class."""
        is_seed = dbt_resource_props["resource_type"] == "seed"
        is_policy = is_seed or "schemes" in dbt_resource_props["config"]["meta"]
        return POLICY_OWNERS if is_policy else DATA_OWNERS


def warehouse_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Every model of the dbt project, built by one step."""
    # All that one step writes before dbt is one asset, and several of dbt's sources.
    one_for_many = DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)
    translator = Translator(one_for_many)

    @dbt_assets(
        manifest=manifest,
        name="warehouse",
        dagster_dbt_translator=translator,
        required_resource_keys={KEY},
    )
    def warehouse(context: dg.AssetExecutionContext) -> Produced:
        run: DailyRun = context.resources.daily_run
        events: list[Event] = []

        def on_event(event: Event) -> None:
            events.append(event)
            _log(context, event)

        counted: Mapping[Relation, Mapping[str, Any]] = {}
        failure: BuildFailed | None = None
        selection = _selection(context, manifest, translator)
        try:
            nodes = build_warehouse(
                run.settings,
                selection=selection,
                progress=run.progress,
                on_event=on_event,
            )
            run.reporter(context)(f"warehouse: {len(nodes)} models and tests, all well")
            if not selection:
                remember_build(run.settings.warehouse)
                run.made.add(WAREHOUSE)
            # Not after a failure: dbt may then have left a connection open that locks this one out.
            counted = _counted(run, _relations(manifest).values())
        except BuildFailed as error:
            failure = error
        yield from _dagster_events(context, counted, manifest, translator, events)
        if failure:
            raise dg.Failure(str(failure), allow_retries=False) from failure

    return warehouse


def _selection(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], translator: Translator
) -> list[str]:
    """dbt's arguments for what was selected in Dagster; none when everything was."""
    arguments, tests = get_subset_selection_for_context(
        context=context,
        manifest=manifest,
        select=None,
        exclude=None,
        selector=None,
        dagster_dbt_translator=translator,
        current_dbt_indirect_selection_env=None,
    )
    return [*arguments, *(["--indirect-selection", tests] if tests else [])]


def _dagster_events(
    context: dg.AssetExecutionContext,
    counted: Mapping[Relation, Mapping[str, Any]],
    manifest: Mapping[str, Any],
    translator: Translator,
    events: list[Event],
) -> Produced:
    """What dbt did, in the order in which it did it, with what was counted of each table."""
    relations = _relations(manifest)
    for event in events:
        message = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
        numbers = counted.get(relations[event["data"]["node_info"]["unique_id"]], {})
        for produced in message.to_default_asset_events(manifest, translator, context):
            if isinstance(produced, dg.Output):
                kept = {key: told for key, told in produced.metadata.items() if key not in UNSHOWN}
                seconds = round(float(event["data"]["execution_time"]), 3)
                yield produced.with_metadata({**numbers, "seconds": seconds, **kept})
            else:
                yield produced


def _counted(run: DailyRun, relations: Iterable[Relation]) -> dict[Relation, dict[str, Any]]:
    """Rows of each table, and of what came from outside how many are in quarantine and why."""
    counted: dict[Relation, dict[str, Any]] = {
        relation: {"dagster/row_count": rows}
        for relation, rows in count_rows(run.settings.warehouse, relations).items()
    }
    if ("staging", "quarantine") not in counted:
        return counted  # a run of selected assets, and nothing was built before it
    quarantined = count_quarantine(run.settings, None)
    for name in TABLES:
        rows = sum(line[-1] for line in quarantined if line[0] == name)
        counted.setdefault(("staging", name), {})["quarantined"] = rows
    lines = [(name, reason, column or "–", rows) for name, reason, column, rows in quarantined]
    reasons = table(("table", "reason", "column", "rows"), lines)
    counted["staging", "quarantine"]["reasons"] = reasons
    return counted


def count_rows(warehouse: Path, relations: Iterable[Relation]) -> dict[Relation, int]:
    """Rows of each (schema, table) of the warehouse; to count those of a view is to run it.

    The files that another engine wrote know how many rows they have.
    """
    with duckdb.connect(warehouse, read_only=True) as con:
        tables = set(
            con.execute(
                "select schema_name, table_name from duckdb_tables() union all"
                " select schema_name, view_name from duckdb_views() where comment = ?",
                [COMPUTED_ELSEWHERE],
            ).fetchall()
        )
        return {
            (schema, table): _count(con, f"{quote_name(schema)}.{quote_name(table)}")
            for schema, table in relations
            if (schema, table) in tables
        }


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = con.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _relations(manifest: Mapping[str, Any]) -> dict[str, Relation]:
    return {
        unique_id: (node["schema"], node["name"]) for unique_id, node in manifest["nodes"].items()
    }


def _log(context: dg.AssetExecutionContext, event: Event) -> None:
    """Models, and tests that did not pass, in the event log at the moment they finish."""
    data = event["data"]
    name, status = data["node_info"]["node_name"], data["status"].lower()
    if status != "pass":
        context.log.info(f"{name}: {status} after {float(data['execution_time']):.1f} s")
