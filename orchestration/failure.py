"""When a run fails: say what failed and what to do, in the log, and to a webhook if one is set."""

import http.client
import json
import urllib.request
from collections.abc import Collection, Sequence

import dagster as dg

from orchestration.settings import Settings

WEBHOOK_SECONDS = 10
LOOK = (
    "Readers have a whole release. Look at the run in the Dagster UI, correct what it names, and "
    "run it again: a day by `tiers run`, an evaluation by `tiers evaluate`."
)


class _Unmoved(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is posted would arrive elsewhere as a question without content."""

    def redirect_request(self, *_: object) -> None:
        """Nowhere; the answer then counts as an error."""


def failure_hook(settings: Settings) -> dg.HookDefinition:
    """Runs in the run's own process as soon as one of its steps has failed."""

    @dg.failure_hook(name="tell_what_failed")
    def tell_what_failed(context: dg.HookContext) -> None:
        error = context.op_exception
        what = getattr(error, "description", None) or str(error)
        text = f"{context.step_key} failed. {what}\n{LOOK}"
        context.log.error(text)
        if problem := alert(settings, text, job=context.job_name, run_id=context.run_id):
            context.log.error(problem)

    return tell_what_failed


def failure_sensor(settings: Settings, told_otherwise: Collection[str]) -> dg.SensorDefinition:
    """For a run that no hook tells of: it was killed, took too long, or is of selected assets.

    `told_otherwise` are the jobs whose failed steps a hook tells, or whoever launched them sees.
    """

    @dg.run_failure_sensor(
        name="tell_what_ended_badly",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "Alerts about runs that could not begin, were killed or ran out of time, and about "
            "failed runs of selected assets."
        ),
    )
    def tell_what_ended_badly(context: dg.RunFailureSensorContext) -> None:
        run = context.dagster_run
        failed = context.get_step_failure_events()
        if failed and run.job_name in told_otherwise:
            return
        text = f"{_what_failed(failed) or _root_cause(context.failure_event)}\n{LOOK}"
        context.log.error(text)
        if problem := alert(settings, text, job=run.job_name, run_id=run.run_id):
            context.log.error(problem)

    return tell_what_ended_badly


def alert(settings: Settings, text: str, **run: str) -> str | None:
    """Post `home`, `text`, and of a run `job` and `run_id`, to `TIERS_ALERT_WEBHOOK`, if it is set.

    A webhook that is away must not hide the failure itself: returns what went wrong, else None.
    """
    if not settings.alert_webhook:
        return None
    content = {**run, "home": str(settings.home), "text": text}
    request = urllib.request.Request(
        settings.alert_webhook,
        data=json.dumps(content, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with urllib.request.build_opener(_Unmoved).open(request, timeout=WEBHOOK_SECONDS):
            return None
    except (OSError, http.client.HTTPException) as error:
        # Its address may hold a token.
        return f"Nobody was alerted: the address in TIERS_ALERT_WEBHOOK says {error}."


def _what_failed(events: Sequence[dg.DagsterEvent]) -> str:
    """The failed steps of a run that had no hook, such as one of selected assets."""
    return "\n".join(
        f"{event.step_key} failed. {stated.description}"
        if (stated := event.step_failure_data.user_failure_data) and stated.description
        else f"{event.step_key} failed. {event.message}"
        for event in events
    )


def _root_cause(event: dg.DagsterEvent) -> str:
    # Who ends a run from outside leaves a message and no error.
    data = event.job_failure_data
    error = data and data.error
    while error and error.cause:
        error = error.cause
    reason = error.message.strip() if error else event.message or ""
    return f"The run ended badly. {reason}"
