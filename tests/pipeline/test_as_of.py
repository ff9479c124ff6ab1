"""A day is decided by what had happened by then, whatever else is known, in whatever order.

The synthetic company is exported again from its own staging: whole, cut at a day, and shuffled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml
from oracle.workshop import Workshop

from orchestration.canonical import canonical_tables
from orchestration.manifest import prepare_manifest, read_manifest
from orchestration.public_tables import public_tables
from orchestration.settings import Settings

LAST = date(2025, 6, 30)
# A year of ends, beginnings and middles of months, and a leap day.
DAYS = [
    *(date(2024, 2, 29), date(2024, 6, 30), date(2024, 9, 15), date(2024, 12, 31)),
    *(LAST - timedelta(ago) for ago in (150, 89, 61, 31, 30, 14, 1, 0)),
]
# Which rows had come to be by a day, and what of them had not yet.
HAPPENED = {
    "orders": "order_date <= $day",
    "order_lines": "order_id in (select order_id from staging.orders where order_date <= $day)",
    "refunds": "refund_date <= $day",
    "interactions": "occurred_date <= $day",
    "opportunities": "created_at::date <= $day",
    "feedback": "occurred_date <= $day",
    "attributes": "observed_date <= $day",
    "declared_classes": "declared_date <= $day",
    "exchange_rates": "rate_date <= $day",
}
NOT_YET = {
    "opportunities": {
        "quoted_at": "case when quoted_at::date <= $day then quoted_at end",
        "closed_at": "case when closed_at::date <= $day then closed_at end",
        "is_won": "case when closed_at::date > $day then null else is_won end",
        "stage": "case when closed_at::date > $day then 'quoted' else stage end",
    },
    "feedback": {"resolved_at": "case when resolved_at::date <= $day then resolved_at end"},
}
OF_SEEDS = {"position_categories", "positions", "tier_playbook", "audiences", "audience_columns"}
Row = Mapping[str, object]
Content = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Exports:
    """The company as tables of clean columns, written as Parquet."""

    warehouse: Path

    def write(self, folder: Path, *, day: date | None = None, seed: int | None = None) -> Path:
        """Write its tables, what had happened by `day`, in an order drawn from `seed`."""
        folder.mkdir()
        tables = {}
        with duckdb.connect(self.warehouse, read_only=True) as con:
            for name, table in canonical_tables().items():
                chosen = ", ".join(self._column(name, column, day) for column in table.columns)
                rows = f"select {chosen} from staging.{name}"
                if day and name in HAPPENED:
                    rows += f" where {HAPPENED[name]}"
                order = f"hash({', '.join(table.key)}, {seed})" if seed else ", ".join(table.key)
                path = folder / f"{name}.parquet"
                sql = f"copy ({rows} order by {order}) to '{path}' (format parquet)"
                con.execute(sql.replace("$day", f"date '{day}'"))
                tables[name] = [{"from": "files", "path": path.name}]
        source = {"timezone": "Asia/Shanghai", "base_currency": "CNY", "tables": tables}
        (folder / "sources.yml").write_text(yaml.safe_dump(source), "utf-8")
        return folder / "sources.yml"

    def _column(self, table: str, column: str, day: date | None) -> str:
        known = NOT_YET.get(table, {}).get(column, column) if day else column
        return f"{known} as {column}"


@pytest.fixture(scope="module")
def exports(synthetic: Settings) -> Exports:
    return Exports(synthetic.warehouse)


@pytest.fixture(scope="module")
def workshop(synthetic: Settings, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Builds a company with every theme and pack, beginning without a history."""
    home = tmp_path_factory.mktemp("as_of") / "home"
    return Workshop(Settings(home=home, policy_dir=synthetic.policy_dir, threads=1))


def content(workshop: Workshop, tables: list[str]) -> Content:
    """Every row of tables, ordered."""
    found: dict[str, list[Row]] = {}
    with duckdb.connect(workshop.settings.warehouse, read_only=True) as con:
        for table in tables:
            read = con.execute(f"from {table} order by all nulls first")
            names = [column[0] for column in read.description or []]
            found[table] = [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    return found


def differences(expected: Row, found: Row) -> str:
    """The columns in which two rows differ, with both values."""
    told = [
        f"{column}: {expected[column]} with all data, {found[column]} without what came later; "
        for column in expected
        if expected[column] != found[column]
    ]
    return f"{next(iter(expected.values()))}: {''.join(told)}" if told else ""


def test_a_day_of_all_data_is_the_day_of_the_data_cut_at_it(
    exports: Exports, workshop: Workshop, tmp_path: Path
) -> None:
    tables = ["facts.customer_facts", "classification.customer_classes"]
    tables += ["classification.sensitive_classes", "classification.scheme_cuts"]
    workshop.pull([exports.write(tmp_path / "all")])
    whole = {}
    for day in DAYS:
        workshop.make(day)
        whole[day] = content(workshop, tables)
    for day in DAYS:
        workshop.pull([exports.write(tmp_path / f"cut-{day}", day=day)])
        workshop.make(day)
        cut = content(workshop, tables)
        for table in tables:
            told = [differences(*pair) for pair in zip(whole[day][table], cut[table], strict=True)]
            assert "".join(told) == "", f"{table} at {day}"
        assert cut["facts.customer_facts"]


def test_neither_the_order_of_rows_nor_the_number_of_threads_changes_what_is_published(
    exports: Exports, workshop: Workshop, synthetic: Settings, tmp_path: Path
) -> None:
    public = public_tables(read_manifest(workshop.settings))
    # The workshop leaves out seeds: their rows come from no source.
    tables = [
        f"{each.schema}.{each.name}" for each in public if each.hashed and each.name not in OF_SEEDS
    ]
    found = []
    for seed in (None, 1, 2):
        workshop.pull([exports.write(tmp_path / f"order-{seed}", seed=seed)])
        workshop.make(LAST)
        found.append(content(workshop, tables))
    two = Workshop(Settings(home=tmp_path / "two", policy_dir=synthetic.policy_dir, threads=2))
    prepare_manifest(two.settings)
    two.pull([exports.write(tmp_path / "order-3", seed=3)])
    two.make(LAST)
    found.append(content(two, tables))
    assert all(each == found[0] for each in found[1:])
