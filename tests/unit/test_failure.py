"""What is told of a run that failed, and how often."""

from pathlib import Path

import dagster as dg

from orchestration.failure import failure_sensor
from orchestration.settings import Settings


@dg.job
def idle() -> None:
    """Does nothing."""


def test_a_run_that_was_ended_from_outside_is_told_with_the_reason(
    tmp_path: Path, webhook: tuple[str, list[dict[str, str]]]
) -> None:
    url, posted = webhook
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(idle)
        context = dg.build_run_status_sensor_context(
            sensor_name="tell_what_ended_badly",
            dagster_event=instance.report_run_failed(run, "Exceeded maximum runtime."),
            dagster_instance=instance,
            dagster_run=run,
        )
        sensor = failure_sensor(Settings(home=tmp_path, alert_webhook=url), {idle.name})
        sensor(context.for_run_failure())
    (alert,) = posted
    assert alert["text"].startswith("The run ended badly. Exceeded maximum runtime.\n")
    assert (alert["job"], alert["run_id"]) == (idle.name, run.run_id)
