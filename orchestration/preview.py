"""Preview a policy: classify the published day by it, in a warehouse of its own; publish nothing.

The preview is built as a run builds it, from the same landing and the history before the day, so a
run of that day under the new policy decides the same, customer by customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.building import build_warehouse
from orchestration.inputs import register_inputs
from orchestration.policy import load_policy
from orchestration.progress import Progress
from orchestration.publishing import Release, UnknownRelease, list_releases
from orchestration.run_lock import run_lock
from orchestration.settings import Settings
from orchestration.sources.source_file import load_source_file
from orchestration.sources.sql import identifier, literal

SHOWN_MOVERS = 10


@dataclass(frozen=True)
class Moved:
    """Customers who go from one class of a scheme to another; None is outside its population.

    Attributes:
        net_amount_365d: of these customers together, in base currency.
    """

    scheme: str
    from_class: str | None
    to_class: str | None
    customers: int
    net_amount_365d: Decimal


@dataclass(frozen=True)
class Mover:
    """One customer who changes class."""

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
        empty: (scheme, class) that nobody would be in.
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


def preview_policy(settings: Settings, policy_dir: Path, progress: Progress) -> Preview:
    """Classify the day of the current release by the policy files in a folder, and compare.

    Nothing is pulled, kept in history or published, and a daily run may go on meanwhile.

    Raises:
        PolicyError, SourceError: the policy or the source file cannot be used.
        UnknownRelease: nothing is published yet that could be compared with.
        RunLocked: another preview is being built.
        BuildFailed: a model failed.
    """
    from orchestration.expectations import audit

    policy = load_policy(policy_dir)
    source = load_source_file(settings.sources)
    release = _current(settings)
    trial = replace(settings, home=settings.home / "preview", policy_dir=policy_dir.absolute())
    with run_lock(trial.home, f"tiers preview {policy_dir}"):
        for truth in (settings.landing, settings.history):
            _link(trial.home / truth.name, truth)
        progress.say(f"preview: classifying {release.as_of} by {policy_dir}")
        register_inputs(trial, source, policy, as_of=release.as_of, run_id="preview")
        build_warehouse(trial, tests=False, progress=progress)
        refusals = audit("warehouse", trial.warehouse).failures
        return _compared(release, trial.warehouse, tuple(str(refusal) for refusal in refusals))


def _current(settings: Settings) -> Release:
    for release in list_releases(settings.releases):
        if release.is_current:
            return release
    raise UnknownRelease("Nothing is published yet. `tiers run` publishes what a preview needs.")


def _link(link: Path, truth: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(truth, target_is_directory=True)


def _compared(release: Release, warehouse: Path, refusals: tuple[str, ...]) -> Preview:
    with duckdb.connect() as con:
        for name, path in (("published", release.database), ("trial", warehouse)):
            con.execute(f"attach {literal(str(path))} as {name} (read_only)")
        before, now = _schemes(con, "published.main"), _schemes(con, "trial.classification")
        con.execute(f"create temp view moves as {_moves(before, now)}")
        moved = con.execute(
            "select scheme, from_class, to_class, count(*) as customers, sum(net_amount_365d)"
            " from moves group by all order by scheme, customers desc, from_class, to_class"
        ).fetchall()
        movers = con.execute(
            "from moves order by net_amount_365d desc, customer_id, scheme limit ?", [SHOWN_MOVERS]
        ).fetchall()
        empty = con.execute(
            "select scheme, class_code from trial.classification.scheme_distribution"
            " where customers = 0 and class_code <> 'unclassified' order by scheme, position"
        ).fetchall()
    return Preview(
        day=release.as_of,
        moved=tuple(Moved(*row) for row in moved),
        top_movers=tuple(Mover(*row) for row in movers),
        added=tuple(scheme for scheme in now if scheme not in before),
        removed=tuple(scheme for scheme in before if scheme not in now),
        empty=tuple(empty),
        refusals=refusals,
        warehouse=warehouse,
    )


def _schemes(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, str]]:
    """Per public scheme that is on: the columns that tell its classes, each with a class code."""
    rows = con.execute(
        f"select scheme, column_name, class_code from {schema}.scheme_catalogue"
        " where enabled and not sensitive order by scheme, position"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for scheme, column, code in rows:
        found.setdefault(scheme, {})[column] = code
    return found


def _moves(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> str:
    """SQL: one row per customer and scheme whose class differs."""
    return " union all ".join(
        f"select customer_id, {literal(scheme)} as scheme,"
        f" {_class_text('was', scheme, before[scheme])} as from_class,"
        f" {_class_text('now', scheme, now[scheme])} as to_class,"
        " coalesce(facts.net_amount_365d, 0) as net_amount_365d"
        " from published.main.customer_classes as was"
        " full join trial.classification.customer_classes as now using (customer_id)"
        " left join trial.facts.customer_facts as facts using (customer_id)"
        " where from_class is distinct from to_class"
        for scheme in before
        if scheme in now
    )


def _class_text(row: str, scheme: str, codes: Mapping[str, str]) -> str:
    """SQL: the class as one text; of several that fit, their codes as class_changes has them."""
    if scheme in codes:
        return f"{row}.{identifier(scheme)}"
    fitting = ", ".join(
        f"case when {row}.{identifier(column)} then {literal(code)} end"
        for column, code in codes.items()
    )
    classified = f"{row}.{identifier(next(iter(codes)))} is not null"
    return f"case when {classified} then concat_ws('; ', {fitting}) end"
