"""A working day in the Dagster UI, by clicks: days run, a gate refuses, a policy is tried.

One home goes through all of it: each run takes its time.
"""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from browser_fixture import NEEDS_BROWSER
from home_fixtures import MakeSettings
from playwright.sync_api import Page, expect
from small_company import FIRST_DAY, SmallCompany, orders_of
from started_ui import LOCATION, WORK, choose_days, photograph, started_ui

from orchestration.history import committed_days
from orchestration.publishing import list_releases
from orchestration.settings import DBT_PROJECT

SECOND, THIRD = FIRST_DAY + timedelta(1), FIRST_DAY + timedelta(2)
PATIENCE = 1200
pytestmark = [*NEEDS_BROWSER, pytest.mark.slow]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> SmallCompany:
    """A company of which nothing was run yet."""
    folder = tmp_path_factory.mktemp("worked")
    return SmallCompany.found(folder / "exports", new_home(folder / "home"))


@pytest.fixture(scope="module")
def ui(fresh: SmallCompany) -> Iterator[str]:
    with started_ui(fresh.settings, WORK) as url:
        yield url


def ended(company: SmallCompany, runs: int) -> list[dg.DagsterRun]:
    """The latest runs, once there are so many and all are over; the UI waits as a person does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = company.runs()
        if len(found) == runs and all(run.is_finished for run in found):
            return found
        time.sleep(1)
    raise AssertionError(f"{[(run.job_name, run.status) for run in found]} after {PATIENCE} s")


def test_days_are_run_from_a_fresh_home_by_clicks(ui: str, page: Page, fresh: SmallCompany) -> None:
    page.goto(f"{ui}/{LOCATION}/jobs/daily/partitions")
    page.get_by_text("Materialize…").click()
    choose_days(page, f"[{FIRST_DAY}...{SECOND}]", "Launch backfill")
    runs = ended(fresh, 2)
    assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
    assert [commit.as_of for commit in committed_days(fresh.settings.history)] == [
        FIRST_DAY,
        SECOND,
    ]
    page.goto(f"{ui}/runs/{runs[0].run_id}")
    expect(page.get_by_text("Success", exact=True).first).to_be_visible()
    photograph(page, "good_run")


def test_an_asset_leads_to_the_report_of_its_release(
    ui: str, page: Page, fresh: SmallCompany
) -> None:
    release = list_releases(fresh.settings.releases)[-1]
    page.goto(f"{ui}/assets/published/customer_classes")
    expect(page.get_by_text("If it fails:").first).to_be_visible()
    path = page.get_by_text(str(release.page))
    expect(path.first).to_be_visible()
    photograph(page, "published_customer_classes")
    page.goto(f"file://{path.first.inner_text()}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("May 26, 2024")


def test_a_gate_that_refuses_is_seen_and_readers_keep_what_they_have(
    ui: str, page: Page, fresh: SmallCompany
) -> None:
    before = fresh.served()
    orders = orders_of(THIRD, range(1, 31))
    fresh.export("bad", [*orders, *((*row[:3], "1.00") for row in orders)])
    page.goto(f"{ui}/asset-groups")
    page.get_by_role("button", name="Materialize all").click()
    choose_days(page, f"[{THIRD}...{THIRD}]", "Launch 1 run")
    run = ended(fresh, 3)[0]
    assert run.status is dg.DagsterRunStatus.FAILURE
    assert fresh.served() == before

    page.goto(f"{ui}/runs/{run.run_id}")
    expect(page.get_by_text("Failure", exact=True).first).to_be_visible()
    expect(page.get_by_text("Errored (1)")).to_be_visible()
    photograph(page, "refused_run")
    page.goto(f"{ui}/assets/staging/ledger?view=checks&checkDetail=gate_2")
    expect(page.get_by_text("conflicting_versions").first).to_be_visible()
    expect(page.get_by_text("This is a blocking asset check.")).to_be_visible()
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    photograph(page, "refused_check")
    page.goto(f"{ui}/assets/published/customer_classes")
    expect(page.get_by_text(str(SECOND)).first).to_be_visible()
    photograph(page, "published_after_a_refusal")


def test_a_policy_is_tried_in_the_launchpad(
    ui: str, page: Page, fresh: SmallCompany, tmp_path: Path
) -> None:
    gentler = tmp_path / "policy"
    shutil.copytree(DBT_PROJECT / "policy", gentler)
    file = gentler / "behaviour.yml"
    file.write_text(file.read_text("utf-8").replace("at_least: 2000}", "at_least: 500}"), "utf-8")
    page.goto(f"{ui}/{LOCATION}/jobs/preview/playground")
    editor = page.locator(".CodeMirror").first
    expect(editor).to_contain_text(str(fresh.settings.policy_dir))
    photograph(page, "launchpad")
    editor.click()
    page.keyboard.press("Control+A")
    config = f"ops: {{classify_by_policy: {{config: {{policy_dir: {gentler}}}}}}}"
    page.keyboard.insert_text(config)
    page.get_by_role("button", name="Launch Run").click()
    before = fresh.served()
    run = ended(fresh, 4)[0]
    assert (run.job_name, run.status) == ("preview", dg.DagsterRunStatus.SUCCESS)
    assert fresh.served() == before
    page.goto(f"{ui}/runs/{run.run_id}?logs=type%3ASTEP_OUTPUT")
    expect(page.get_by_text("membership").first).to_be_visible()
    photograph(page, "previewed")
