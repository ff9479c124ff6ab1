"""How the store is shown to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.store.state import Listing, Pointer

if TYPE_CHECKING:
    from rich.console import Console


def show_store(console: Console, url: str, pointer: Pointer | None, listing: Listing) -> None:
    """What readers of a store see, who changed it last, and how much it holds."""
    from rich.table import Table

    if pointer is None:
        console.print(f"{url} is empty: the first run of a new home begins it.", highlight=False)
        return
    console.print(f"Readers of {url} see {pointer.release or 'nothing yet'}.", highlight=False)
    console.print(f"Change {pointer.token}, by {pointer.who}.", highlight=False)
    table = Table("what", "files", "bytes")
    for kind in sorted({path.partition("/")[0] for path in listing}):
        sizes = [each.bytes for path, each in listing.items() if path.startswith(f"{kind}/")]
        table.add_row(kind, f"{len(sizes):,}", f"{sum(sizes):,}")
    console.print(table)
