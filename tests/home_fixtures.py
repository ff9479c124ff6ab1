"""Homes: empty ones, and those in which a run has been made once for all tests that read them."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.manifest import prepare_manifest
from orchestration.policy import enabled_themes
from orchestration.progress import Silent
from orchestration.running import run_day
from orchestration.settings import DBT_PROJECT, PROJECT, Settings

MakeSettings = Callable[[Path], Settings]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]
SYNTHETIC = PROJECT / "orchestration" / "sources" / "synthetic" / "sources.yml"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """A folder of this name, made by the first process of this test run that asks for it."""
    own = tmp_path_factory.getbasetemp()
    # The processes of xdist have a folder each, in one of all.
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def folder_of(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = shared / f"once-{name}", shared / f"once-{name}.made"
        with (shared / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def prepared_dbt(made_once: MadeOnce) -> Path:
    """The dbt project, parsed once for all homes."""
    prepared = made_once("prepared", lambda folder: prepare_manifest(Settings(home=folder)))
    return prepare_manifest(Settings(home=prepared))


@pytest.fixture(scope="session")
def new_home(prepared_dbt: Path) -> MakeSettings:
    """Makes the settings of an empty home whose dbt project is parsed already."""

    def make(home: Path) -> Settings:
        settings = Settings(home=home)
        shutil.copytree(prepared_dbt, settings.dbt_home / prepared_dbt.name)
        return settings

    return make


@pytest.fixture(scope="session")
def example(made_once: MadeOnce, new_home: MakeSettings) -> Settings:
    """A home in which the bundled example was run for its own day, 2017-12-31. Only read it."""
    folder = made_once("example", lambda folder: run_day(new_home(folder / "home"), None, Silent()))
    return Settings(home=folder / "home")


@pytest.fixture(scope="session")
def synthetic(made_once: MadeOnce) -> Settings:
    """A home in which the synthetic company was run with every theme and pack. Only read it."""

    def settings(folder: Path) -> Settings:
        return Settings(home=folder / "home", sources=SYNTHETIC, policy_dir=folder / "policy")

    def run(folder: Path) -> None:
        policy = shutil.copytree(DBT_PROJECT / "policy", folder / "policy")
        packs = sorted(path.stem for path in policy.glob("industry_*.yml"))
        (policy / "themes.txt").write_text("\n".join([*enabled_themes(policy), *packs]), "utf-8")
        run_day(settings(folder), None, Silent())

    return settings(made_once("synthetic", run))
