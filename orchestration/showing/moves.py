"""Who would change class: under another policy, or with cuts computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from orchestration.showing.columns import folded

if TYPE_CHECKING:
    from orchestration.drift import Drift
    from orchestration.preview import Preview


def show_preview(console: Console, found: Preview) -> None:
    """Who goes from where to where, whose money moves most, and what would be empty or refused."""
    moves = f"Moves on {found.day}"
    table = Table(*folded("scheme", "from", "to"), title=moves, title_justify="left")
    table.add_column("customers", justify="right", no_wrap=True)
    table.add_column("net amount 365d", justify="right", no_wrap=True)
    for moved in found.moved:
        amount = f"{moved.net_amount_365d:,.2f}"
        table.add_row(
            moved.scheme,
            *_classes(moved.from_class, moved.to_class),
            f"{moved.customers:,}",
            amount,
        )
    console.print(table if found.moved else "Nobody would change class.")
    if found.top_movers:
        columns = folded("customer", "scheme", "from", "to")
        top = Table(*columns, title="The greatest of them")
        top.add_column("net amount 365d", justify="right", no_wrap=True)
        for mover in found.top_movers:
            amount = f"{mover.net_amount_365d:,.2f}"
            classes = _classes(mover.from_class, mover.to_class)
            top.add_row(mover.customer_id, mover.scheme, *classes, amount)
        console.print(top)
    for told, schemes in (("New schemes", found.added), ("Schemes that go", found.removed)):
        if schemes:
            console.print(f"{told}: {', '.join(schemes)}", highlight=False)
    if found.empty:
        empty = ", ".join(f"{scheme} {code}" for scheme, code in found.empty)
        console.print(f"Nobody would be in: {empty}", highlight=False)
    for refusal in found.refusals:
        console.print(f"Gate 2 would refuse {refusal}", highlight=False, markup=False)
    console.print(f"To look closer: {found.warehouse}", highlight=False, soft_wrap=True)


def show_drift(console: Console, found: Drift) -> None:
    """How far each ranked metric has moved, what its bounds would be anew, and who would move."""
    columns = folded("scheme", "ranked", "cuts of")
    table = Table(*columns, title=f"Drift on {found.day}", title_justify="left")
    table.add_column("stability index", justify="right", no_wrap=True)
    for metric in found.metrics:
        index = "–" if metric.index is None else f"{metric.index:.3f}"
        table.add_row(metric.scheme, metric.dimension, f"{metric.computed_on}", index)
    console.print(table)
    if found.preview is None:
        console.print(
            "No scheme has left its cuts. Name one to see what new cuts would change all the same."
        )
        return
    columns = folded("scheme", "ranked", "band")
    bounds = Table(*columns, title="Its bounds, as they are and anew")
    for title in ("kept", "anew"):
        bounds.add_column(title, justify="right", no_wrap=True)
    for bound in found.bounds:
        kept, anew = (
            f"{each:,f}" if each is not None else "–" for each in (bound.kept, bound.anew)
        )
        bounds.add_row(bound.scheme, bound.dimension, bound.band, kept, anew)
    console.print(bounds)
    show_preview(console, found.preview)
    schemes = " ".join(sorted({bound.scheme for bound in found.bounds}))
    console.print(f"To do it: tiers calibrate --reason '…' {schemes}", highlight=False)


def _classes(*codes: str | None) -> tuple[str, ...]:
    return tuple(code or "–" for code in codes)
