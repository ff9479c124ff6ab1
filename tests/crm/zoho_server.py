"""Zoho CRM as its documentation says that it behaves: tokens, lists of records, deletions."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs

from contract_server import Answer, Asked, ContractServer, Record

MOST_PER_PAGE, MOST_FIELDS, MOST_BY_PAGE = 200, 50, 2_000
SORTABLE = ("id", "Created_Time", "Modified_Time")


class ZohoServer(ContractServer):
    """Accounts server and API server in one."""

    key = "id"
    secrets: ClassVar[dict[str, str]] = {
        "client_id": "1000.INVENTEDCLIENT",
        "client_secret": "invented-client-secret",
        "refresh_token": "1000.invented+refresh/token",
    }

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, tuple[dict[str, str], str]] = {}

    def stamped(self, record: Record, at: datetime) -> Record:
        """Moments are ISO with an offset."""
        moment = at.isoformat(timespec="seconds")
        return {"Created_Time": moment, "Modified_Time": moment, **record}

    def remove(self, name: str, key: str, at: datetime) -> None:
        """It is gone from the list, and stands among the deleted."""
        del self.records[name][key]
        self.gone.setdefault(name, {})[key] = at

    def route(self, path: str, body: str) -> str:
        """By the path."""
        if path == "/oauth/v2/token":
            return "token"
        return "deleted" if path.endswith("/deleted") else "list"

    def answer(self, asked: Asked) -> Answer:
        """Of the three endpoints that are used."""
        if asked.route == "token":
            return self._token(asked)
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Zoho-oauthtoken" or not self.is_known(token):
            return _error(401, "INVALID_TOKEN", "invalid oauth token")
        _, _, version, name, *_ = asked.path.split("/")
        if version != "v8":
            return _error(404, "INVALID_URL_PATTERN", "Please check if the URL is right")
        return self._deleted(asked, name) if asked.route == "deleted" else self._list(asked, name)

    def _token(self, asked: Asked) -> Answer:
        given = {name: values[0] for name, values in parse_qs(asked.body).items()}
        if asked.params or given.pop("grant_type", None) != "refresh_token":
            return Answer(content={"error": "invalid_request"})
        if {name: given.get(name) for name in ("client_id", "client_secret")} != {
            name: self.secrets[name] for name in ("client_id", "client_secret")
        }:
            return Answer(content={"error": "invalid_client"})
        if given.get("refresh_token") != self.secrets["refresh_token"]:
            return Answer(content={"error": "invalid_code"})
        token = {"access_token": self.new_token(), "expires_in": 3600, "token_type": "Bearer"}
        return Answer(content=token)

    def _list(self, asked: Asked, name: str) -> Answer:
        params = dict(asked.params)
        token = params.pop("page_token", None)
        fields = params.get("fields", "").split(",")
        size = int(params.get("per_page", "200"))
        if not params.get("fields"):
            return _error(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing")
        if len(fields) > MOST_FIELDS or size > MOST_PER_PAGE:
            return _error(400, "LIMIT_EXCEEDED", "given value is more than allowed")
        if params.get("sort_by", "id") not in SORTABLE:
            return _error(400, "INVALID_DATA", "sort_by")
        if int(params.get("page", "1")) * size > MOST_BY_PAGE:
            return _error(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "use page_token")
        if token and self.pages.get(token, ({}, ""))[0] != params:
            return _error(400, "TOKEN_BOUND_DATA_MISMATCH", "the parameters differ")
        records = self._since(asked, name, params)
        after = self.pages[token][1] if token else ""
        records = [record for record in records if record["id"] > after]
        if not records:
            return Answer(304 if "if-modified-since" in asked.headers else 204)
        page, more = records[:size], len(records) > size
        following = secrets.token_hex(16) if more else None
        if following:
            self.pages[following] = (params, page[-1]["id"])
        self.served[name] = self.served.get(name, 0) + len(page)
        data = [{"id": record["id"], **_chosen(record, fields)} for record in page]
        info = {"per_page": size, "count": len(page), "page": 1, "sort_by": params.get("sort_by")}
        return Answer(
            content={
                "data": data,
                "info": {**info, "next_page_token": following, "more_records": more},
            }
        )

    def _since(self, asked: Asked, name: str, params: dict[str, str]) -> list[Record]:
        records = list(self.records.get(name, {}).values())
        since = asked.headers.get("if-modified-since")
        if since:
            start = datetime.fromisoformat(since)
            records = [
                record
                for record in records
                if datetime.fromisoformat(record["Modified_Time"]) >= start
            ]
        return sorted(records, key=lambda record: str(record["id"]))

    def _deleted(self, asked: Asked, name: str) -> Answer:
        gone = sorted(self.gone.get(name, {}).items())
        since = asked.headers.get("if-modified-since")
        if since:
            gone = [(key, at) for key, at in gone if at >= datetime.fromisoformat(since)]
        size, page = int(asked.params["per_page"]), int(asked.params.get("page", "1"))
        chosen = gone[(page - 1) * size : page * size]
        if not chosen:
            return Answer(304 if since else 204)
        data = [
            {"id": key, "type": "recycle", "deleted_time": at.isoformat(timespec="seconds")}
            for key, at in chosen
        ]
        info = {"per_page": size, "count": len(chosen), "page": page}
        return Answer(
            content={"data": data, "info": {**info, "more_records": len(gone) > page * size}}
        )


def _chosen(record: Record, fields: list[str]) -> dict[str, Any]:
    return {name: record.get(name) for name in fields}


def _error(status: int, code: str, message: str) -> Answer:
    content = {"code": code, "details": {}, "message": message, "status": "error"}
    return Answer(status, content)
