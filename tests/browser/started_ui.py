"""The Dagster UI as a person starts it, and what a person does in it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page

from bench.local import answers, free_ports
from orchestration.instance import prepare_instance
from orchestration.settings import PROJECT, Settings

SCREENSHOTS = Path(__file__).parent / "screenshots"
LOCATION = "locations/customer-tiers"
LOOK = ("dagster-webserver",)
WORK = ("dagster", "dev")
SECONDS_TO_START = 600


@contextmanager
def started_ui(settings: Settings, command: tuple[str, ...]) -> Iterator[str]:
    """The address of the UI over a home: `LOOK` for the pages alone, `WORK` as `make dev` does."""
    (port,) = free_ports(1)
    prepare_instance(settings)
    environment = os.environ | {
        "TIERS_HOME": str(settings.home),
        "TIERS_SOURCES": str(settings.sources),
        "TIERS_POLICY_DIR": str(settings.policy_dir),
        "DAGSTER_HOME": str(settings.dagster_home),
    }
    program = Path(sys.executable).with_name(command[0])
    where = ["--workspace", "workspace.yaml", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [program, *command[1:], *where],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/server_info", server, SECONDS_TO_START)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)
        # What `dagster dev` started and did not end.
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def photograph(page: Page, name: str) -> None:
    """Write a picture for a person to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(1500)  # animations
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def choose_days(page: Page, days: str, launch: str) -> None:
    """In the dialog that `Materialize` opens: choose days, such as [2024-05-25...2024-05-26]."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Show all partitions").click()
    chosen = dialog.get_by_role("textbox").first
    chosen.fill(days)
    chosen.press("Enter")
    dialog.get_by_role("button", name=launch).click()
