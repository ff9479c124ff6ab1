"""A home with loads, days and releases of a person and of others, made without a single run."""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb
from erasing_maker import ask_to_erase, nobody_is_merged

from orchestration.durable import make_folder
from orchestration.erasing.recovery import recover
from orchestration.erasing.requests import FOLDER
from orchestration.history import commit_day, committed_days, drop_from
from orchestration.landing import committed_loads, pull_table, reject
from orchestration.landing.rewriting import kept_loads
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file

PERSON, TRACES = "K-7731-Zq", ("7731-Zq", "ERZUK-")
SOURCE = """
timezone: UTC
base_currency: EUR
tables:
  customers: [{from: files, path: "customers*.csv"}]
  orders: [{from: files, path: "orders*.csv"}]
  order_lines: [{from: files, path: "lines*.csv"}]
"""
FILES = {
    "customers": f"customer_id,name,referrer_id\na,Ann,{PERSON}\nb,Bo,a\n{PERSON},Zq,a\n",
    "orders1": f"order_id,customer_id,ordered_at,amount\n1,a,2024-01-01,1\nERZUK-1,{PERSON},,2\n",
    "orders2": f"order_id,customer_id,ordered_at,amount\n2,b,2024-01-01,1\nERZUK-2,{PERSON},,2\n",
    "orders3": f"order_id,customer_id,ordered_at,amount\n3,b,2024-01-01,1\nERZUK-3,{PERSON},,2\n",
    "lines": "order_id,line_no\n1,1\nERZUK-1,1\nERZUK-2,1\n",
}
# Where a run, a kill or a look may have left something of a person.
PLACES = (
    "warehouse.duckdb.tmp/duckdb_temp_storage_DEFAULT-0.tmp",
    "releases/.building/1/customer_tiers.duckdb",
    "releases/.removing/1/customer_facts.parquet.old",
    "releases/.set_aside/1.wal",
    "history/.incoming/1/rows",
    "landing/.incoming/1/rows",
    "preview/warehouse.duckdb.wal",
    "evaluation/panel.duckdb",
    "dbt/target/compiled.sql",
    "dbt/logs/dbt.log",
    ".bringing/landing/customers/1/data.parquet",
    "last_error.log",
)
FIRST = date(2024, 1, 1)


def make_home(home: Path) -> Settings:
    """Four loads and a rejected one, three days of history and one set aside, and leftovers."""
    settings = Settings(home=home, sources=home.parent / "source.yml", threads=1)
    make_folder(home)
    settings.sources.write_text(SOURCE)
    for name, content in FILES.items():
        (home.parent / f"{name}.csv").write_text(content)
    for table in ("customers", "orders", "order_lines"):
        pull(settings, table)
    reject(settings.landing, committed_loads(settings.landing, "orders")[-1].load_id, "twice")
    for number in range(3):
        decide(settings, number, f"run{number}")
    drop_from(settings.history, FIRST + timedelta(2))
    decide(settings, 2, "again")
    for place in PLACES:
        make_folder((home / place).parent)
        (home / place).write_text(f"{PERSON} was here")
    return settings


def decide(settings: Settings, number: int, run_id: str) -> None:
    """Commit one day to history."""
    day = FIRST + timedelta(number)
    build_warehouse(settings.warehouse, day)
    commit_day(settings.warehouse, settings.history, as_of=day, run_id=run_id, policy_hash="p")


def pull(settings: Settings, table: str) -> int:
    """Pull one table; returns how many loads landed."""
    pulled = pull_table(
        table,
        load_source_file(settings.sources),
        settings.landing,
        audit=lambda table, parquet: None,
        report=print,
        erasures=settings.home / FOLDER,
    )
    return len(pulled.landed)


def build_warehouse(warehouse: Path, day: date) -> None:
    """What a day keeps of a warehouse, and nobody merged."""
    warehouse.unlink(missing_ok=True)
    nobody_is_merged(warehouse)
    with duckdb.connect(warehouse) as con:
        con.execute("create schema landing; create schema classification")
        con.execute(f"create table landing.run_parameters as select date '{day}' as as_of_date")
        for table, column in (
            ("classes_to_keep", "as_of_date"),
            ("class_changes", "as_of_date"),
            ("cuts_in_force", "computed_on"),
            ("scheme_versions", "as_of_date"),
        ):
            ids = f"unnest(['a', 'b', '{PERSON}'])" if "class" in table else "'x'"
            con.execute(
                f"create table classification.{table} as"
                f" select {ids} as customer_id, date '{day}' as {column}"
            )


def erase_what_is_kept(settings: Settings) -> None:
    """A request, as `tiers erase` writes it down, and all of it but the run."""
    if not list((settings.home / FOLDER).glob("2*.json")):
        ask_to_erase(settings, PERSON)
    recover(settings, print)


def state_of_others(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of others that is kept, and that each receipt counts what is there."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    with duckdb.connect() as con:
        for load in kept_loads(settings.landing):
            kept = con.execute("from read_parquet(?)", [str(load.path)]).fetchall()
            assert len(kept) == load.rows - load.erased_rows
            rows[load.origin] = [row for row in kept if not is_trace(row)]
        for commit in committed_days(settings.history):
            for name, count in commit.rows.items():
                file = str(commit.path / f"{name}.parquet")
                kept = con.execute("from read_parquet(?)", [file]).fetchall()
                assert len(kept) == count
                rows[f"{commit.as_of} {name}"] = [row for row in kept if not is_trace(row)]
    return rows


def is_trace(row: tuple[object, ...]) -> bool:
    """Whether a row is the person's; that of somebody whom the person referred is not."""
    return any(trace in str(value) for trace in TRACES for value in row) and "Ann" not in row


def traces(settings: Settings) -> list[str]:
    """Files of the home in which the person stands, apart from what no run has made again."""
    found = []
    with duckdb.connect() as con:
        for path in (path for path in settings.home.rglob("*") if path.is_file()):
            content = path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                content += str(con.execute("from read_parquet(?)", [str(path)]).fetchall())
            found += [path.name for trace in TRACES if trace in content]
    return found


def request_of(settings: Settings) -> dict[str, object]:
    """The request as it is kept."""
    (path,) = (settings.home / FOLDER).glob("2*.json")
    return dict(json.loads(path.read_text("utf-8")))
