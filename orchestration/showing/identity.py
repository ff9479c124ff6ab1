"""Customers who may be one, for people."""

from __future__ import annotations

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from orchestration.identity import Candidates
from orchestration.showing.columns import folded

NOTHING = (
    "No two customers share a contact. They are compared while the source file has `identity`."
)
APPROVE = (
    "To approve a pair, add a row to a source of customer_merges: customer_id, into_customer_id,"
    " approved_by, approved_at. The next run takes the first for the second; `yes` under is_deleted"
    " takes it back."
)


def show_candidates(console: Console, found: Candidates) -> None:
    """Pairs of ids with what they share, what was left out, and how to approve."""
    for kind, contacts, customers in found.common:
        console.print(
            f"Left out: {contacts:,} × {kind} that more than 10 customers have each,"
            f" {customers:,} customers in all.",
            highlight=False,
        )
    if not found.pairs:
        console.print(NOTHING)
        return
    table = Table(*folded("customer", "other customer", "they share", ""), box=SIMPLE)
    for one, other, phone, email, code, is_merged in found.pairs:
        shared = {"phone": phone, "e-mail": email, "registration code": code}
        told = ", ".join(name for name, is_same in shared.items() if is_same)
        table.add_row(one, other, told, "merged" if is_merged else "")
    console.print(table)
    if found.count > len(found.pairs):
        console.print(f"{found.count - len(found.pairs):,} more: --limit shows them.")
    console.print(APPROVE)
    if found.are_pseudonyms:
        console.print("These are pseudonyms; a row takes ids, and --ids shows them.")
