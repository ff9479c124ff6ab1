"""Dirty tables through landing and staging: every row has one fate, every cell its value."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import dirt
import duckdb
import pytest
import yaml
from budget import examples
from home_fixtures import MakeSettings
from hypothesis import given
from hypothesis import strategies as st
from oracle.cells import UNREADABLE
from oracle.landed import loads
from oracle.staged import judged
from oracle.tables import TABLES
from oracle.workshop import Workshop

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata")
SCALES = {"money": 4, "number": 8}
# An order in a currency without a rate waits for one; other tests look at those.
LEFT_OUT = {"orders": {"currency"}}
Sizes = Mapping[str, tuple[int, ...]]


@pytest.fixture(scope="module")
def workshop(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where every company of this module is staged in turn."""
    settings = replace(new_home(tmp_path_factory.mktemp("home")), threads=1)
    return Workshop(settings, selection=("--select", "staging"))


def write(folder: Path, sizes: Sizes, seed: int, zone: str) -> Path:
    """Files of so many rows, and the source file over them."""
    tables = {}
    for table, counts in sizes.items():
        kept = [name for name in TABLES[table].columns if name not in LEFT_OUT.get(table, ())]
        for number, count in enumerate(counts):
            rows = [
                dict(zip(TABLES[table].columns, row, strict=True))
                for row in dirt.rows(table, seed + number, count)
            ]
            with (folder / f"{table}-{number}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, quoting=csv.QUOTE_ALL)
                writer.writerow(kept)
                writer.writerows([row[name] for name in kept] for row in rows)
        tables[table] = [{"from": "files", "path": f"{table}-*.csv", "delimiter": ","}]
    source = folder / "sources.yml"
    source.write_text(yaml.safe_dump({"timezone": zone, "base_currency": "CNY", "tables": tables}))
    return source


@examples(12)
@given(
    st.fixed_dictionaries(
        {"orders": st.lists(st.integers(0, 12), min_size=1, max_size=3).map(tuple)},
        optional={
            name: st.lists(st.integers(0, 12), min_size=1, max_size=3).map(tuple)
            for name in TABLES
            if name != "orders"
        },
    ),
    st.integers(0, 2**32),
    st.sampled_from(ZONES),
)
def test_every_row_of_dirty_tables_has_its_fate_and_value(
    workshop: Workshop, sizes: Sizes, seed: int, zone: str
) -> None:
    with TemporaryDirectory() as folder:
        workshop.pull([write(Path(folder), sizes, seed, zone)])
        workshop.make(date(2024, 6, 30))
    with duckdb.connect(workshop.settings.warehouse, read_only=True) as warehouse:
        ledger = "landed - staged - superseded - duplicate - deleted - waiting - quarantined"
        assert warehouse.execute(f"from staging.ledger where {ledger} <> 0").fetchall() == []
        for table in sizes:
            check(warehouse, workshop.settings.landing, table, zone)


def check(warehouse: duckdb.DuckDBPyConnection, landing: Path, table: str, zone: str) -> None:
    """The fate and the values of every row of a table against the independent reading."""
    ids = {load.load_id: load.sequence for load in loads(landing, table)}
    columns = TABLES[table].columns
    found = {
        (ids[load], row): (fate, reason, column, values)
        for load, row, fate, reason, column, *values in warehouse.execute(
            "select _load_id, _row, _fate, _reason, _reason_column,"
            f" {', '.join(columns)} from staging.landed_{table}"
        ).fetchall()
    }
    wanted = judged(landing, table, ZoneInfo(zone))
    assert found.keys() == set(zip(wanted["_sequence"], wanted["_row"], strict=True))
    for row in wanted.to_dict("records"):
        fate, reason, column, values = found[row["_sequence"], row["_row"]]
        assert fate == row["_fate"], row
        assert (fate == "quarantined") == bool(reason) == bool(column), row
        means = [scaled(value, kind) for value, kind in zip(values, columns.values(), strict=True)]
        told = [None if row[name] is UNREADABLE else plain(row[name]) for name in columns]
        assert means == told, row


def scaled(value: object, kind: str) -> object:
    """A staged value as the independent reading has it: numbers as whole numbers of units."""
    return int(value.scaleb(SCALES[kind])) if isinstance(value, Decimal) else value


def plain(value: Any) -> Any:
    """A missing value of any kind as None."""
    return None if value is None or value != value else value
