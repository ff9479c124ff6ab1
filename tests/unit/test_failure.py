"""What is told of a run that failed, and how often."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import dagster as dg
import pytest

from orchestration.failure import alert, failure_sensor
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


class Moved(BaseHTTPRequestHandler):
    """Sends everybody on, and answers those who come along without anything to say."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path[1:]))
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_webhook_that_has_moved_has_alerted_nobody(status: int, tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Moved) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{status}"
        problem = alert(Settings(home=tmp_path, alert_webhook=address), "late")
        server.shutdown()
    assert problem
    assert problem.startswith("Nobody was alerted: the address in TIERS_ALERT_WEBHOOK says HTTP")
    assert f"Error {status}" in problem
