"""A preview decides what a run under the new policy decides, and changes nothing.

That policy has a block of YAML more: it is a scheme, and shows wherever schemes show.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from home_fixtures import MakeSettings
from paced_policy import write_paced_policy
from small_company import SmallCompany

from orchestration.definitions import build_definitions
from orchestration.history import committed_days
from orchestration.instance import open_instance
from orchestration.policy import PolicyError
from orchestration.preview import Preview, preview_policy
from orchestration.preview_job import STEP
from orchestration.progress import Progress, Silent
from orchestration.publishing import UnknownRelease
from orchestration.settings import Settings

Classes = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def gentler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy under which silver begins at 500 instead of 2,000, with two schemes more."""
    folder = write_paced_policy(tmp_path_factory.mktemp("gentler") / "policy")
    file = folder / "behaviour.yml"
    text = file.read_text("utf-8")
    assert text.count("at_least: 2000}") == 1
    begin = text.index("      - id: membership")
    copy = text[begin:].split("      - id: ")[1].replace("membership", "copied", 1)
    text = text.replace("at_least: 2000}", "at_least: 500}").rstrip("\n")
    file.write_text(f"{text}\n      - id: {copy}", "utf-8")
    return folder


@pytest.fixture(scope="module")
def previewed(
    first_run: SmallCompany, gentler: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SmallCompany, Preview]:
    """A company that has tried this policy, and what it found."""
    company = first_run.copy(tmp_path_factory.mktemp("previewed"))
    return company, preview_policy(company.settings, gentler, Silent())


@pytest.fixture(scope="module")
def ran(
    first_run: SmallCompany, gentler: Path, tmp_path_factory: pytest.TempPathFactory
) -> SmallCompany:
    """The same company, after a run of the same day under this policy."""
    company = first_run.copy(tmp_path_factory.mktemp("ran"))
    company.settings = replace(company.settings, policy_dir=gentler)
    company.run()
    return company


def classes(database: Path, schema: str) -> Classes:
    with duckdb.connect(database, read_only=True) as con:
        return con.execute(
            f"select * from {schema}.customer_classes order by customer_id"
        ).fetchall()


def memberships(database: Path, schema: str) -> dict[str, str]:
    with duckdb.connect(database, read_only=True) as con:
        found = con.execute(f"select customer_id, membership from {schema}.customer_classes")
        return dict(found.fetchall())


def test_a_preview_equals_the_run_that_follows_and_publishes_nothing(
    first_run: SmallCompany, previewed: tuple[SmallCompany, Preview], ran: SmallCompany
) -> None:
    company, found = previewed
    assert company.served() == first_run.served()
    assert days(company) == days(first_run)
    assert classes(ran.settings.served_database, "main") == classes(
        found.warehouse, "classification"
    )

    before = memberships(company.settings.served_database, "main")
    expected = memberships(found.warehouse, "classification")
    movers = {customer for customer in before if before[customer] != expected[customer]}
    (moved,) = [moved for moved in found.moved if moved.scheme == "membership"]
    assert (moved.from_class, moved.to_class) == ("basic", "silver")
    assert moved.customers == len(movers) > 0
    assert {mover.scheme for mover in found.top_movers} == {"membership"}
    assert {mover.customer_id for mover in found.top_movers} <= movers
    assert (found.added, found.removed) == (("copied", "pace"), ())
    assert ("copied", "diamond") in found.empty
    assert ("membership", "diamond") not in found.empty, "nobody is in it now"


def days(company: SmallCompany) -> Sequence[tuple[object, ...]]:
    """What history holds: of each day, the run that decided it."""
    return [(day.as_of, day.run_id) for day in committed_days(company.settings.history)]


def test_a_block_of_yaml_is_a_scheme_everywhere(ran: SmallCompany) -> None:
    with duckdb.connect(ran.settings.served_database, read_only=True) as con:

        def ask(query: str) -> list[tuple[object, ...]]:
            return con.execute(query).fetchall()

        assert ask("select distinct pace from customer_classes order by 1") == [
            ("fast",),
            ("slow",),
        ]
        assert ask("select class_zh from scheme_catalogue where scheme = 'pace' order by position")
        assert ask("select band from scheme_cuts where scheme = 'pace'") == [("top 30%",)]
        assert ask("select dimension from cut_drift where scheme = 'pace'") == [
            ("order_count_90d",)
        ]
        counted = "select sum(customers) from scheme_distribution where scheme = 'pace'"
        assert ask(counted) == ask("select count(*) from customer_facts where order_count > 0")
        assert ask("select count(pace) from class_history") != [(0,)]
        reasons = "select count(*), count(reason_en), count(reason_zh) from customer_class_reasons"
        explained = ask(f"{reasons} where scheme = 'pace'")
        assert explained == ask(
            "select count(pace), count(pace), count(pace) from customer_classes"
        )
    with open_instance(ran.settings) as instance:
        history = dg.AssetKey(["classification", "history"])
        event = instance.get_latest_materialization_event(history)
        assert event
        assert event.asset_materialization
        shown = event.asset_materialization.metadata["schemes"]
        assert isinstance(shown, dg.TableMetadataValue)
        assert "pace" in {record.data["scheme"] for record in shown.records}


def test_the_job_of_the_ui_shows_what_a_preview_found(
    company: SmallCompany,
    previewed: tuple[SmallCompany, Preview],
    gentler: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def preview(settings: Settings, policy_dir: Path, progress: Progress) -> Preview:
        asked.append((settings, policy_dir))
        return previewed[1]

    monkeypatch.setattr("orchestration.preview_job.preview_policy", preview)
    definitions = build_definitions(company.settings)
    config = {"ops": {STEP: {"config": {"policy_dir": str(gentler)}}}}
    with open_instance(company.settings) as instance:
        result = definitions.resolve_job_def("preview").execute_in_process(
            run_config=config, instance=instance
        )
    assert result.success
    assert asked == [(company.settings, gentler)]
    (shown,) = [event for event in result.all_node_events if event.is_successful_output]
    moves = shown.step_output_data.metadata["moves"]
    assert isinstance(moves, dg.TableMetadataValue)
    moved = [tuple(record.data.values()) for record in moves.records]
    assert ("membership", "basic", "silver") in [cells[:3] for cells in moved]
    told = str(shown.step_output_data.metadata)
    customers = memberships(company.settings.served_database, "main")
    assert not [who for who in customers if f"'{who}'" in told]


def test_a_policy_that_cannot_be_used_is_refused_before_anything_is_built(
    company: SmallCompany, gentler: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(gentler, tmp_path / "broken")
    (broken / "behaviour.yml").write_text("models: []\n", "utf-8")
    with pytest.raises(PolicyError):
        preview_policy(company.settings, broken, Silent())
    assert not (company.settings.home / "preview").exists()


def test_without_a_release_there_is_nothing_to_compare_with(
    tmp_path: Path, new_home: MakeSettings
) -> None:
    settings = new_home(tmp_path / "home")
    with pytest.raises(UnknownRelease, match="Nothing is published yet"):
        preview_policy(settings, settings.policy_dir, Silent())
