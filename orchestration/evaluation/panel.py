"""The past replayed: what customers were on each origin, and what they did after it, in one file.

Each day is built as a run builds it, from the landing as it is now and with no history, so that no
later decision is known. What the landing tells of a day without a date of its own is as latest
known; `judged` tells which schemes cannot be judged by that.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.building import build_warehouse
from orchestration.duckdb_files import attach_read_only, working_connection
from orchestration.duckdb_sql import quote_text
from orchestration.evaluation.origins import CLASSED_ON, HORIZONS, is_closed
from orchestration.inputs import register_inputs, remember_build
from orchestration.policy import Policy
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.sources.source_file import SourceFile
from orchestration.trials import EVALUATION, trial

FILE = "panel.duckdb"
# Classes, facts, and all that they are made of; on Spark, everything.
SELECTED = ("--select", "+customer_classes")


@dataclass(frozen=True)
class Panel:
    """What a replay left, in a home of its own; the next one replaces it.

    The file has the tables
    `facts` (origin, and every column of facts.customer_facts),
    `classes` (CLASSED_ON, the origin, and every column of classification.customer_classes),
    `outcomes` (origin, horizon_days, customer_id, order_count, net_amount, is_active), a row per
    customer of an origin and horizon that is over on `day`,
    `schemes` (scheme, conditions_hash), and
    `supplied` (column_name), what of customers anybody supplies.

    Attributes:
        day: the day of the evaluation; in `facts` and `classes` it is the last origin.
        origins: the days before it, the earliest first.
        home: the settings of that home; its warehouse is built for `day`.
        history: what the home that is judged keeps; nothing in the panel knows of it.
    """

    day: date
    origins: tuple[date, ...]
    home: Settings
    history: Path

    @property
    def file(self) -> Path:
        """The DuckDB file."""
        return self.home.home / FILE

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The tables, to be read and to make temporary ones beside them."""
        with working_connection(self.home.home, self.home.duckdb_config) as con:
            attach_read_only(con, self.file, "panel")
            con.execute("set search_path = 'memory.main,panel.main'")
            yield con


@contextmanager
def replayed(
    settings: Settings,
    source: SourceFile,
    policy: Policy,
    day: date,
    origins: Sequence[date],
    progress: Progress,
    further: Sequence[date] = (),
) -> Iterator[Panel]:
    """Build the origins and then `day`, and hold the lock of their home for the block.

    The tables have the origins `further`, too; `Panel.origins` has not.

    Raises RunLocked while another evaluation is made, BuildFailed, and what `register_inputs` does.
    """
    with trial(settings, EVALUATION, "tiers evaluate", settings.landing) as home:
        panel = Panel(day, tuple(origins), home, settings.history)
        panel.file.unlink(missing_ok=True)
        days = sorted({*further, *origins, day})
        for number, origin in enumerate(days, start=1):
            progress.say(f"evaluation: replaying {origin} ({number} of {len(days)})")
            _build(home, source, policy, origin, progress)
            _take(panel, origin)
        _write_outcomes(panel, days[:-1])
        yield panel


def _build(
    home: Settings, source: SourceFile, policy: Policy, day: date, progress: Progress
) -> None:
    # What came in a build is known by the id of its run, so each has one of its own.
    register_inputs(home, source, policy, as_of=day, run_id=str(uuid.uuid4()))
    selection = SELECTED if home.engine == "duckdb" else ()
    build_warehouse(home, tests=False, selection=selection, progress=progress)
    # All that the next day continues is built, if not all there is.
    remember_build(home.warehouse)


@contextmanager
def _writing(panel: Panel) -> Iterator[duckdb.DuckDBPyConnection]:
    with working_connection(panel.home.home, panel.home.duckdb_config) as con:
        attach_read_only(con, panel.home.warehouse, "warehouse")
        con.execute(f"attach {quote_text(panel.file)} as panel")
        yield con


def _take(panel: Panel, origin: date) -> None:
    """Copy what customers were on a day that the warehouse is built for."""
    relations = {
        "facts": ("origin", "facts.customer_facts"),
        "classes": (CLASSED_ON, "classification.customer_classes"),
    }
    with _writing(panel) as con:
        for table, (column, relation) in relations.items():
            rows = f"select date '{origin}' as {column}, * from warehouse.{relation}"
            con.execute(f"create table if not exists panel.{table} as {rows} limit 0")
            con.execute(f"insert into panel.{table} by name {rows}")
        con.execute(
            "create or replace table panel.schemes as"
            " select scheme, conditions_hash from warehouse.classification.scheme_versions"
        )
        con.execute(
            "create or replace table panel.supplied as select column_name"
            " from warehouse.landing.supplied where table_name = 'customers'"
        )


def _write_outcomes(panel: Panel, origins: Sequence[date]) -> None:
    """What customers did after each origin, from the events of the newest day."""
    windows = [
        (origin, horizon, origin + timedelta(horizon))
        for origin in origins
        for horizon in HORIZONS
        if is_closed(origin, horizon, panel.day)
    ]
    with _writing(panel) as con:
        con.execute(
            "create table panel.outcomes (origin date, horizon_days bigint, customer_id varchar,"
            " order_count bigint, net_amount decimal(28, 4), is_active boolean)"
        )
        con.execute(f"create temp table events as {EVENTS}")
        for origin, horizon, until in windows:
            con.execute(OUTCOMES, {"origin": origin, "horizon": horizon, "until": until})


# As facts.customer_orders and facts.customer_refunds net them, each on its own date.
EVENTS = """
    select customer_id, order_date as event_date, gross_amount is not null as is_purchase,
        coalesce(gross_amount, 0) - coalesce(credit_amount, 0) as net_amount
    from warehouse.facts.order_events
    where gross_amount is not null or credit_amount is not null
    union all
    select coalesce(refunds.customer_id, orders.customer_id), refunds.refund_date, false,
        -refunds.amount
    from warehouse.staging.refunds as refunds
    left join warehouse.staging.orders as orders
        on refunds.order_id = orders.order_id and refunds.customer_id is null
"""
OUTCOMES = """
    insert into panel.outcomes
    with after as (
        select customer_id, count(*) filter (where is_purchase) as order_count,
            sum(net_amount) as net_amount
        from events
        where event_date > $origin and event_date <= $until
        group by customer_id
    )
    select $origin, $horizon, known.customer_id, coalesce(after.order_count, 0),
        coalesce(after.net_amount, 0), coalesce(after.order_count, 0) > 0
    from panel.facts as known
    left join after on known.customer_id = after.customer_id
    where known.origin = $origin
"""
