"""A gate that refuses: what stays, what is told, and that readers notice nothing."""

from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from home_fixtures import MakeSettings
from small_company import FIRST_DAY, NEXT_DAY, Poisoner, SmallCompany, orders_of

from orchestration.daily_job import JOB
from orchestration.definitions import build_definitions
from orchestration.failure import failure_sensor
from orchestration.history import committed_days
from orchestration.instance import open_instance
from orchestration.landing import committed_loads, rejected_loads
from orchestration.run_lock import run_lock
from orchestration.running import QUIET, RunFailed


def unreadable_amounts() -> list[tuple[str, ...]]:
    return [(*row[:3], "a lot") for row in orders_of(NEXT_DAY, range(1, 31))]


def contradicting_orders() -> list[tuple[str, ...]]:
    """Each order twice with another amount: single bad rows to gate 1, too many to gate 2."""
    orders = orders_of(NEXT_DAY, range(1, 31)) * 4
    return [
        (f"{key}-{number % 60}", customer, moment, f"{number}.00")
        for number, (key, customer, moment, _) in enumerate(orders)
    ]


def failed_checks(company: SmallCompany) -> set[str]:
    """Checks of the latest run that did not pass, such as `landing/orders gate_1`."""
    with open_instance(company.settings) as instance:
        (run,) = instance.get_runs(limit=1)
        events = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [
        event.dagster_event.asset_check_evaluation_data for event in events if event.dagster_event
    ]
    return {
        f"{check.asset_key.to_user_string()} {check.check_name}"
        for check in found
        if not check.passed
    }


def test_gate_1_rejects_the_load_and_keeps_the_rest(company: SmallCompany) -> None:
    before = company.served()
    company.export("bad", unreadable_amounts())
    company.export("good", orders_of(FIRST_DAY, range(1, 4)))
    with pytest.raises(RunFailed, match="amount_is_a_number"):
        company.run(NEXT_DAY)
    assert failed_checks(company) == {"landing/orders gate_1"}
    (rejected,) = rejected_loads(company.settings.landing)
    assert rejected.load.origin == "orders_bad.csv"
    assert committed_loads(company.settings.landing, "orders")[0].origin == "orders_old.csv"
    assert company.served() == before

    (company.folder / "orders_bad.csv").unlink()
    finished = company.run(NEXT_DAY)
    assert finished.release.is_current
    origins = {load.origin for load in committed_loads(company.settings.landing, "orders")}
    assert origins == {"orders_old.csv", "orders_good.csv"}


def test_a_first_run_that_fails_leaves_readers_nothing_and_says_so(
    company: SmallCompany, new_home: MakeSettings, tmp_path: Path
) -> None:
    company.export("bad", unreadable_amounts())
    with pytest.raises(RunFailed, match=f"of {FIRST_DAY} failed; nothing is published yet"):
        SmallCompany(company.folder, new_home(tmp_path / "another")).run()
    with pytest.raises(RunFailed, match=f"of {NEXT_DAY} failed; readers still have the last rel"):
        company.run(NEXT_DAY)


def test_gate_2_keeps_the_day_out_of_history_and_current_as_it_is(company: SmallCompany) -> None:
    before = company.served()
    company.export("bad", contradicting_orders())
    with pytest.raises(RunFailed, match="staging/ledger") as refused:
        company.run(NEXT_DAY)
    told = [line.split() for line in str(refused.value).splitlines()]
    assert ["table", "reason", "column", "rows", "share"] in told
    (reason,) = [line for line in told if line[:2] == ["orders", "conflicting_versions"]]
    assert reason[2:4] == ["order_id", "120"]
    assert failed_checks(company) == {"staging/ledger gate_2"}
    assert [commit.as_of for commit in committed_days(company.settings.history)] == [FIRST_DAY]
    assert company.served() == before


def test_gate_3_refuses_the_release_before_the_swap(company: SmallCompany) -> None:
    before = company.served()
    with pytest.raises(RunFailed, match="gate of published refused"):
        company.run(NEXT_DAY, Poisoner(company.settings, "c07"))
    assert failed_checks(company)
    assert all(check.startswith("published/") for check in failed_checks(company))
    assert company.served() == before

    assert company.run(NEXT_DAY).release.is_current


def test_a_failed_run_says_what_to_do_in_its_log_and_once_to_the_webhook(
    company: SmallCompany, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, posted = webhook
    company.settings = replace(company.settings, alert_webhook=url)
    company.export("bad", unreadable_amounts())
    with pytest.raises(RunFailed):
        company.run(NEXT_DAY)
    with open_instance(company.settings) as instance:
        (run,) = instance.get_runs(limit=1)
        told = [entry.user_message for entry in instance.all_logs(run.run_id)]
    (failure,) = [text for text in told if text.startswith("landing__orders failed.")]
    assert "amount is mapped to the right column" in failure
    assert "tiers run" in failure
    (alert,) = posted
    assert (alert["job"], alert["run_id"]) == ("daily", run.run_id)
    assert "landing__orders failed." in alert["text"]


def test_a_webhook_that_is_away_hides_nothing(company: SmallCompany) -> None:
    company.settings = replace(company.settings, alert_webhook="http://127.0.0.1:9/alerts")
    company.export("bad", unreadable_amounts())
    with pytest.raises(RunFailed, match="amount_is_a_number"):
        company.run(NEXT_DAY)


def test_a_run_that_ended_without_a_failed_step_is_posted_by_the_sensor(
    company: SmallCompany, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, posted = webhook
    company.settings = replace(company.settings, alert_webhook=url)
    definitions = build_definitions(company.settings)
    job = definitions.resolve_job_def(JOB)
    assert job.run_tags["dagster/max_runtime"] == str(240 * 60)
    with open_instance(company.settings) as instance, run_lock(company.settings.home, "a test"):
        result = job.execute_in_process(
            instance=instance,
            partition_key=NEXT_DAY.isoformat(),
            run_config=QUIET,
            raise_on_error=False,
        )
        assert not posted  # no step failed, so no hook ran
        context = dg.build_run_status_sensor_context(
            sensor_name="tell_what_ended_badly",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )
        failure_sensor(company.settings, {JOB})(context.for_run_failure())
    (alert,) = posted
    assert alert["run_id"] == result.run_id
    assert "a test" in alert["text"]


def test_a_failed_run_of_selected_assets_is_posted_by_the_sensor(
    company: SmallCompany, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    """The daily job's hook is not on it: whoever materializes from the graph has no job."""
    url, posted = webhook
    company.settings = replace(company.settings, alert_webhook=url)
    company.export("bad", unreadable_amounts())
    definitions = build_definitions(company.settings)
    job = definitions.resolve_implicit_job_def_def_for_assets([dg.AssetKey(["landing", "orders"])])
    assert job is not None
    with open_instance(company.settings) as instance:
        result = job.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False)
        assert not posted
        context = dg.build_run_status_sensor_context(
            sensor_name="tell_what_ended_badly",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )
        failure_sensor(company.settings, {JOB})(context.for_run_failure())
    (alert,) = posted
    assert "landing__orders failed." in alert["text"]
    assert "amount is mapped to the right column" in alert["text"]
