"""A shop whose source is a contract server: pull it, and look at what landed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from contract_server import ContractServer
from source_maker import Shop, rows

from orchestration.landing import PullResult


class CrmShop:
    """One entry of one vendor, pulled again and again."""

    def __init__(self, folder: Path, server: ContractServer, kind: str) -> None:
        self.shop, self.server, self.kind = Shop(folder), server, kind

    def entry(self, table: str, more: str = "", name: str = "crm") -> str:
        """The lines of a source file for a table; `more` are further keys, in YAML's short form."""
        secrets = ", ".join(
            f"{credential}: env:{variable(self.kind, credential)}"
            for credential in self.server.secrets
        )
        return (
            f"  {table}:\n  - {{name: {name}, from: {self.kind}, host: '{self.server.url}',"
            f" credentials: {{{secrets}}}{', ' + more if more else ''}}}\n"
        )

    def pull(self, table: str, more: str = "") -> PullResult:
        """Pull a table that has this one entry."""
        return self.shop.pull(self._tables(table, more), table)

    def land(self, table: str, more: str = "") -> list[dict[str, Any]]:
        """The rows that a pull landed."""
        return [row for load in self.pull(table, more).landed for row in rows(load)]

    def _tables(self, table: str, more: str) -> str:
        others = "" if table in ("customers", "orders") else OTHER
        return others + self.entry(table, more)


OTHER = "  orders:\n  - {from: files, path: nothing.csv}\n"


def variable(kind: str, credential: str) -> str:
    """Where a credential stands."""
    return f"{kind.upper()}_{credential.upper()}"


def set_secrets(monkeypatch: pytest.MonkeyPatch, kind: str, secrets: Mapping[str, str]) -> None:
    """Put credentials into the environment."""
    for credential, secret in secrets.items():
        monkeypatch.setenv(variable(kind, credential), secret)


def by(key: str, landed: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Landed rows by a column that tells them apart."""
    found = {row[key]: row for row in landed}
    assert len(found) == len(landed)
    return found
