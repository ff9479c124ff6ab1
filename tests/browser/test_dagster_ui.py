"""The Dagster UI in a real browser, as a data engineer meets it after the first run.

Screenshots for a person to look at are written to `tests/browser/screenshots/`.
"""

import re
from collections.abc import Iterator

import pytest
from browser_fixture import NEEDS_BROWSER
from playwright.sync_api import Page, expect
from started_ui import LOCATION, LOOK, photograph, started_ui

from orchestration.settings import Settings

STAGES = ["landing", "staging", "facts", "classification", "published"]

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def ui(example: Settings) -> Iterator[str]:
    """The UI over the home in which the example has been run once."""
    with started_ui(example, LOOK) as url:
        yield url


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
    page.goto(f"{ui}/{LOCATION}/schedules/daily_schedule")
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
