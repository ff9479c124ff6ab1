"""The page that a run publishes: whole, sealed, linked, and silent about whoever is few."""

import hashlib
import json
import re
from pathlib import Path

import dagster as dg
import pytest
from small_company import CUSTOMERS, SmallCompany

from orchestration.instance import open_instance
from orchestration.labels import column_labels
from orchestration.manifest import read_manifest
from orchestration.publishing import Release, list_releases
from orchestration.report import write_report

pytestmark = pytest.mark.slow
ID = re.compile(r"\bc\d\d\b")


def latest(company: SmallCompany) -> Release:
    return list_releases(company.settings.releases)[-1]


def test_the_page_is_a_file_of_the_release_like_the_others(first_run: SmallCompany) -> None:
    release = latest(first_run)
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    content = release.page.read_bytes()
    listed = manifest["files"]["report.html"]
    assert listed == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert release.page.stat().st_mode & 0o777 == 0o444
    ledger = {line["table"]: line["landed"] for line in manifest["quality"]["ledger"]}
    assert ledger["orders"] == 248
    assert manifest["quality"]["quarantine"] == []


def test_the_page_tells_the_day_and_no_customer(first_run: SmallCompany) -> None:
    page = latest(first_run).page.read_text("utf-8")
    assert "May 25, 2024" in page and "2024年5月25日" in page
    assert f"<dd>{CUSTOMERS}</dd>" in page
    assert "248 landed rows are in quarantine" in page
    assert "重要价值" in page
    assert "net amount in 365 days ≥ 30,000" in page and "近365天净消费额排名前 1%" in page
    assert ID.findall(page) == []
    assert ID.findall(page.replace(">few<", ">c07<", 1)) == ["c07"]


def test_the_page_follows_from_what_is_published(first_run: SmallCompany, tmp_path: Path) -> None:
    """Written again from a copy of the database and the manifest, it has the same bytes."""
    release = latest(first_run)
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    copy = tmp_path / "release" / release.database.name
    copy.parent.mkdir()
    copy.write_bytes(release.database.read_bytes())
    labels = column_labels(read_manifest(first_run.settings))
    again = write_report(copy, manifest, {"threads": "1"}, labels)
    assert again.read_bytes() == release.page.read_bytes()


def test_the_same_day_again_has_the_same_page_but_for_the_names_of_the_run(
    first_run: SmallCompany, again: SmallCompany
) -> None:
    first, second = latest(first_run), latest(again)
    renamed = second.page.read_text("utf-8").replace(second.run_id, first.run_id)
    assert renamed.replace(second.id, first.id) == first.page.read_text("utf-8")


def test_the_ui_leads_to_the_page(first_run: SmallCompany) -> None:
    key = dg.AssetKey(["published", "customer_facts"])
    with open_instance(first_run.settings) as instance:
        event = instance.get_latest_materialization_event(key)
    assert event and event.asset_materialization
    told = event.asset_materialization.metadata["report"]
    assert told.value == str(latest(first_run).page)
