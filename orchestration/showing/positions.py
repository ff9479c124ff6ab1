"""Who may own a class."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from orchestration.positions import Position


def show_positions(console: Console, positions: Sequence[Position]) -> None:
    """Positions by category, each with the classes that it owns."""
    if not positions:
        console.print("No position matches. `tiers positions` lists them all.")
        return
    for code, group in groupby(positions, key=lambda position: position.category_code):
        members = list(group)
        title = f"{code}: {members[0].category_en} {members[0].category_zh}"
        console.print(title, style="bold", markup=False, highlight=False)
        for one in members:
            line = f"  {one.code}: {one.title_en} {one.title_zh}"
            console.print(line, markup=False, highlight=False)
            if one.classes:
                console.print(Padding(Text(one.classes, style="dim"), (0, 0, 0, 6)))
