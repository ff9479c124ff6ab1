"""The daily job on a small company: what a run leaves, and that it can be repeated."""

from datetime import timedelta

import dagster as dg
import duckdb
import pytest
from small_company import CUSTOMERS, FIRST_DAY, NEXT_DAY, SmallCompany

from orchestration.assets.classification import HISTORY
from orchestration.daily_job import JOB
from orchestration.daily_run import KEY
from orchestration.days import DayError
from orchestration.definitions import build_definitions
from orchestration.history import committed_days
from orchestration.instance import close_dead_runs, open_instance
from orchestration.landing import committed_loads
from orchestration.publishing import current_release, list_releases
from orchestration.run_lock import RunLocked, run_lock
from orchestration.running import QUIET


def content(company: SmallCompany) -> dict[str, str]:
    """The content hash of each published table, of the newest release."""
    return dict(list_releases(company.settings.releases)[-1].content)


def test_every_asset_of_a_run_says_how_many_rows_it_has_and_how_long_it_took(
    first_run: SmallCompany,
) -> None:
    definitions = build_definitions(first_run.settings)
    with duckdb.connect(first_run.settings.warehouse, read_only=True) as warehouse:
        views = set(
            warehouse.execute(
                "select schema_name, view_name from duckdb_views() where schema_name <> 'landing'"
            ).fetchall()
        )
    views |= {("published", name) for name in list_releases(first_run.settings.releases)[-1].views}
    with open_instance(first_run.settings) as instance:
        for key in definitions.resolve_asset_graph().materializable_asset_keys:
            event = instance.get_latest_materialization_event(key)
            assert event and event.asset_materialization, key
            found = event.asset_materialization.metadata
            assert "seconds" in found, key
            assert ("dagster/row_count" in found) != (tuple(key.path) in views), key


def test_every_check_of_a_run_has_passed(first_run: SmallCompany) -> None:
    definitions = build_definitions(first_run.settings)
    keys = list(definitions.resolve_asset_graph().asset_check_keys)
    with open_instance(first_run.settings) as instance:
        records = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    failed = {
        key: record for key in keys if (record := records.get(key)) is None or not record.event
    }
    assert not failed
    assert {key.name for key in keys} >= {"gate_1", "gate_2", "gate_3"}
    for key, record in records.items():
        event = record.event
        assert event and event.dagster_event, key
        assert event.dagster_event.asset_check_evaluation_data.passed, key


def test_every_customer_is_classified_and_the_day_is_kept(first_run: SmallCompany) -> None:
    with duckdb.connect(first_run.settings.served_database, read_only=True) as release:
        rows = release.execute("select count(*), min(as_of_date) from customer_classes").fetchone()
    assert rows == (CUSTOMERS, FIRST_DAY)
    assert [commit.as_of for commit in committed_days(first_run.settings.history)] == [FIRST_DAY]


def test_the_same_day_again_publishes_equal_content(
    first_run: SmallCompany, again: SmallCompany
) -> None:
    assert content(again) == content(first_run)
    releases = list_releases(again.settings.releases)
    assert [one.is_current for one in releases] == [False, True]


def test_an_export_of_the_next_day_lands_beside_the_others(second_day: SmallCompany) -> None:
    release = current_release(second_day.settings.releases)
    assert release and release.as_of == NEXT_DAY
    assert len(committed_loads(second_day.settings.landing, "orders")) == 2


def test_an_older_day_is_refused_before_anything_runs(company: SmallCompany) -> None:
    before = len(company.runs())
    with pytest.raises(DayError, match="tiers backfill --from 2024-05-24"):
        company.run(FIRST_DAY - timedelta(1))
    assert len(company.runs()) == before


def test_an_older_day_is_refused_when_the_ui_starts_it_too(company: SmallCompany) -> None:
    result = execute_as_the_ui_does(company, (FIRST_DAY - timedelta(1)).isoformat())
    assert not result.success
    assert "tiers backfill --from 2024-05-24" in str(result.all_events)


def test_a_second_run_is_refused_while_one_is_at_work(company: SmallCompany) -> None:
    with run_lock(company.settings.home, "a test"):
        with pytest.raises(RunLocked, match="a test"):
            company.run()
        result = execute_as_the_ui_does(company, FIRST_DAY.isoformat())
    assert not result.success
    assert "a test" in str(result.all_events)


def test_a_run_whose_process_was_killed_does_not_stay_in_the_way(company: SmallCompany) -> None:
    killed = company.begin(JOB)
    with open_instance(company.settings) as instance:
        assert close_dead_runs(instance, besides=()) == [killed.run_id]
        closed = instance.get_run_by_id(killed.run_id)
        assert closed and closed.status is dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize("job", ["preview", "evaluate"])
def test_what_needs_no_lock_goes_on_beside_a_run(again: SmallCompany, job: str) -> None:
    (beside,) = [run for run in again.runs() if run.job_name == job]
    assert beside.status is dg.DagsterRunStatus.STARTED


@pytest.mark.parametrize("job", [JOB, "preview", "evaluate"])
def test_no_killed_job_stays_in_the_way_of_the_queue_for_good(
    company: SmallCompany, job: str
) -> None:
    definition = build_definitions(company.settings).resolve_job_def(job)
    assert definition.tags["dagster/max_runtime"] == "14400"


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ({"landing"}, "has not made the inputs, and"),
        ({"staging", "facts", "classification"}, "has not made the whole warehouse"),
    ],
    ids=["inputs", "all models but one"],
)
def test_what_was_partly_made_of_other_data_or_policy_is_neither_kept_nor_published(
    company: SmallCompany, left_out: set[str], told: str
) -> None:
    """As by *Re-execute from failure*, when a load or the policy was corrected in between."""
    before = company.served()
    keys = build_definitions(company.settings).resolve_all_asset_keys()
    kept = {HISTORY, dg.AssetKey(["classification", "scheme_versions"])}
    chosen = [key for key in keys if key.path[0] not in left_out or key in kept]
    result = execute_as_the_ui_does(company, FIRST_DAY.isoformat(), asset_selection=chosen)
    assert not result.success
    assert told in str(result.all_events)
    assert company.served() == before


@pytest.mark.parametrize("stage", ["published", "classification"])
def test_what_was_not_audited_in_the_same_run_is_neither_kept_nor_published(
    company: SmallCompany, stage: str
) -> None:
    before = company.served()
    name = "history" if stage == "classification" else "*"
    keys = [
        key
        for key in build_definitions(company.settings).resolve_all_asset_keys()
        if key.path[0] == stage and name in ("*", key.path[-1])
    ]
    result = execute_as_the_ui_does(company, FIRST_DAY.isoformat(), asset_selection=keys)
    assert not result.success
    assert "Run the whole job" in str(result.all_events)
    assert company.served() == before


def execute_as_the_ui_does(
    company: SmallCompany, partition: str, asset_selection: list[dg.AssetKey] | None = None
) -> dg.ExecuteInProcessResult:
    job = build_definitions(company.settings).resolve_job_def(JOB)
    with open_instance(company.settings) as instance:
        return job.execute_in_process(
            instance=instance,
            partition_key=partition,
            run_config=QUIET,
            asset_selection=asset_selection,
            raise_on_error=False,
        )


def test_every_step_holds_the_run_and_only_pulls_are_tried_again(first_run: SmallCompany) -> None:
    job = build_definitions(first_run.settings).resolve_job_def(JOB)
    for node in job.graph.node_defs:
        assert isinstance(node, dg.OpDefinition)
        assert KEY in node.required_resource_keys, node.name
        pulls = node.name.startswith("landing__") and node.name != "landing__run_parameters"
        assert bool(node.retry_policy) is pulls, node.name
