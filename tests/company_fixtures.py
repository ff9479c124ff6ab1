"""The small company after its runs: made once for all tests that read it, or a copy to work on."""

from pathlib import Path

import pytest
from home_fixtures import MadeOnce, MakeSettings
from shell import Shell
from small_company import SmallCompany

from orchestration.settings import Settings


@pytest.fixture(scope="session")
def first_run(made_once: MadeOnce, new_home: MakeSettings) -> SmallCompany:
    """A small company that has run once, for its first day. Only read it, or copy it."""
    folder = made_once(
        "small",
        lambda folder: SmallCompany.found(folder / "exports", new_home(folder / "home")).run(),
    )
    return SmallCompany(folder / "exports", Settings(home=folder / "home"))


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
