"""Short names, made of where a segment lies among all customers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.segmentation.boxes import Box, Places
from orchestration.segmentation.features import Feature, Level
from orchestration.segmentation.frame import Frame, Numbers
from orchestration.segmentation.wording import rule_en, rule_zh

# A segment has much of a feature, or very much, when its median stands above these shares of all
# customers; little and very little when it stands as far below.
MUCH, VERY_MUCH = 0.6, 0.85
# A name has this many words, or more when it would be the name of two segments.
WORDS = 2


@dataclass(frozen=True)
class Name:
    """A name in both languages; each is of one segment only."""

    en: str
    zh: str


def names(frame: Frame, boxes: Sequence[Box], places: Places) -> list[Name]:
    """Name each box after where it stands in its most telling features, those of its rule first.

    A name mentions more of them where two would be equal otherwise, and at last the rule itself.
    """
    told = [_told(frame, box, places == place) for place, box in enumerate(boxes)]
    for words in range(WORDS, len(frame.features) + 1):
        named = [_name(each[:words]) for each in told]
        if _differ(named):
            return named
    return [
        Name(f"{name.en} ({rule_en(box)})", f"{name.zh}（{rule_zh(box)}）")
        for name, box in zip((_name(each[:WORDS]) for each in told), boxes, strict=True)
    ]


def code_of(name: Name, used: set[str]) -> str:
    """A code made of the English name that no segment has or had: `segment_frequent_big_spend`."""
    words = re.sub(r"[^a-z0-9]+", "_", name.en.partition(" (")[0].lower()).strip("_")
    code, count = f"segment_{words}", 1
    while code in used:
        count += 1
        code = f"segment_{words}_{count}"
    return code


def _told(frame: Frame, box: Box, members: NDArray[np.bool_]) -> list[tuple[Feature, Level]]:
    """Where the segment stands in each feature, in the order in which a name tells it."""
    ranks = {
        feature: _rank(frame.values[:, place], frame.values[members, place])
        for place, feature in enumerate(frame.features)
    }
    by_weight = sorted(frame.features, key=lambda each: (each not in box, -abs(ranks[each] - 0.5)))
    topics = [feature.topic for feature in by_weight]
    again = [topic in topics[:place] for place, topic in enumerate(topics)]
    told = [by_weight[place] for place in sorted(range(len(again)), key=again.__getitem__)]
    return [(feature, _level(ranks[feature])) for feature in told]


def _rank(everybody: Numbers, members: Numbers) -> float:
    """Which share of all customers the median of the members stands above; ties count half."""
    known = everybody[~np.isnan(everybody)]
    if np.isnan(members).all():
        return 0.5
    middle = np.nanmedian(members)
    return float(np.mean(known < middle) + np.mean(known == middle) / 2)


def _level(rank: float) -> Level:
    distance = max(rank, 1 - rank)
    if distance <= MUCH:
        return 0
    if rank > MUCH:
        return 2 if distance > VERY_MUCH else 1
    return -2 if distance > VERY_MUCH else -1


def _name(told: Sequence[tuple[Feature, Level]]) -> Name:
    en = ", ".join(feature.en.of(level) for feature, level in told)
    return Name(en[:1].upper() + en[1:], "".join(feature.zh.of(level) for feature, level in told))


def _differ(named: Sequence[Name]) -> bool:
    return all(
        len({getattr(name, language) for name in named}) == len(named) for language in ("en", "zh")
    )
