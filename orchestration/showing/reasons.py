"""Explanations for people: what `tiers explain` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.explaining import Explanation, Language

NOBODY: Mapping[Language, str] = {
    "en": "no class, since it is outside the population.",
    "zh": "不在适用范围内，没有类别。",
}


def show_explanations(
    console: Console,
    customer: str,
    day: date,
    explanations: Sequence[Explanation],
    language: Language,
) -> None:
    """Per scheme the class and why; after ↑ what reaches the next one, after ↓ what loses it.

    Where no class is better than another, → stands before both.
    """
    heading = f"{customer}, {day}"
    if not explanations:
        console.print(f"{heading}: {NOBODY[language]}", markup=False, highlight=False)
        return
    console.print(heading, style="bold", markup=False, highlight=False)
    for one in explanations:
        title = Text.assemble((one.scheme, "bold"), f" {one.name}: {one.class_code}")
        console.print(title)
        lines = [one.reason]
        up, down = ("↑", "↓") if one.is_ranked else ("→", "→")
        lines += [f"{up} {one.gap}"] if one.gap else []
        lines += [f"{down} {one.loses}"] if one.loses else []
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 4)))
