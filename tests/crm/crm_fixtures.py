"""What every contract test needs: no real waiting, no token of another test."""

import pytest

from orchestration.sources.crm import tokens
from orchestration.sources.crm.service import Service


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each pause would have been; none is made."""
    made: list[float] = []
    tokens.forget_all()
    monkeypatch.setattr(Service, "sleep", staticmethod(made.append))
    monkeypatch.setattr(Service, "timeout", (1.0, 1.0))
    return made
