"""Find the segments of a frame: from clusters to rules that are stable enough to be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from orchestration.segmentation.boxes import Box, assign
from orchestration.segmentation.clusters import SEED, clustered_boxes, scaled
from orchestration.segmentation.frame import Frame
from orchestration.segmentation.mapping import Match, match
from orchestration.segmentation.naming import Name, code_of, names
from orchestration.segmentation.stability import Stability, stability
from orchestration.segmentation.wording import condition

COUNTS = range(3, 9)
# Of fewer customers nothing can be said that the next hundred would not change.
LEAST_POPULATION = 100
# Distances between all of these are looked at; between more of them it takes long.
COMPARED = 2_000
MONEY = "net_amount_365d"


@dataclass(frozen=True)
class Trial:
    """One number of clusters that was tried.

    Attributes:
        count: of clusters.
        boxes: what tells them apart, the customers who spend most first.
        separation: the mean silhouette of the boxes, from -1 to 1; greater is further apart.
        stability: None when a better one was found before this was looked at.
    """

    count: int
    boxes: tuple[Box, ...]
    separation: float
    stability: Stability | None = None


@dataclass(frozen=True)
class Segment:
    """A published segment.

    Attributes:
        share: of the customers of the frame.
        overlap: how much of it comes back when customers are drawn anew.
    """

    code: str
    name: Name
    box: Box
    share: float
    overlap: float


@dataclass(frozen=True)
class Fit:
    """What was found.

    Attributes:
        trials: best separated first; the last one looked at is the one that was taken, if any.
        segments: none when none are stable enough.
        matches: what became of the segments before, and which ones are new.
    """

    frame: Frame
    trials: tuple[Trial, ...] = ()
    segments: tuple[Segment, ...] = ()
    matches: tuple[Match, ...] = ()


def fit_segments(
    frame: Frame, previous: Sequence[tuple[str, Box]] = (), used: Sequence[str] = ()
) -> Fit:
    """Find segments, and give those that go on the codes that they had.

    `previous` are the segments in force, `used` all codes that ever were. Equal frames give equal
    segments, on any number of threads.
    """
    from threadpoolctl import threadpool_limits

    if len(frame.values) < LEAST_POPULATION or not frame.features:
        return Fit(frame)
    # Loaded first: what is not there yet cannot be limited.
    import_module("sklearn.cluster")
    # Sums of parts differ in their last bits with how many threads there are.
    with threadpool_limits(1):
        trials = _tried(frame)
    chosen = next((each for each in trials if each.stability and each.stability.is_enough), None)
    if chosen is None:
        return Fit(frame, trials)
    matches = tuple(match(frame, chosen.boxes, previous))
    return Fit(frame, trials, _coded(frame, chosen, matches, used), matches)


def _tried(frame: Frame) -> tuple[Trial, ...]:
    """All numbers of clusters, best separated first, looked at until one is stable enough."""
    found = [_trial(frame, count) for count in COUNTS]
    trials = sorted(
        (each for each in found if len(each.boxes) > 1), key=lambda one: -one.separation
    )
    looked_at: list[Trial] = []
    for place, each in enumerate(trials):
        steady = stability(frame, each.boxes, each.count)
        looked_at.append(Trial(each.count, each.boxes, each.separation, steady))
        if steady.is_enough:
            return (*looked_at, *trials[place + 1 :])
    return tuple(looked_at)


def _trial(frame: Frame, count: int) -> Trial:
    from sklearn.metrics import silhouette_score

    boxes = _in_order(frame, clustered_boxes(frame, count))
    if len(boxes) < 2:
        return Trial(count, boxes, -1.0)
    compared = min(COMPARED, len(frame.values))
    separation = silhouette_score(
        scaled(frame), assign(boxes, frame), sample_size=compared, random_state=SEED
    )
    return Trial(count, boxes, float(separation))


def _in_order(frame: Frame, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Who spends most first; where money is not told, the largest first."""
    places = assign(boxes, frame)
    money = frame.column(MONEY)

    def weight(place: int) -> tuple[float, int, str]:
        members = places == place
        spent = 0.0 if money is None else float(np.nanmedian(money[members]))
        return -spent, -int(members.sum()), condition(boxes[place])

    return tuple(boxes[place] for place in sorted(range(len(boxes)), key=weight))


def _coded(
    frame: Frame, chosen: Trial, matches: Sequence[Match], used: Sequence[str]
) -> tuple[Segment, ...]:
    assert chosen.stability
    places = assign(chosen.boxes, frame)
    kept = {each.place: each.previous_code for each in matches if each.fate == "kept"}
    taken = {*used, *(each.previous_code for each in matches if each.previous_code)}
    segments = []
    for place, name in enumerate(names(frame, chosen.boxes, places)):
        code = kept.get(place) or code_of(name, taken)
        taken.add(code)
        share = float(np.mean(places == place))
        overlap = chosen.stability.overlaps[place]
        segments.append(Segment(code, name, chosen.boxes[place], share, overlap))
    return tuple(segments)
