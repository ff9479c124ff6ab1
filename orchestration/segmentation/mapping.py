"""Which segment goes on as which, when a day finds segments anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from orchestration.segmentation.boxes import Box, assign
from orchestration.segmentation.frame import Frame
from orchestration.segmentation.stability import overlaps

# A segment goes on when it shares at least this part of its customers with one of before.
LEAST_SHARED = 0.5
Fate = Literal["kept", "new", "ended"]


@dataclass(frozen=True)
class Match:
    """What became of a segment.

    Attributes:
        previous_code: of the segmentation before; None for a segment that is new.
        place: of the new segment that keeps the code, or is new; of one that ended, the place of
            the segment that most of its customers are in now, or None when they are in none.
        overlap: the customers of both, of those who are in one of the two; None without a pair.
    """

    fate: Fate
    previous_code: str | None
    place: int | None
    overlap: float | None


def match(frame: Frame, boxes: Sequence[Box], previous: Sequence[tuple[str, Box]]) -> list[Match]:
    """Pair new segments with those before, so that the pairs overlap most in all.

    Both are rules, so both are held against the same customers: those of the frame, today.
    """
    from scipy.optimize import linear_sum_assignment

    before = assign([box for _, box in previous], frame)
    now = assign(boxes, frame)
    shared = overlaps(before, now, len(previous), len(boxes))
    pairs = {
        int(old): int(new)
        for old, new in zip(*linear_sum_assignment(-shared), strict=True)
        if shared[old, new] >= LEAST_SHARED
    }
    kept = [
        Match("kept", previous[old][0], new, float(shared[old, new]))
        for old, new in sorted(pairs.items(), key=lambda pair: pair[1])
    ]
    new = [
        Match("new", None, place, None)
        for place in range(len(boxes))
        if place not in pairs.values()
    ]
    ended = []
    for old, (code, _) in enumerate(previous):
        if old not in pairs:
            counts = np.bincount(now[(before == old) & (now >= 0)], minlength=len(boxes))
            heir = int(np.argmax(counts)) if counts.any() else None
            overlap = None if heir is None else float(shared[old, heir])
            ended.append(Match("ended", code, heir, overlap))
    return [*kept, *new, *ended]
