"""纷享销客 as its documentation says that it behaves: tokens, and lists asked for in a body."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from contract_server import Answer, Asked, ContractServer, Record

MOST_PER_PAGE, MOST_OFFSET = 100, 10_000
OPERATORS: dict[str, Callable[[Any, list[str]], bool]] = {
    "EQ": lambda value, wanted: _text(value) == wanted[0],
    "IN": lambda value, wanted: _text(value) in wanted,
    "GT": lambda value, wanted: _sortable(value) > _sortable(wanted[0]),
    "GTE": lambda value, wanted: _sortable(value) >= _sortable(wanted[0]),
}


class FxiaokeServer(ContractServer):
    """The open platform.

    Attributes:
        lists_invalid: whether a list tells records that were made invalid, without being asked.
    """

    key = "_id"
    corp = "FSCID_INVENTED"
    secrets: ClassVar[dict[str, str]] = {
        "app_id": "FSAID_INVENTED",
        "app_secret": "invented-app-secret",
        "permanent_code": "INVENTEDPERMANENTCODE",
        "open_user_id": "FSUID_INVENTED",
    }

    def __init__(self) -> None:
        super().__init__()
        self.lists_invalid = True

    def stamped(self, record: Record, at: datetime) -> Record:
        """Moments are milliseconds."""
        moment = int(at.timestamp() * 1000)
        kept = {"create_time": moment, "last_modified_time": moment}
        return {**kept, "life_status": "normal", "is_deleted": False, **record}

    def remove(self, name: str, key: str, at: datetime) -> None:
        """It is made invalid."""
        record = self.records[name][key]
        moment = int(at.timestamp() * 1000)
        record |= {"life_status": "invalid", "last_modified_time": moment}
        self.gone.setdefault(name, {})[key] = at

    def route(self, path: str, body: str) -> str:
        """By the path, and by whether only invalid records are wanted."""
        if path == "/cgi/corpAccessToken/get/V2":
            return "token"
        return "deleted" if "life_status" in body else "list"

    def answer(self, asked: Asked) -> Answer:
        """Always with HTTP status 200."""
        body = json.loads(asked.body)
        if asked.route == "token":
            return self._token(body)
        if asked.path != "/cgi/crm/v2/data/query":
            return _error(10003, "api not found")
        if not self.is_known(body.get("corpAccessToken")):
            return _error(20016, "corpAccessToken不存在或者已经过期")
        if body.get("corpId") != self.corp:
            return _error(20017, "corpId not found")
        if body.get("currentOpenUserId") != self.secrets["open_user_id"]:
            return _error(30001, "currentOpenUserId")
        return self._query(asked, body["data"])

    def _token(self, body: dict[str, str]) -> Answer:
        wanted = {
            "appId": self.secrets["app_id"],
            "appSecret": self.secrets["app_secret"],
            "permanentCode": self.secrets["permanent_code"],
        }
        if body != wanted:
            return _error(10006, "appSecret is illegal")
        given = {"corpAccessToken": self.new_token(), "corpId": self.corp, "expiresIn": 7200}
        return Answer(content={"errorCode": 0, "errorMessage": "success", **given})

    def _query(self, asked: Asked, data: dict[str, Any]) -> Answer:
        name, wanted = data["dataObjectApiName"], data["search_query_info"]
        limit, offset = wanted["limit"], wanted["offset"]
        if limit > MOST_PER_PAGE or offset % limit:
            return _error(10001, "limit or offset is illegal")
        if offset > MOST_OFFSET:
            return _error(10013, "offset out of range 10000")
        found = [
            record
            for record in self.records.get(name, {}).values()
            if all(_fits(record, condition) for condition in wanted["filters"])
            and (self.lists_invalid or asked.route == "deleted" or not _is_invalid(record))
        ]
        for order in reversed(wanted["orders"]):
            field = order["fieldName"]
            found.sort(key=lambda r: _sortable(r.get(field)), reverse=not order["isAsc"])
        page = found[offset : offset + limit]
        if asked.route == "list":
            self.served[name] = self.served.get(name, 0) + len(page)
        listed = {"dataList": page, "offset": offset, "limit": limit, "total": 0}
        return Answer(content={"traceId": "E-O.invented", "errorCode": 0, "data": listed})


def _fits(record: Record, condition: dict[str, Any]) -> bool:
    operator = OPERATORS[condition["operator"]]
    return bool(operator(record.get(condition["field_name"]), condition["field_values"]))


def _is_invalid(record: Record) -> bool:
    return bool(record["life_status"] == "invalid")


def _sortable(value: Any) -> tuple[int, str]:
    """Numbers by their size, other texts as they are."""
    text = _text(value)
    return (int(text), "") if text.isdecimal() and len(text) < 16 else (0, text)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(code: int, message: str) -> Answer:
    return Answer(content={"traceId": "E-O.invented", "errorCode": code, "errorMessage": message})
