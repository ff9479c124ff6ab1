"""Advice on a terminal: the change that is best for each scheme, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from orchestration.showing.columns import folded

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.advising import Kept

TITLES = {
    "en": ("scheme", "change", "from", "to", "tells now", "would tell", "gain"),
    "zh": ("方案", "改动", "由", "改为", "现在", "改后", "增益"),
}
NEXT = {
    "en": "To try one: tiers advise {} --write DIR, and then tiers preview DIR.",
    "zh": "试用其一：tiers advise {} --write DIR，再运行 tiers preview DIR。",
}
WRITTEN = {
    "en": "{} is a copy of the policy with only that changed. Who would move: tiers preview {}",
    "zh": "{} 是策略的副本，只改了这一处。查看哪些客户会变动：tiers preview {}",
}


def show_advice(console: Console, found: Sequence[Kept], language: str) -> None:
    """Print what is advised, then why nothing is of the others."""
    advised = [each for each in found if each.place]
    table = Table(*folded(*TITLES[language]))
    for each in advised:
        gain = f"{each.low:.3f} – {each.high:.3f}"
        numbers = (f"{each.value_now:.3f}", f"{each.value_then:.3f}", gain)
        table.add_row(each.scheme, each.place, each.from_value, each.to_value, *numbers)
    if advised:
        console.print(table)
    for each in found:
        note = each.note_zh if language == "zh" else each.note_en
        console.print(f"{each.scheme}: {note}", highlight=False, soft_wrap=True)
    if advised:
        told = NEXT[language].format(advised[0].scheme)
        console.print(told, highlight=False, soft_wrap=True)


def show_written(console: Console, advice: Kept, folder: Path, language: str) -> None:
    """Say what was changed in the copy, and how to see whom it would move."""
    console.print(
        f"{advice.scheme}: {advice.place} {advice.from_value} → {advice.to_value}. "
        + WRITTEN[language].format(folder, folder),
        highlight=False,
        soft_wrap=True,
    )
