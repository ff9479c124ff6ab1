"""The Dagster UI in a real browser, as a data engineer meets it after the first run.

Screenshots for a person to look at are written to `tests/browser/screenshots/`.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_fixture import NEEDS_BROWSER
from playwright.sync_api import Browser, Page, expect

from orchestration.settings import PROJECT, Settings

SCREENSHOTS = Path(__file__).parent / "screenshots"
STAGES = ["landing", "staging", "facts", "classification", "published"]

pytestmark = NEEDS_BROWSER


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, "the UI ended before it answered"
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"no answer from {url} within {seconds} s")


@pytest.fixture(scope="module")
def ui(example: Settings) -> Iterator[str]:
    """The UI over the home in which the example has been run once."""
    port = free_port()
    environment = os.environ | {
        "TIERS_HOME": str(example.home),
        "DAGSTER_HOME": str(example.dagster_home),
    }
    program = Path(sys.executable).with_name("dagster-webserver")
    server = subprocess.Popen(
        [program, "--workspace", "workspace.yaml", "--host", "127.0.0.1", "--port", str(port)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1600, "height": 1000})
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


def photograph(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(1500)  # animations
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_the_graph_shows_the_five_stages_from_left_to_right(ui: str, page: Page) -> None:
    page.goto(f"{ui}/asset-groups")
    places = []
    for stage in STAGES:
        group = page.get_by_text(re.compile(rf"^{stage}$")).last
        expect(group).to_be_visible()
    photograph(page, "graph")
    canvas = page.locator("svg foreignObject")
    for stage in STAGES:
        box = canvas.filter(has_text=re.compile(rf"^\s*{stage}")).first.bounding_box()
        assert box is not None, stage
        places.append(box["x"])
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("asset", "check"),
    [
        ("landing/orders", "gate_1"),
        ("facts/customer_facts", "gate_2"),
        ("classification/customer_classes", "gate_2"),
        ("published/customer_classes", "gate_3"),
    ],
)
def test_an_audited_table_lists_its_gate(ui: str, page: Page, asset: str, check: str) -> None:
    page.goto(f"{ui}/assets/{asset}?view=checks")
    expect(page.get_by_text(check).first).to_be_visible()
    photograph(page, f"checks_{asset.replace('/', '_')}")


def test_the_daily_schedule_is_on(ui: str, page: Page) -> None:
    page.goto(f"{ui}/locations/customer-tiers/schedules/daily_schedule")
    expect(
        page.get_by_text("Scheduled At 06:00 AM UTC").or_(page.get_by_text("06:00")).first
    ).to_be_visible()
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(1)
    photograph(page, "schedule")


def test_the_run_is_there_with_what_it_counted(ui: str, page: Page) -> None:
    page.goto(f"{ui}/runs")
    expect(page.get_by_text("Success").first).to_be_visible()
    photograph(page, "runs")
    page.goto(f"{ui}/assets/facts/customer_facts?view=events")
    expect(page.get_by_text("2,469").or_(page.get_by_text("2469")).first).to_be_visible()
    photograph(page, "customer_facts")
