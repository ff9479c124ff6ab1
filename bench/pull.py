"""Measure a pull from PostgreSQL against COPY of the same table.

    python -m bench.pull --rows 10000000

Starts a PostgreSQL, or uses the one whose URL BENCH_DATABASE_URL holds, fills a table of orders,
lets COPY send it to a client that throws it away, pulls it, changes a hundredth of it, and pulls
again. Ends with an error when a pull takes more than 2 GiB, or lands anything else than it should.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from bench.measure import Measured, measure
from bench.servers import Database, PostgreSQLServer
from orchestration.landing import committed_loads, pull_table
from orchestration.landing.receipts import Load
from orchestration.sources.source_file import load_source_file

SCRATCH = Path(__file__).parents[1] / "data" / "bench" / "pull"
URL, TABLE, MOST_GIB, CHANGED = "BENCH_DATABASE_URL", "bench_orders", 2.0, 100
SOURCE = f"""timezone: UTC
base_currency: EUR
tables:
  orders:
  - {{name: shop, from: database, url: env:{URL}, table: {TABLE}, cursor: updated_at}}
"""
COLUMNS = """
    lpad(n::text, 9, '0') as order_id, 'c' || n % 999983 as customer_id,
    timestamptz '2015-01-01' + n * interval '10 seconds' as ordered_at,
    (n::bigint * 7919 % 1000000 / 100.0)::numeric(18,2) as amount,
    (array['completed', 'cancelled'])[1 + n % 2] as status, 'EUR' as currency,
    (n % 300 / 100.0)::numeric(18,2) as discount_amount, n % 5 as channel,
    nullif('P' || n % 40, 'P0') as promo_code,
    timestamptz '2015-01-01' + n * interval '10 seconds' as updated_at
"""


@contextmanager
def database() -> Iterator[Database]:
    """The one that the environment names, or a new one."""
    if url := os.environ.get(URL):
        yield Database("postgresql", url)
        return
    with PostgreSQLServer() as server, server.database() as made:
        yield made


def fill(orders: Database, rows: int) -> None:
    """Make the table anew."""
    orders.execute(
        f"drop table if exists {TABLE}",
        f"create table {TABLE} as select {COLUMNS} from generate_series(1, {rows}) as s(n)",
        f"create index on {TABLE} (updated_at)",
        f"vacuum analyze {TABLE}",
    )


def change(orders: Database) -> None:
    """A hundredth of the rows, spread over all of them, are changed at the end of all time."""
    orders.execute(
        f"update {TABLE} set amount = amount + 1, updated_at = later + interval '2 hours'"
        f" from (select max(updated_at) as later from {TABLE}) as latest"
        f" where right(order_id, 2) = '00'"
    )


def copy_seconds(orders: Database) -> float:
    """How long COPY takes to a client that throws away what it gets."""
    place = sa.make_url(orders.url).translate_connect_args(username="user", database="dbname")
    started = time.perf_counter()
    with (
        psycopg.connect(**place) as connection,
        connection.cursor().copy(f"copy {TABLE} to stdout") as copied,
    ):
        for _ in copied:
            pass
    return time.perf_counter() - started


def pull(scratch: Path) -> None:
    """One pull, in this process."""
    source = load_source_file(scratch / "sources.yml")
    pull_table(
        "orders", source, scratch / "landing", audit=lambda table, parquet: None, report=print
    )


def measured_pull(orders: Database, scratch: Path, number: int) -> tuple[Measured, Load]:
    """One pull in a process of its own, and its load. Raises SystemExit beyond the limit."""
    log = scratch / f"pull_{number}.log"
    command = [sys.executable, "-m", "bench.pull", "--only-pull", str(scratch)]
    measured = measure(command, {URL: orders.url}, log)
    loads = committed_loads(scratch / "landing", "orders")
    if len(loads) != number:
        raise SystemExit(f"There are {len(loads)} loads after {number} pulls; see {log}.")
    if measured.peak_gib > MOST_GIB:
        raise SystemExit(f"Pulling took {measured.peak_gib:.2f} GiB; {MOST_GIB} is the most.")
    return measured, loads[-1]


def run(rows: int, scratch: Path) -> None:
    """The bench, and its table; `scratch` is emptied first."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    (scratch / "sources.yml").write_text(SOURCE, "utf-8")
    with database() as orders:
        print(f"filling a table with {rows:,} rows …", file=sys.stderr)
        fill(orders, rows)
        copied = copy_seconds(orders)
        first, load = measured_pull(orders, scratch, 1)
        if load.rows != rows:
            raise SystemExit(f"Of {rows:,} rows, {load.rows:,} landed.")
        change(orders)
        second, changed = measured_pull(orders, scratch, 2)
        if changed.rows != rows // CHANGED:
            raise SystemExit(f"Of {rows // CHANGED:,} changed rows, {changed.rows:,} landed.")
    print(f"{rows:,} rows of ten columns. Ratios are to COPY.")
    print(f"{'':34}{'seconds':>9}{'ratio':>7}{'CPU s':>8}{'peak GiB':>10}{'rows read':>12}")
    print(f"{'COPY to a client that keeps nothing':34}{copied:8.1f}{1:7.2f}{'':18}{rows:12,}")
    for name, one, its in (
        ("pull everything", first, load),
        ("  of it, reading and writing", None, load),
        ("pull after 1 % changed", second, changed),
    ):
        seconds = one.seconds if one else its.seconds
        process = f"{one.cpu_seconds:8.1f}{one.peak_gib:10.2f}" if one else f"{'':18}"
        print(f"{name:34}{seconds:9.1f}{seconds / copied:7.2f}{process}{its.read_rows:12,}")


def main() -> None:
    """Run the bench; with --only-pull, the part of it that is measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.pull", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only-pull", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only_pull:
        pull(chosen.only_pull)
    else:
        run(chosen.rows, SCRATCH)


if __name__ == "__main__":
    main()
