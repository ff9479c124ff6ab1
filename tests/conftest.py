"""Homes in which a run has been made: of the bundled example, once per session, and small ones."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from shell import Shell
from small_company import SmallCompany

from orchestration.manifest import prepare_manifest
from orchestration.policy import enabled_themes
from orchestration.progress import Silent
from orchestration.running import run_day
from orchestration.settings import DBT_PROJECT, PROJECT, Settings

settings.register_profile("thorough")  # see tests/fuzz/budget.py

pytest_plugins = (
    "browser_fixture",
    "database_fixtures",
    "crm_fixtures",
    "webhook_fixture",
    "s3_fixture",
)

MakeSettings = Callable[[Path], Settings]
SYNTHETIC = PROJECT / "orchestration" / "sources" / "synthetic" / "sources.yml"
CORPUS = "tests/corpus/test_corpus_"


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of what needs an environment that `make test` does not install."""
    config.addinivalue_line("markers", "superset: runs Superset, from `make superset-setup`")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the corpus of bad input fared: each of its cases has a name of its own."""
    outcomes: dict[str, set[str]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            _, _, case = report.nodeid.partition("[")
            if report.nodeid.startswith(CORPUS) and case:
                outcomes.setdefault(case, set()).add(outcome)
    if outcomes:
        kept = sum(seen == {"passed"} for seen in outcomes.values())
        terminalreporter.write_line(
            f"corpus of bad input: {len(outcomes)} cases, {kept} as promised, "
            f"{len(outcomes) - kept} not"
        )


@pytest.fixture(scope="session")
def prepared_dbt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dbt project, parsed once for all homes."""
    return prepare_manifest(Settings(home=tmp_path_factory.mktemp("prepared")))


@pytest.fixture(scope="session")
def new_home(prepared_dbt: Path) -> MakeSettings:
    """Makes the settings of an empty home whose dbt project is parsed already."""

    def make(home: Path) -> Settings:
        settings = Settings(home=home)
        shutil.copytree(prepared_dbt, settings.dbt_home / prepared_dbt.name)
        return settings

    return make


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> Settings:
    """A home in which the bundled example was run for its own day, 2017-12-31. Only read it."""
    settings = new_home(tmp_path_factory.mktemp("example") / "home")
    run_day(settings, None, Silent())
    return settings


@pytest.fixture(scope="session")
def example_in_september(
    example: Settings, tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings
) -> Settings:
    """Another home with the same landing, run once for 2017-09-30, without any history."""
    settings = new_home(tmp_path_factory.mktemp("september") / "home")
    shutil.copytree(example.landing, settings.landing, copy_function=os.link)
    run_day(settings, date(2017, 9, 30), Silent())
    return settings


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which the synthetic company was run with every theme and pack. Only read it."""
    folder = tmp_path_factory.mktemp("synthetic")
    policy = shutil.copytree(DBT_PROJECT / "policy", folder / "policy")
    packs = sorted(path.stem for path in policy.glob("industry_*.yml"))
    (policy / "themes.txt").write_text("\n".join([*enabled_themes(policy), *packs]), "utf-8")
    settings = Settings(home=folder / "home", sources=SYNTHETIC, policy_dir=policy)
    run_day(settings, None, Silent())
    return settings


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, new_home: MakeSettings) -> SmallCompany:
    """A small company that has run once, for its first day. Only read it, or copy it."""
    folder = tmp_path_factory.mktemp("small")
    company = SmallCompany.found(folder / "exports", new_home(folder / "home"))
    company.run()
    return company


@pytest.fixture
def company(first_run: SmallCompany, tmp_path: Path) -> SmallCompany:
    """The same, to do with as a test likes."""
    return first_run.copy(tmp_path)


@pytest.fixture
def shell(
    company: SmallCompany, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A shell in which `tiers` works on the same."""
    return Shell(company, monkeypatch, capsys)
