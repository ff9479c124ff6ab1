"""The vendors as the tests of what holds for all of them see each: its server, and one record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from contract_server import Answer, ContractServer, Record
from fxiaoke_server import FxiaokeServer
from zoho_server import ZohoServer

Page = list[Record]


@dataclass(frozen=True)
class Known:
    """One vendor.

    Attributes:
        customers: its object of customers. size: how many records a page has.
        record: a customer by number and name. listed: an answer with these records.
    """

    kind: str
    server: type[ContractServer]
    customers: str
    size: int
    record: Callable[[int, str], Record]
    modified: str
    moment: Callable[[datetime], object]
    refusal: Answer


KNOWN = {
    "zoho": Known(
        kind="zoho",
        server=ZohoServer,
        customers="Accounts",
        size=200,
        record=lambda n, name: {"id": f"36000000000{n:06d}", "Account_Name": name},
        modified="Modified_Time",
        moment=lambda at: at.isoformat(timespec="seconds"),
        refusal=Answer(
            403, {"code": "NO_PERMISSION", "message": "permission denied", "status": "error"}
        ),
    ),
    "fxiaoke": Known(
        kind="fxiaoke",
        server=FxiaokeServer,
        customers="AccountObj",
        size=100,
        record=lambda n, name: {"_id": f"5f3a3de57c604a0001{n:06d}", "name": name},
        modified="last_modified_time",
        moment=lambda at: int(at.timestamp() * 1000),
        refusal=Answer(content={"errorCode": 20017, "errorMessage": "permission denied"}),
    ),
}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
