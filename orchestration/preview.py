"""Preview a policy: classify the published day by it, in a warehouse of its own; publish nothing.

The preview is built as a run builds it, from the same landing and the history before the day, so a
run of that day under the new policy decides the same, customer by customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.building import build_warehouse
from orchestration.duckdb_files import attach_read_only, working_connection
from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.engine_errors import values_kept_back
from orchestration.history import CalibrationOrder, ordered_calibrations
from orchestration.inputs import opened_warehouse, register_inputs
from orchestration.inputs.decided import write_orders
from orchestration.policy import load_policy
from orchestration.progress import Progress
from orchestration.pseudonyms import key_of_release
from orchestration.publishing import PseudonymKey, Release, pseudonym
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file
from orchestration.trials import PREVIEW, published_now, trial

SHOWN_MOVERS = 10


@dataclass(frozen=True)
class Moved:
    """Customers who go from one class of a scheme to another; None is outside its population.

    Attributes:
        scheme: its id; where several classes may fit, the column of one of them, true or false.
        net_amount_365d: of these customers together, in base currency.
    """

    scheme: str
    from_class: str | None
    to_class: str | None
    customers: int
    net_amount_365d: Decimal


@dataclass(frozen=True)
class Mover:
    """One customer who changes class, by the id that the release gives it."""

    customer_id: str
    scheme: str
    from_class: str | None
    to_class: str | None
    net_amount_365d: Decimal


@dataclass(frozen=True)
class Preview:
    """What a policy would change.

    Attributes:
        day: the business day that is classified, that of the current release.
        moved: who goes from where to where, the most customers of a scheme first.
        top_movers: the customers with the most net amount among those who move.
        added, removed: schemes that only the new, or only the published policy has.
        empty: (scheme, class) that nobody would be in, although somebody is or the class is new.
        refusals: what gate 2 would refuse, for people.
        warehouse: where it can be queried, schema classification; the next preview replaces it.
    """

    day: date
    moved: tuple[Moved, ...]
    top_movers: tuple[Mover, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    empty: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]
    warehouse: Path


@values_kept_back()
def preview_policy(
    settings: Settings, policy_dir: Path, progress: Progress, calibrate: Sequence[str] = ()
) -> Preview:
    """Classify the day of the current release by the policy files in a folder, and compare.

    The cuts of the schemes in `calibrate` are computed anew, as if a person had ordered it. Nothing
    is pulled, kept in history or published, and a daily run may go on meanwhile.

    Raises:
        PolicyError, SourceError: the policy or the source file cannot be used.
        UnknownRelease: nothing is published yet that could be compared with.
        PseudonymError: the release was published under another key.
        RunLocked: another preview is being built.
        BuildFailed: a model failed.
    """
    from orchestration.expectations import audit

    policy = load_policy(policy_dir)
    source = load_source_file(settings.sources)
    release = published_now(settings)
    key = key_of_release(settings, release)
    tried = replace(settings, policy_dir=policy_dir.absolute())
    truths = (settings.landing, settings.history)
    with trial(tried, PREVIEW, f"tiers preview {policy_dir}", *truths) as home:
        progress.say(f"preview: classifying {release.as_of} by {policy_dir}")
        register_inputs(home, source, policy, as_of=release.as_of, run_id="preview")
        if calibrate:
            _order(home, release.as_of, calibrate)
        build_warehouse(home, tests=False, progress=progress)
        refusals = audit("warehouse", home.warehouse, config=home.duckdb_config).failures
        return _compared(release, home.warehouse, key, tuple(map(str, refusals)))


def _order(home: Settings, day: date, schemes: Sequence[str]) -> None:
    """Add an order to those in force, in the warehouse of the trial only."""
    order = CalibrationOrder(day, tuple(schemes), "preview", datetime.now(UTC))
    with opened_warehouse(home.warehouse) as warehouse:
        write_orders(warehouse, [*ordered_calibrations(home.history, until=day), order])


def _compared(
    release: Release, warehouse: Path, key: PseudonymKey | None, refusals: tuple[str, ...]
) -> Preview:
    with working_connection(warehouse.parent, None) as con:
        for name, path in (("published", release.database), ("trial", warehouse)):
            attach_read_only(con, path, name)
        who = pseudonym("customer_id") if key else "customer_id"
        for table in ("facts.customer_facts", "classification.customer_classes"):
            con.execute(
                f"create temp table {table.partition('.')[2]} as"
                f" select * replace ({who} as customer_id) from trial.{table}",
                key.bound if key else {},
            )
        before, now = _columns(con, "published.main"), _columns(con, "trial.classification")
        con.execute(f"create temp view moves as {_moves(sorted({*before} & {*now}))}")
        moved = con.execute(
            "select scheme, from_class, to_class, count(*) as customers, sum(net_amount_365d)"
            " from moves group by all order by scheme, customers desc, from_class, to_class"
        ).fetchall()
        movers = con.execute(
            "from moves order by net_amount_365d desc, customer_id, scheme limit ?", [SHOWN_MOVERS]
        ).fetchall()
        empty = con.execute(
            "select now.scheme, now.class_code"
            " from trial.classification.scheme_distribution as now"
            " left join published.main.scheme_distribution as was using (scheme, class_code)"
            " where now.customers = 0 and was.customers is distinct from 0"
            " and class_code not in ('unclassified', 'unknown') order by scheme, now.position"
        ).fetchall()
    return Preview(
        day=release.as_of,
        moved=tuple(Moved(*row) for row in moved),
        top_movers=tuple(Mover(*row) for row in movers),
        added=tuple(sorted({*now.values()} - {*before.values()})),
        removed=tuple(sorted({*before.values()} - {*now.values()})),
        empty=tuple(empty),
        refusals=refusals,
        warehouse=warehouse,
    )


def _columns(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, str]:
    """The columns of customer_classes that hold a class, and the scheme of each."""
    found = con.execute(
        f"select distinct column_name, scheme from {schema}.scheme_catalogue"
        " where enabled and not sensitive"
    ).fetchall()
    return dict(found)


def _moves(columns: Sequence[str]) -> str:
    """SQL: one row per customer and column of a class that differs."""
    return " union all ".join(
        f"select customer_id, {quote_text(column)} as scheme,"
        f" cast(was.{quote_name(column)} as varchar) as from_class,"
        f" cast(now.{quote_name(column)} as varchar) as to_class,"
        " coalesce(facts.net_amount_365d, 0) as net_amount_365d"
        " from published.main.customer_classes as was"
        " full join customer_classes as now using (customer_id)"
        " left join customer_facts as facts using (customer_id)"
        f" where was.{quote_name(column)} is distinct from now.{quote_name(column)}"
        for column in columns
    )
