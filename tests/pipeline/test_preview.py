"""A preview decides what a run under the new policy decides, and changes nothing."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from small_company import SmallCompany

from orchestration.definitions import build_definitions
from orchestration.history import committed_days
from orchestration.instance import open_instance
from orchestration.policy import PolicyError
from orchestration.preview import preview_policy
from orchestration.preview_job import STEP
from orchestration.progress import Silent
from orchestration.publishing import UnknownRelease
from orchestration.settings import DBT_PROJECT, Settings

Classes = list[tuple[object, ...]]


@pytest.fixture
def gentler(tmp_path: Path) -> Path:
    """A policy under which silver begins at 500 instead of 2,000, with one scheme more."""
    folder = tmp_path / "gentler"
    shutil.copytree(DBT_PROJECT / "policy", folder)
    file = folder / "behaviour.yml"
    text = file.read_text("utf-8")
    assert text.count("at_least: 2000}") == 1
    begin = text.index("      - id: membership")
    copy = text[begin:].split("      - id: ")[1].replace("membership", "copied", 1)
    text = text.replace("at_least: 2000}", "at_least: 500}").rstrip("\n")
    file.write_text(f"{text}\n      - id: {copy}", "utf-8")
    return folder


def classes(database: Path, schema: str) -> Classes:
    with duckdb.connect(database, read_only=True) as con:
        return con.execute(
            f"select * from {schema}.customer_classes order by customer_id"
        ).fetchall()


def test_a_preview_equals_the_run_that_follows_and_publishes_nothing(
    company: SmallCompany, gentler: Path
) -> None:
    served, kept = company.served(), committed_days(company.settings.history)
    before = dict(memberships(company.settings.served_database, "main"))
    found = preview_policy(company.settings, gentler, Silent())
    assert (company.served(), committed_days(company.settings.history)) == (served, kept)
    previewed = classes(found.warehouse, "classification")
    expected = dict(memberships(found.warehouse, "classification"))

    company.settings = replace(company.settings, policy_dir=gentler)
    company.run()
    assert classes(company.settings.served_database, "main") == previewed

    movers = {customer for customer in before if before[customer] != expected[customer]}
    (moved,) = [moved for moved in found.moved if moved.scheme == "membership"]
    assert (moved.from_class, moved.to_class) == ("basic", "silver")
    assert moved.customers == len(movers) > 0
    assert {mover.scheme for mover in found.top_movers} == {"membership"}
    assert {mover.customer_id for mover in found.top_movers} <= movers
    assert (found.added, found.removed) == (("copied",), ())
    assert ("copied", "diamond") in found.empty
    assert ("membership", "diamond") not in found.empty, "nobody is in it now"


def memberships(database: Path, schema: str) -> list[tuple[str, str]]:
    with duckdb.connect(database, read_only=True) as con:
        return con.execute(
            f"select customer_id, membership from {schema}.customer_classes"
        ).fetchall()


def test_the_job_of_the_ui_shows_the_same_and_publishes_nothing(
    company: SmallCompany, gentler: Path
) -> None:
    served = company.served()
    definitions = build_definitions(company.settings)
    config = {"ops": {STEP: {"config": {"policy_dir": str(gentler)}}}}
    with open_instance(company.settings) as instance:
        ran = definitions.resolve_job_def("preview").execute_in_process(
            run_config=config, instance=instance
        )
    assert ran.success
    assert company.served() == served
    (shown,) = [event for event in ran.all_node_events if event.is_successful_output]
    moves = shown.step_output_data.metadata["moves"]
    assert isinstance(moves, dg.TableMetadataValue)
    moved = [tuple(record.data.values())[:3] for record in moves.records]
    assert ("membership", "basic", "silver") in moved


def test_a_preview_of_the_policy_in_force_moves_nobody(company: SmallCompany) -> None:
    found = preview_policy(company.settings, company.settings.policy_dir, Silent())
    assert (found.moved, found.top_movers, found.added, found.removed) == ((), (), (), ())


def test_a_policy_that_cannot_be_used_is_refused_before_anything_is_built(
    company: SmallCompany, gentler: Path
) -> None:
    (gentler / "behaviour.yml").write_text("models: []\n", "utf-8")
    with pytest.raises(PolicyError):
        preview_policy(company.settings, gentler, Silent())
    assert not (company.settings.home / "preview").exists()


def test_without_a_release_there_is_nothing_to_compare_with(
    tmp_path: Path, new_home: Callable[[Path], Settings]
) -> None:
    settings = new_home(tmp_path / "home")
    with pytest.raises(UnknownRelease, match="Nothing is published yet"):
        preview_policy(settings, settings.policy_dir, Silent())
