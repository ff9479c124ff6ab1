"""What a release says of its classes: the end of a run, and the table of `tiers classes`."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.explaining import UnknownScheme
from orchestration.showing.columns import folded

if TYPE_CHECKING:
    from orchestration.publishing import Release

CLASSES = """
select scheme, class_code, class_zh, customers, share, is_suppressed
from scheme_distribution
where len($schemes) = 0 or scheme in (select unnest($schemes))
order by scheme, position
"""
TOTALS = """
select customers, purchases, net_amount, base_currency, quarantined_rows, smallest_group,
    (select count(distinct scheme) from scheme_distribution) as schemes
from release_info
"""
# The schemes in which most customers changed class; the others are in the report.
MOVES = """
select scheme, count(*) as customers
from class_changes
where as_of_date = (select as_of_date from release_info)
group by scheme
order by customers desc, scheme
"""
MOST_MOVES = 5


def show_end(console: Console, release: Release, served: Path, seconds: float) -> None:
    """The end of a run: totals, what changed, what to look at, and where it stands."""
    with duckdb.connect(release.database, read_only=True) as con:
        (totals,) = con.execute(TOTALS).fetchall()
        moves = con.execute(MOVES).fetchall()
    customers, purchases, net_amount, currency, quarantined, _, schemes = totals
    # A source without orders has no totals of them.
    bought = "" if purchases is None else f", {purchases:,} purchases"
    bought += "" if net_amount is None else f", net {net_amount:,.2f} {currency}"
    told = [
        f"{release.as_of}: {customers:,} customers in {schemes} schemes{bought}; "
        f"{seconds:.0f} seconds.",
        _changes(moves),
        "How many are in each class: `tiers classes`. Why a customer is: `tiers explain CUSTOMER`.",
    ]
    if quarantined:
        told.append(f"{quarantined:,} rows are in quarantine: `tiers quarantine` says why.")
    if release.is_current:
        told += [f"Published: {served}", f"To read: {served.with_name(release.page.name)}"]
    else:
        told.append(f"Kept as {release.database}; `current` shows a later day.")
        told.append(f"To read: {release.page}")
    for line in told:
        console.print(line, highlight=False, soft_wrap=True)


def _changes(moves: list[tuple[str, int]]) -> str:
    if not moves:
        return "No class changed."
    most = ", ".join(f"{scheme} {customers:,}" for scheme, customers in moves[:MOST_MOVES])
    more = ", …" if len(moves) > MOST_MOVES else ""
    return f"Classes that changed: {sum(moved for _, moved in moves):,} ({most}{more})."


def show_classes(console: Console, release: Release, schemes: Collection[str]) -> None:
    """How many customers are in each class of these schemes, or of all.

    Raises UnknownScheme, naming those that the release has.
    """
    with duckdb.connect(release.database, read_only=True) as con:
        classes = con.execute(CLASSES, {"schemes": list(schemes)}).fetchall()
        (totals,) = con.execute(TOTALS).fetchall()
        known = con.execute("select distinct scheme from scheme_distribution order by 1").fetchall()
    if unknown := sorted(set(schemes) - {scheme for (scheme,) in known}):
        raise UnknownScheme(
            f"{release.as_of} is not classified by {', '.join(unknown)}. Its schemes: "
            f"{', '.join(scheme for (scheme,) in known)}."
        )
    columns = folded("scheme", "class", "")
    table = Table(*columns, title=f"Classes on {release.as_of}", title_justify="left")
    table.add_column("customers", justify="right")
    table.add_column("share", justify="right")
    for scheme, rows in groupby(classes, key=lambda row: row[0]):
        # A class that nobody fits is worth a line; that nobody is left over is not.
        shown = [row for row in rows if row[1] != "unclassified" or row[3] != 0]
        for position, (_, code, label, customers, share, is_suppressed) in enumerate(shown):
            name = scheme if position == 0 else ""
            part = "" if share is None else f"{share:.1%}"
            table.add_row(name, code, label, "few" if is_suppressed else f"{customers:,}", part)
        table.add_section()
    console.print(table)
    if any(row[5] for row in classes):
        console.print(
            f"few: < {totals[5]} customers, or what would tell such a number by subtraction.",
            highlight=False,
        )
