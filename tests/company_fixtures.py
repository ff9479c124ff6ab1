"""The small company after its runs: made once for all tests that read it, or a copy to work on."""

import stat
from pathlib import Path

import pytest
from home_fixtures import MadeOnce, MakeSettings
from shell import Shell
from small_company import NEXT_DAY, SmallCompany, orders_of_next_day

from orchestration.settings import Settings


@pytest.fixture(scope="session")
def first_run(made_once: MadeOnce, new_home: MakeSettings) -> SmallCompany:
    """A small company that has run once, for its first day. Only read it, or copy it."""
    return _of(
        made_once(
            "small",
            lambda folder: SmallCompany.found(folder / "exports", new_home(folder / "home")).run(),
        )
    )


@pytest.fixture(scope="session")
def again(first_run: SmallCompany, made_once: MadeOnce) -> SmallCompany:
    """It has run for its first day once more. Only read it.

    A preview and an evaluation were at work beside that run, and whatever stood in the home was
    open to all users of the machine before it.
    """

    def run(folder: Path) -> None:
        company = first_run.copy(folder)
        for job in ("preview", "evaluate"):
            company.begin(job)
        for entry in company.settings.home.iterdir():
            enter = stat.S_IXOTH if entry.is_dir() else 0
            entry.chmod(entry.stat().st_mode | stat.S_IROTH | enter)
        company.run()

    return _of(made_once("again", run))


@pytest.fixture(scope="session")
def second_day(first_run: SmallCompany, made_once: MadeOnce) -> SmallCompany:
    """It has run for the next day, too, with one more export. Only read it, or copy it."""

    def run(folder: Path) -> None:
        company = first_run.copy(folder)
        company.export("next", orders_of_next_day())
        company.run(NEXT_DAY)

    return _of(made_once("second", run))


def _of(folder: Path) -> SmallCompany:
    """The company that was made there."""
    return SmallCompany(folder / "exports", Settings(home=folder / "home"))


@pytest.fixture
def company(first_run: SmallCompany, tmp_path: Path) -> SmallCompany:
    """The same, to do with as a test likes."""
    return first_run.copy(tmp_path)


@pytest.fixture
def shell(company: SmallCompany, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in which `tiers` works on the same."""
    return Shell(company, monkeypatch)
