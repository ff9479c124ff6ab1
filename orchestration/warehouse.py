"""The warehouse as Dagster shows and runs it: dbt's models are assets, dbt's tests are checks.

The graph comes from dagster-dbt. dbt itself runs in this process, through `building`: dagster-dbt
would start another one for each command, which takes longer than the whole build.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.building import BuildFailed, Event, Relation, build_warehouse, count_rows
from orchestration.daily_run import KEY, DailyRun
from orchestration.inputs import remember_build

# Who answers for what a class means, and who for the rest.
POLICY_OWNERS = ["team:business"]
DATA_OWNERS = ["team:data"]
Produced = Iterator[Any]


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

        rows: Mapping[Relation, int] = {}
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
            # Not after a failure: dbt may then have left a connection open that locks this one out.
            rows = count_rows(run.settings.warehouse, _relations(manifest).values())
        except BuildFailed as error:
            failure = error
        yield from _dagster_events(context, rows, manifest, translator, events)
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
    rows: Mapping[Relation, int],
    manifest: Mapping[str, Any],
    translator: Translator,
    events: list[Event],
) -> Produced:
    """What dbt did, in the order in which it did it, with the rows of each table if known."""
    relations = _relations(manifest)
    for event in events:
        message = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
        counted = rows.get(relations[event["data"]["node_info"]["unique_id"]])
        for produced in message.to_default_asset_events(manifest, translator, context):
            if isinstance(produced, dg.Output) and counted is not None:
                yield produced.with_metadata({**produced.metadata, "dagster/row_count": counted})
            else:
                yield produced


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
