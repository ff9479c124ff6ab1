"""What is asked of a running Superset, over its API."""

from __future__ import annotations

import json
from typing import Any

import requests

SECONDS = 120


class SupersetError(RuntimeError):
    """Superset refused something; says what, in its own words."""


class Superset:
    """A Superset at an address, for a user who may import. Raises SupersetError."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._api = f"{url.rstrip('/')}/api/v1"
        self._session = requests.Session()
        login = {"username": user, "password": password, "provider": "db", "refresh": False}
        token = self._ask("post", "/security/login", json=login)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        # What changes something is asked for with a token of the session beside that of the user.
        csrf = self._ask("get", "/security/csrf_token/")["result"]
        self._session.headers.update({"X-CSRFToken": csrf, "Referer": url})

    def import_dashboard(self, packed: bytes) -> None:
        """Import a zip of `bundle` of the kind "assets"; what is there of it is replaced."""
        files = {"bundle": ("customer-tiers.zip", packed, "application/zip")}
        self._ask("post", "/assets/import/", files=files)

    def charts(self) -> dict[str, int]:
        """The id of each chart, by its name."""
        found = self._ask("get", "/chart/", params={"q": json.dumps({"page_size": 100})})
        return {chart["slice_name"]: chart["id"] for chart in found["result"]}

    def rows_of(self, chart: int) -> list[dict[str, Any]]:
        """The rows that a chart shows now."""
        (answer,) = self._ask("get", f"/chart/{chart}/data/", params={"force": "true"})["result"]
        rows: list[dict[str, Any]] = answer["data"]
        return rows

    def datasets(self) -> dict[str, dict[str, Any]]:
        """Each dataset, with its columns and metrics, by its name."""
        found = self._ask("get", "/dataset/", params={"q": json.dumps({"page_size": 100})})
        whole = (self._ask("get", f"/dataset/{each['id']}")["result"] for each in found["result"])
        return {dataset["table_name"]: dataset for dataset in whole}

    def database(self, name: str) -> int:
        """The id of a connection."""
        found = self._ask("get", "/database/", params={"q": json.dumps({"page_size": 100})})
        return next(int(each["id"]) for each in found["result"] if each["database_name"] == name)

    def allow_writing(self, database: int) -> None:
        """Let SQL Lab send what writes, so that it is for the file to refuse it."""
        self._ask("put", f"/database/{database}", json={"allow_dml": True})

    def run(self, database: int, sql: str) -> list[dict[str, Any]]:
        """What SQL Lab answers."""
        asked = {"database_id": database, "sql": sql, "schema": "main", "runAsync": False}
        rows: list[dict[str, Any]] = self._ask("post", "/sqllab/execute/", json=asked)["data"]
        return rows

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = self._session.request(method, f"{self._api}{path}", timeout=SECONDS, **more)
        if not answer.ok:
            raise SupersetError(f"{method} {path}: {answer.status_code} {answer.text[:2000]}")
        return answer.json()
