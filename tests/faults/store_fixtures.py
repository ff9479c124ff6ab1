"""Machines that work in one store."""

from pathlib import Path

import pytest
from s3_fixture import Stored
from store_home import at, make_filled, make_stored

from orchestration.settings import Settings
from orchestration.store import working_in


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home beside its sources."""
    return make_filled(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def first(filled: Path, stored: Stored, tmp_path: Path) -> Settings:
    """A machine that has put what it has."""
    return make_stored(filled, tmp_path / "first", stored)


@pytest.fixture
def second(first: Settings, tmp_path: Path) -> Settings:
    """Another, which has brought it."""
    settings = at(tmp_path / "second", first)
    with working_in(settings, "the second"):
        pass
    return settings
