"""A small company with a person in every table, in quarantine and in a rejected load."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from shell import Shell
from small_company import CUSTOMERS, FIRST_DAY, SmallCompany, orders_of

from orchestration.landing import committed_loads, reject

# The same person twice: the first id was merged into the second.
PERSON, SURVIVOR = "K-7731-Zq", "K-0998-Zq"
# What must be found nowhere: ids, contacts, keys of rows, what stood in columns nobody maps.
TRACES = ("7731-Zq", "0998-Zq", "Quillfeather", "13977310042", "zerah", "ERZUK-", "left-handed")
NAMED = ["Zerah Quillfeather", "zerah@quill.example", "13977310042", "left-handed"]
SECOND_DAY, LAST_DAY = FIRST_DAY + timedelta(1), FIRST_DAY + timedelta(2)


@dataclass(frozen=True)
class Told:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class ErasedCompany(SmallCompany):
    """A small company whose exports name the person, in whole or in part."""

    @classmethod
    def after(cls, first_run: SmallCompany, folder: Path) -> ErasedCompany:
        """Two more days: the person comes in two loads, and in one that is rejected."""
        copied = first_run.copy(folder)
        settings = replace(copied.settings, max_quarantined_share=Decimal(1))
        company = cls(copied.folder, settings)
        company.describe(tables={table: _entry(table) for table in ("orders", *TABLES)})
        for table, rows in TABLES.items():
            company.write(table, "1", rows)
        company.export("1", [*orders_of(SECOND_DAY, range(1, 5)), *_orders(1)])
        company.export("bad", _orders(3))
        company.run(SECOND_DAY)
        company.reject("orders_bad.csv")
        company.export("2", [*orders_of(LAST_DAY, range(4, 9)), *_orders(2)])
        company.write("order_lines", "2", [("order_id", "line_no", "quantity"), *_lines(2)])
        company.run(LAST_DAY)
        return company

    def with_copy(self, folder: Path) -> ErasedCompany:
        """The same in another place."""
        shutil.copytree(self.folder, folder / "exports")
        shutil.copytree(self.settings.home, folder / "home", symlinks=True)
        return ErasedCompany(folder / "exports", replace(self.settings, home=folder / "home"))

    def write(self, table: str, name: str, rows: Sequence[Sequence[str]]) -> None:
        """One more export of a table."""
        with (self.folder / f"{table}_{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    def reject(self, origin: str) -> None:
        """Take the load of a file back."""
        (load,) = [one for one in committed_loads(self.settings.landing) if one.origin == origin]
        reject(self.settings.landing, load.load_id, "counted twice")

    def tiers(self, *arguments: str) -> Told:
        """Run a command."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TIERS_MAX_QUARANTINED_SHARE", "1")
            return Told(*Shell(self, patch).tiers(*arguments))

    def traces(self) -> list[str]:
        """Where in the home anything of the person stands, decoded or in raw bytes."""
        return [f"{path.name}: {trace}" for path, trace in _found_in(self.settings.home)]

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query over what readers see."""
        with duckdb.connect(self.settings.served_database, read_only=True) as con:
            return con.execute(sql).fetchall()

    def history_of_others(self) -> dict[str, list[tuple[object, ...]]]:
        """What the days decided of all others, and their cuts."""
        with duckdb.connect() as con:
            return {
                name: con.execute(
                    f"select * from read_parquet('{self.settings.history}/*/*/{name}.parquet')"
                    + ("" if name == "cuts" else " where customer_id not like 'K-%'")
                    + " order by all"
                ).fetchall()
                for name in ("classes", "changes", "cuts")
            }


def _entry(table: str) -> list[dict[str, object]]:
    return [{"from": "files", "path": f"{table}_*.csv"}]


def _orders(batch: int) -> list[tuple[str, ...]]:
    """Orders of the person; the last cannot be read as one, and one has more fields than a row."""
    good = [(f"ERZUK-{batch}{n}", PERSON, f"{FIRST_DAY} 10:00:00", f"{n}00.00") for n in (1, 2, 3)]
    survivors = (f"ERZUK-{batch}4", f" {SURVIVOR} ", f"{FIRST_DAY} 11:00:00", "75.00")
    return [
        *good,
        survivors,
        (f"ERZUK-{batch}5", PERSON, "the day after", "10.00"),
        (f"ERZUK-{batch}6", f"{PERSON};x", f"{FIRST_DAY} 10:00:00", "1.00", PERSON),
        ("", "", f"{FIRST_DAY} 10:00:00", PERSON),
    ]


def _lines(batch: int) -> list[tuple[str, ...]]:
    return [(f"ERZUK-{batch}{n}", str(line), "2") for n in (1, 2) for line in (1, 2)]


def _everybody(*more: tuple[str, ...]) -> list[tuple[str, ...]]:
    others = [
        (f"c{n:02}", f"Anna {n}", f"a{n}@firm.example", "", "", "") for n in range(2, CUSTOMERS)
    ]
    return [*others, *more]


TABLES: dict[str, list[tuple[str, ...]]] = {
    "customers": [
        ("customer_id", "name", "email", "phone", "memo", "referrer_id"),
        *_everybody(
            ("c01", "Bo", "bo@firm.example", "", "", PERSON),
            (PERSON, *NAMED, "c02"),
            (SURVIVOR, *NAMED, ""),
        ),
    ],
    "order_lines": [
        ("order_id", "line_no", "quantity"),
        (f"o1-{FIRST_DAY - timedelta(99)}", "1", "1"),
        *_lines(1),
    ],
    "refunds": [
        ("refund_id", "order_id", "customer_id", "refunded_at", "amount"),
        ("r1", f"o1-{FIRST_DAY - timedelta(99)}", "c01", f"{FIRST_DAY}", "1.00"),
        ("ERZUK-r1", "ERZUK-11", "", f"{FIRST_DAY}", "5.00"),
        ("ERZUK-r2", "", PERSON, f"{FIRST_DAY}", "5.00"),
    ],
    "interactions": [
        ("interaction_id", "customer_id", "occurred_at", "kind"),
        ("i1", "c03", f"{FIRST_DAY}", "call"),
        ("ERZUK-i1", PERSON, f"{FIRST_DAY}", "call"),
    ],
    "opportunities": [
        ("opportunity_id", "customer_id", "stage", "created_at"),
        ("p1", "c03", "open", f"{FIRST_DAY}"),
        ("ERZUK-p1", PERSON, "open", f"{FIRST_DAY}"),
    ],
    "feedback": [
        ("feedback_id", "customer_id", "occurred_at", "kind", "score"),
        ("f1", "c03", f"{FIRST_DAY}", "csat", "4"),
        ("ERZUK-f1", SURVIVOR, f"{FIRST_DAY}", "csat", "2"),
    ],
    "attributes": [
        ("customer_id", "name", "observed_at", "value"),
        ("c03", "hand", f"{FIRST_DAY}", "right"),
        (PERSON, "hand", f"{FIRST_DAY}", "left-handed"),
    ],
    "declared_classes": [
        ("customer_id", "scheme", "declared_at", "class_code", "author", "reason"),
        ("c03", "key_account", f"{FIRST_DAY}", "yes", "Ann", "known"),
        (PERSON, "key_account", f"{FIRST_DAY}", "yes", "Ann", "Quillfeather wished it"),
    ],
    "customer_merges": [
        ("customer_id", "into_customer_id", "approved_by", "approved_at"),
        (PERSON, SURVIVOR, "Ann", f"{FIRST_DAY}"),
    ],
}


def _found_in(home: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes() + _decoded(path).encode()
            yield from ((path, trace) for trace in TRACES if trace.encode() in content)


def _decoded(path: Path) -> str:
    """The rows of a Parquet file or a DuckDB database as text: compressed bytes hide them."""
    if path.suffix == ".parquet":
        with duckdb.connect() as con:
            return str(con.execute("from read_parquet(?)", [str(path)]).fetchall())
    if path.suffix != ".duckdb":
        return ""
    with duckdb.connect(path, read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        return "".join(
            str(con.execute(f'from "{schema}"."{table}"').fetchall()) for schema, table in tables
        )
