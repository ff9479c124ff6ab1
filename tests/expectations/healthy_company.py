"""What every suite lets pass: a load of each canonical table, a warehouse and a release."""

from pathlib import Path

import duckdb
import yaml

from orchestration.canonical import CanonicalColumn, canonical_tables
from orchestration.settings import DBT_PROJECT

HERE = Path(__file__).parent
LOADED_ROWS = 200
FACTS = DBT_PROJECT / "models" / "facts" / "customer_facts.yml"
# A text that fits each type; SQL over the row number `n`.
TEXTS = {
    "text": "'text ' || n",
    "money": "(n * 1.25)::decimal(18, 2)::varchar",
    "number": "(n % 5 + 1)::varchar",
    "integer": "(n % 7)::varchar",
    "date": "(date '2024-01-01' + n::integer)::varchar",
    "timestamp": "(timestamp '2024-01-01 10:00:00' + interval (n) hour)::varchar || '+08:00'",
    "boolean": "(n % 2 = 0)::varchar",
}


def text_of(column: CanonicalColumn) -> str:
    if column.values:
        values = ", ".join(f"'{value.upper()}'" for value in column.values)
        return f"[{values}][n % {len(column.values)} + 1]"
    return TEXTS[column.data_type]


def load_of(table: str) -> duckdb.DuckDBPyConnection:
    """A database whose table `load` is a healthy load: all text, every column, no bad row."""
    columns = canonical_tables()[table].columns.values()
    texts = ", ".join(f'{text_of(column)} as "{column.name}"' for column in columns)
    memory = duckdb.connect()
    memory.execute(
        f"create table load as select n + 1 as _row, null::varchar as _malformed, {texts}"
        f" from range({LOADED_ROWS}) as numbers (n)"
    )
    return memory


def land(load: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Write `load` as landing does and close it."""
    path = folder / "data.parquet"
    with load:
        load.execute(f"copy load to '{path}' (format parquet)")
    return path


def make_warehouse(path: Path) -> None:
    (model,) = yaml.safe_load(FACTS.read_text("utf-8"))["models"]
    columns = ", ".join(f'"{one["name"]}" {one["data_type"]}' for one in model["columns"])
    with duckdb.connect(path) as warehouse:
        warehouse.execute(f"create schema facts; create table facts.customer_facts ({columns})")
        warehouse.execute((HERE / "healthy_warehouse.sql").read_text("utf-8"))


def make_release(path: Path, warehouse: Path) -> None:
    with duckdb.connect(path) as release:
        release.execute(f"attach '{warehouse}' as warehouse (read_only)")
        release.execute((HERE / "healthy_release.sql").read_text("utf-8"))
