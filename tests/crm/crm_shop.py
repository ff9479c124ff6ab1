"""A shop whose source is a contract server: pull it, and look at what landed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from source_maker import Shop, rows
from vendors import LONG_AGO, Known

from orchestration.landing import PullResult
from orchestration.sources.errors import SourceError

OTHER = "  orders:\n  - {from: files, path: nothing.csv}\n"


class CrmShop:
    """One entry of one vendor, pulled again and again."""

    def __init__(self, folder: Path, known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shop, self.known, self.server = Shop(folder), known, known.server()
        for credential, secret in self.server.secrets.items():
            monkeypatch.setenv(self.variable(credential), secret)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.__exit__(kind, error, trace)

    def variable(self, credential: str) -> str:
        """Where a credential stands."""
        return f"{self.known.kind.upper()}_{credential.upper()}"

    def entry(self, table: str, more: str = "") -> str:
        """The lines of a source file for a table; `more` are further keys, in YAML's short form."""
        secrets = ", ".join(f"{name}: env:{self.variable(name)}" for name in self.server.secrets)
        return (
            f"  {table}:\n  - {{from: {self.known.kind}, host: '{self.server.url}',"
            f" credentials: {{{secrets}}}{', ' + more if more else ''}}}\n"
        )

    def pull(self, table: str = "customers", more: str = "") -> PullResult:
        """Pull a table that has this one entry; customers unless said."""
        more = more or f"object: {self.known.customers}"
        others = "" if table in ("customers", "orders") else OTHER
        return self.shop.pull(others + self.entry(table, more), table)

    def land(self, table: str = "customers", more: str = "") -> list[dict[str, Any]]:
        """The rows that a pull landed."""
        return [row for load in self.pull(table, more).landed for row in rows(load)]

    def fails(self) -> SourceError:
        """The error of a pull; nothing of it landed."""
        before = sorted(self.shop.landing.rglob("*"))
        with pytest.raises(SourceError) as caught:
            self.pull()
        left = [path for path in self.shop.landing.rglob("*") if path not in before]
        assert [path.name for path in left if path.is_file()] == []
        return caught.value

    def put(self, number: int, name: str = "Invented", at: datetime | None = None) -> None:
        """A customer at the vendor, changed now, or at a moment."""
        self.server.put(self.known.customers, self.known.record(number, name), at)

    def put_many(self, count: int, at: datetime = LONG_AGO) -> None:
        """Customers that were changed long ago."""
        for number in range(count):
            self.put(number, at=at)

    def delete(self, number: int, at: datetime | None = None) -> None:
        """Delete a customer at the vendor."""
        self.server.delete(self.known.customers, self.key(number), at)

    def key(self, number: int) -> str:
        """The id of a customer."""
        return str(self.known.record(number, "")[self.server.key])


def by(key: str, landed: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Landed rows by a column that tells them apart."""
    found = {row[key]: row for row in landed}
    assert len(found) == len(landed)
    return found
