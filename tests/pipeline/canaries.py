"""A company whose every personal text is one that can be found again, and the search for them."""

import csv
import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
from small_company import FIRST_DAY, SmallCompany, orders_until

from orchestration.trials import TRIALS

Row = dict[str, str]
# What stands in each text of its kind. Nothing else in the world should hold these.
CANARIES = {
    "id": "KANARI-ÿ",
    "name": "Zebulon Quixley",
    "name_zh": "欧阳靛蓝",
    "email": "quixley.canary@",
    "phone": "139001177",
    "registration_code": "91350211MA8UKNRY",
    "free_text": "his sister Xanthippe",
    "birth": "1931-02-29",
}
# Where they may be: what came, what was decided, and what is built of both.
TRUTHS = ("landing", "history")
WAREHOUSES = ("warehouse.duckdb", "warehouse.duckdb.wal")


def customer(number: int) -> str:
    return f"{CANARIES['id']}-{number:02}"


def plant(company: SmallCompany) -> None:
    """Files for every canonical table, with a canary in each personal column and each id."""
    tables = {**_people(), **_events()}
    for table, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (company.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    entries = {name: [{"from": "files", "path": f"{name}.csv"}] for name in tables}
    entries["orders"] = [{"from": "files", "path": "orders_*.csv"}]
    identity = {"match": ["phone", "email"], "phone_region": "CN"}
    company.describe(tables=entries, identity=identity)
    company.export("old", orders())


def orders(day: str = "") -> list[tuple[str, str, str, str]]:
    """The orders of the small company, by customers and with ids that are canaries."""
    return [
        (f"{CANARIES['name']} {key}", customer(int(who[1:])), day or moment, amount)
        for key, who, moment, amount in orders_until(FIRST_DAY)
    ]


def bad_orders(amount: str) -> list[tuple[str, str, str, str]]:
    return [(f"{key} {amount}", who, moment, amount) for key, who, moment, _ in orders()]


def _people() -> dict[str, list[Row]]:
    customers = [
        {
            "customer_id": customer(number),
            "name": f"{CANARIES['name']} {CANARIES['name_zh']} {number}",
            "email": f"{CANARIES['email']}example.com",
            "phone": f"{CANARIES['phone']}{40 + number // 2}",
            "registration_code": f"{CANARIES['registration_code']}{number:02}",
            "birth_date": "1931-02-28",
            "referrer_id": customer(number - 1) if number > 1 else "",
            "need_score": str(number),
            "remark": f"Ask {CANARIES['free_text']}.",
        }
        for number in range(1, 31)
    ]
    # One row that is all wrong: each typed column holds what somebody typed into the wrong field.
    wrong = dict.fromkeys(customers[0], f"{CANARIES['name']} {CANARIES['phone']}00")
    wrong |= {"customer_id": customer(99), "birth_date": CANARIES["birth"], "need_score": "много"}
    declared = [
        {
            "customer_id": customer(3),
            "scheme": "need_grade",
            "declared_at": f"{FIRST_DAY} 08:00:00",
            "class_code": "a",
            "author": "li.na",
            "reason": f"{CANARIES['name_zh']}: {CANARIES['free_text']} called.",
        }
    ]
    merges = [
        {
            "customer_id": customer(29),
            "into_customer_id": customer(28),
            "approved_by": "li.na",
            "approved_at": f"{FIRST_DAY}",
            "reason": f"{CANARIES['name']} twice",
        }
    ]
    return {
        "customers": [*customers, wrong],
        "declared_classes": declared,
        "customer_merges": merges,
        "attributes": [
            {
                "customer_id": customer(5),
                "name": "nickname",
                "observed_at": f"{FIRST_DAY}",
                "value": CANARIES["name"],
            }
        ],
    }


def _events() -> dict[str, list[Row]]:
    """Good rows, so that gate 1 lets the load pass, and one with a person in a number's place."""
    wrong = f"{CANARIES['phone']}11 {CANARIES['name_zh']}"
    stage = {"stage": f"{CANARIES['name']} decides"}
    return {
        "interactions": [
            *(_event("interaction", n, {"kind": "call", "outcome": wrong}) for n in range(1, 4)),
            _event("interaction", 4, {"kind": wrong}),
        ],
        "opportunities": [
            *(_event("opportunity", n, stage, "created_at") for n in range(1, 4)),
            _event("opportunity", 4, {**stage, "amount": wrong}, "created_at"),
        ],
        "feedback": [
            *(_event("feedback", n, {"kind": "csat", "score": "4"}) for n in range(1, 4)),
            _event("feedback", 4, {"kind": "csat", "score": wrong}),
        ],
        "refunds": [
            *(_event("refund", n, {"amount": "1.00"}, "refunded_at") for n in range(1, 4)),
            _event("refund", 4, {"amount": wrong}, "refunded_at"),
        ],
        "order_lines": [
            {"order_id": f"{CANARIES['name']} {n}", "line_no": "1", "product_id": wrong}
            for n in range(1, 4)
        ]
        + [{"order_id": f"{CANARIES['name']} 4", "line_no": "1", "quantity": wrong}],
    }


def _event(
    kind: str, number: int, more: Mapping[str, str], moment: str = "occurred_at"
) -> dict[str, str]:
    when = f"{FIRST_DAY - timedelta(5)} 10:00:00"
    return {
        f"{kind}_id": f"{CANARIES['id']} {number}",
        "customer_id": customer(5),
        moment: when,
        **more,
    }


def leaks(home: Path, secrets: Mapping[str, str]) -> dict[str, list[str]]:
    """Which texts stand where, outside of what came, what was decided and the warehouses."""
    found: dict[str, list[str]] = {}
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        inner = place.parts[1:] if place.parts[0] in TRIALS else place.parts
        if not path.is_file() or not inner or inner[0] in (*TRUTHS, *WAREHOUSES):
            continue
        hits = {name for part in _contents(path) for name in found_in(part, secrets)}
        if hits:
            found[str(place)] = sorted(hits)
    return found


def found_in(content: bytes, secrets: Mapping[str, str]) -> list[str]:
    """Names of the texts that stand in some bytes, in any encoding or case that is usual."""
    lower = content.lower()
    return [name for name, text in secrets.items() if any(one in lower for one in _forms(text))]


def _forms(text: str) -> set[bytes]:
    encoded = {text.lower().encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    escaped = json.dumps(text.lower()).strip('"').encode()
    return {*encoded, escaped, escaped.replace(b"\\", b"\\\\")}


def _contents(path: Path) -> Iterator[bytes]:
    """A file as it is, and what is in it."""
    content = path.read_bytes()
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            yield "\n".join(database.iterdump()).encode()
    elif path.suffix == ".parquet":
        with duckdb.connect() as con:
            yield _table(con, f"'{path}'")
    elif path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as con:
            tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield _table(con, f'"{schema}"."{table}"')


def _table(con: duckdb.DuckDBPyConnection, relation: str) -> bytes:
    return "\n".join(map(str, con.execute(f"from {relation}").fetchall())).encode()
