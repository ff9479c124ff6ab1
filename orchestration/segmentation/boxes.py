"""Boxes: segments as bounds on features. What is read is what is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from orchestration.segmentation.features import Feature, Unit
from orchestration.segmentation.frame import Frame, Numbers

Places = NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True)
class Bound:
    """What a segment asks of a feature: low <= value < high, where None bounds nothing.

    Attributes:
        takes_unknown: whether a customer of whom the value is unknown meets it, too.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    takes_unknown: bool = False

    def met_by(self, values: Numbers) -> NDArray[np.bool_]:
        """For each value whether it lies within."""
        low = -np.inf if self.low is None else float(self.low)
        high = np.inf if self.high is None else float(self.high)
        within: NDArray[np.bool_] = (values >= low) & (values < high)
        return within | (np.isnan(values) & self.takes_unknown)


Box = Mapping[Feature, Bound]


def assign(boxes: Sequence[Box], frame: Frame) -> Places:
    """The place of each customer's box among `boxes`; NOWHERE for whom none takes.

    A feature that the frame has left out is unknown of everybody.
    """
    places = np.full(len(frame.values), NOWHERE, np.int64)
    unknown = np.full(len(frame.values), np.nan)
    for place, box in enumerate(boxes):
        met = np.ones(len(frame.values), bool)
        for feature, bound in box.items():
            column = frame.column(feature.name)
            met &= bound.met_by(unknown if column is None else column)
        places[met & (places == NOWHERE)] = place
    return places


def readable(threshold: float, unit: Unit) -> Decimal:
    """A threshold as a person would say it, so that few values change sides.

    Money has two significant digits, a share is a whole percentage above zero, and days and counts
    are whole: the next whole number, as `value < 3.5` is `value < 4` for them.
    """
    exact = Decimal(repr(float(threshold)))
    if unit == "share":
        return max(round(exact, 2), Decimal("0.01"))
    if unit == "money":
        return round(exact, 1 - exact.adjusted()) if exact else Decimal(0)
    return exact.to_integral_value(ROUND_CEILING)


def narrowed(box: Box, feature: Feature, bound: Bound) -> Box:
    """The part of a box that also lies within the bound."""
    before = box.get(feature, Bound(takes_unknown=bound.takes_unknown))
    lows = [low for low in (before.low, bound.low) if low is not None]
    highs = [high for high in (before.high, bound.high) if high is not None]
    takes_unknown = before.takes_unknown and bound.takes_unknown
    narrow = Bound(max(lows, default=None), min(highs, default=None), takes_unknown)
    return {**box, feature: narrow}
