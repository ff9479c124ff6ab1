"""The tables of a release that its page reads, with a few rows that a person can count."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.report import write_report

DAY = date(2024, 5, 31)
COLUMNS: Mapping[str, str] = {
    "release_info": "as_of_date date, timezone varchar, base_currency varchar, run_id varchar,"
    " policy_hash varchar, pseudonym_key_id varchar, smallest_group bigint, customers bigint,"
    " purchases bigint, net_amount decimal(28, 4), landed_rows bigint, quarantined_rows bigint",
    "customer_facts": "customer_id varchar, first_order_date date, last_order_date date,"
    " net_amount_365d decimal(18, 4)",
    "customer_classes": "customer_id varchar, rfm varchar, rfm_r integer, rfm_f integer",
    "class_history": "customer_id varchar, as_of_date date",
    "class_changes": "customer_id varchar, as_of_date date, scheme varchar, from_class varchar,"
    " to_class varchar",
    "scheme_catalogue": "scheme varchar, class_code varchar, position bigint, theme varchar,"
    " scheme_en varchar, scheme_zh varchar, scheme_description varchar,"
    " scheme_description_zh varchar, population varchar, condition varchar",
    "scheme_distribution": "scheme varchar, class_code varchar, position bigint, class_en varchar,"
    " class_zh varchar, customers bigint, classified bigint, share decimal(28, 8),"
    " net_amount_365d decimal(28, 4), net_share decimal(28, 8)",
    "tier_playbook": "scheme varchar, class_code varchar, action_en varchar, action_zh varchar,"
    " channel varchar, service_level varchar, owner varchar, budget_per_customer decimal(18, 4)",
    "positions": "position_code varchar, position_en varchar, position_zh varchar",
    "cut_drift": "scheme varchar, dimension varchar, computed_on date,"
    " population_stability_index decimal(18, 6), is_suppressed boolean",
    "scheme_evaluation": "scheme varchar, measure varchar, value decimal(18, 6),"
    " low decimal(18, 6), high decimal(18, 6), spend_baseline decimal(18, 6), note_en varchar,"
    " note_zh varchar",
}
FATES = (
    *("landed", "staged", "superseded", "duplicate", "deleted"),
    *("waiting", "quarantined", "erased", "compacted"),
)
LABELS = {"net_amount_365d": ("net amount in 365 days", "近365天净消费额")}
MANIFEST: Mapping[str, Any] = {
    "release": "2024-05-31T000001-abcdef01",
    "content_hash": "c0ffee",
    "versions": {"duckdb": "2.0.0"},
    "quality": {
        "warehouse": {"suites": 11, "warnings": []},
        "published": {"evaluated": 54, "warnings": []},
        "ledger": [{"table": "orders", **dict.fromkeys(FATES, 0)}],
        "quarantine": [{"table": "orders", "reason": "not_a_date", "column": None, "rows": 2}],
    },
}


class ReleaseTables:
    """The tables in a database, empty but for release_info until rows are added."""

    def __init__(self, database: Path | None = None, smallest_group: int = 5) -> None:
        self.con = duckdb.connect(database or ":memory:")
        for name, columns in COLUMNS.items():
            self.con.execute(f"create table {name} ({columns})")
        info = (DAY, "UTC", "CNY", "run1", "policy1", None, smallest_group, 0, None, None, 0, 0)
        self.add("release_info", [info])

    def add(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        places = ", ".join("?" * len(rows[0]))
        self.con.executemany(f"insert into {table} values ({places})", [list(row) for row in rows])

    def customers(
        self, amounts: Sequence[int], first: date = DAY, last: date = DAY, name: str = "c"
    ) -> None:
        """A customer for each amount, who first and last bought on these days."""
        self.add(
            "customer_facts",
            [(f"{name}{number}", first, last, one) for number, one in enumerate(amounts)],
        )

    def scheme(
        self,
        scheme: str,
        counts: Mapping[str, int | None],
        *,
        theme: str = "value",
        label: str | None = None,
        description: str = "What it tells.",
    ) -> None:
        """A scheme with so many customers in each class, of an amount of 10 each; None: hidden."""
        classified = sum(count or 0 for count in counts.values())
        catalogue, distribution = [], []
        for position, (code, count) in enumerate(counts.items(), 1):
            named = (label or scheme, f"{label or scheme}名")
            told = (description, f"{description}（中文）", "everyone")
            catalogue.append((scheme, code, position, theme, *named, *told, f"{code} > {position}"))
            share = Decimal(count) / classified if count is not None and classified else count
            numbers = (count, classified, share, None if count is None else count * 10, share)
            distribution.append((scheme, code, position, code.title(), f"{code}类", *numbers))
        self.add("scheme_catalogue", catalogue)
        self.add("scheme_distribution", distribution)

    def scored(self, label: str, r: int | None, f: int | None, customers: int) -> None:
        """So many customers of a class of RFM, with these scores."""
        self.add("customer_classes", [("c", label, r, f)] * customers)

    def moved(self, scheme: str, before: str | None, after: str | None, customers: int) -> None:
        """So many customers who went from one class to another on the day."""
        rows = [(f"{scheme}{number}", DAY, scheme, before, after) for number in range(customers)]
        self.add("class_changes", rows)


Fill = Callable[[ReleaseTables], None]


def write_page(folder: Path, fill: Fill, manifest: Mapping[str, Any] = MANIFEST) -> Path:
    """The page of a release with the rows that `fill` adds, in a folder of its own."""
    (folder / "release").mkdir(parents=True)
    database = folder / "release" / "customer_tiers.duckdb"
    tables = ReleaseTables(database)
    fill(tables)
    tables.con.close()
    return write_report(database, manifest, {"threads": "2"}, LABELS)


def nothing(tables: ReleaseTables) -> None:
    """An empty company: no customer, no scheme, no history."""


def everything(tables: ReleaseTables) -> None:
    """Something for each part of the page."""
    tables.scheme("pyramid", {"gold": 5, "lead": 45})
    tables.scheme("lifecycle", {"loyal": 20, "first": 30}, theme="lifecycle")
    tables.scheme("satisfaction", {"unknown": 30, "high": 10, "low": 10}, theme="experience")
    tables.scheme("rfm", {"key": 50}, theme="behaviour")
    tables.scheme("nobody", {"one": 0}, theme="of our own")
    tables.add("tier_playbook", [("rfm", "key", "Call", "致电", "fax", "standard", None, None)])
    tables.scored("key", 5, 5, 50)
    for number in range(4):
        tables.customers(range(1, 61), DAY - timedelta(31 * number), DAY, f"{number}-")
    tables.add("class_history", [("c", DAY - timedelta(1))])
    tables.moved("pyramid", "gold", "lead", 8)
    tables.moved("a scheme of before", None, "x;y", 9)
    tables.add("cut_drift", [("rfm", "r", DAY, "0.3", False), ("pyramid", "n", DAY, None, False)])
    tables.add(
        "scheme_evaluation",
        [
            (
                "rfm",
                "spearman_90d",
                "0.7",
                "0.65",
                "0.75",
                "0.8",
                "Spend tells more.",
                "消费额更好。",
            ),
            ("rfm", "flips", "0.1", None, None, None, None, None),
            ("pyramid", "spearman_90d", None, None, None, None, "Not evaluated yet.", "尚未评估。"),
        ],
    )
