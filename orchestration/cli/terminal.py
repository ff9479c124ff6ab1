"""Where commands print for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """The terminal; imported late, since a quick command spends its time on imports."""
    from rich.console import Console

    # Paths and texts of customers stay as they are, also with [brackets] and :colons: in them.
    return Console(markup=False, emoji=False)
