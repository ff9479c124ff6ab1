"""Shops at the contract servers, without real waiting and without tokens of another test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from crm_shop import CrmShop
from vendors import KNOWN

from orchestration.sources.crm import tokens
from orchestration.sources.crm.service import Service


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each pause would have been; none is made."""
    made: list[float] = []
    tokens.forget_all()
    monkeypatch.setattr(Service, "sleep", staticmethod(made.append))
    monkeypatch.setattr(Service, "keep_pace", lambda service: None)
    monkeypatch.setattr(Service, "timeout", (1.0, 1.0))
    return made


@pytest.fixture
def zoho(pauses: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrmShop]:
    """A shop at Zoho."""
    with CrmShop(tmp_path, KNOWN["zoho"], monkeypatch) as shop:
        yield shop


@pytest.fixture
def fxiaoke(
    pauses: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CrmShop]:
    """A shop at 纷享销客."""
    with CrmShop(tmp_path, KNOWN["fxiaoke"], monkeypatch) as shop:
        yield shop


@pytest.fixture(params=sorted(KNOWN))
def crm(
    pauses: list[float],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[CrmShop]:
    """A shop at each vendor."""
    with CrmShop(tmp_path, KNOWN[request.param], monkeypatch) as shop:
        yield shop
