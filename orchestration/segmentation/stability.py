"""Whether segments come back when the customers are drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from orchestration.segmentation.boxes import Box, Places, assign
from orchestration.segmentation.clusters import SEED, clustered_boxes
from orchestration.segmentation.frame import Frame, Numbers

RESAMPLES = 20
# So many customers are drawn, at most: of enough customers any line through a cloud comes back, and
# what a thousand do not show is no group that a person would recognise.
DRAWN = 1_000
# The adjusted Rand index is 1 for the same segments and about 0 for unrelated ones.
LEAST_AGREEMENT = 0.75
# The share of the customers of two segments together that both have. Of a segment that comes back
# with less, every second customer or so would be another one.
LEAST_OVERLAP = 0.6


@dataclass(frozen=True)
class Stability:
    """How segments came back, over RESAMPLES draws with replacement.

    Attributes:
        agreement: the mean adjusted Rand index with the segments found in a draw.
        overlaps: for each segment the mean of its best overlap with one of those.
    """

    agreement: float
    overlaps: tuple[float, ...]

    @property
    def is_enough(self) -> bool:
        """Whether such segments may be published."""
        return self.agreement >= LEAST_AGREEMENT and min(self.overlaps) >= LEAST_OVERLAP


def stability(frame: Frame, boxes: Sequence[Box], count: int) -> Stability:
    """Find `count` clusters again in each draw, and compare the segments of all customers."""
    from sklearn.metrics import adjusted_rand_score

    places = assign(boxes, frame)
    dice = np.random.default_rng(SEED)
    agreements, overlaps_of_draws = [], []
    for _ in range(RESAMPLES):
        drawn = dice.integers(len(places), size=min(DRAWN, len(places)))
        again = clustered_boxes(replace(frame, values=frame.values[drawn]), count)
        found = assign(again, frame)
        agreements.append(float(adjusted_rand_score(places, found)))
        overlaps_of_draws.append(overlaps(places, found, len(boxes), len(again)).max(axis=1))
    means = np.mean(overlaps_of_draws, axis=0)
    return Stability(float(np.mean(agreements)), tuple(map(float, means)))


def overlaps(first: Places, second: Places, first_count: int, second_count: int) -> Numbers:
    """The overlap of each segment of the first with each of the second, as a matrix.

    It is the Jaccard index: how many customers are in both, of those who are in one of the two.
    """
    in_first = first[:, None] == np.arange(first_count)
    in_second = second[:, None] == np.arange(second_count)
    both = in_first.T.astype(np.float64) @ in_second.astype(np.float64)
    either = in_first.sum(axis=0)[:, None] + in_second.sum(axis=0)[None, :] - both
    shares: Numbers = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return shares
