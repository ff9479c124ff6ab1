"""Clusters, and the boxes of the small tree that tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestration.segmentation.boxes import Bound, Box, narrowed, readable
from orchestration.segmentation.features import Feature
from orchestration.segmentation.frame import Frame, Numbers

SEED = 20240229
# Starts of k-means; the best is taken.
STARTS = 5
# A few customers who buy for thousands would otherwise be a cluster by themselves.
FARTHEST = 3.0
# A segment has at least this share of the customers, and this many of them.
LEAST_SHARE = 0.02
LEAST_CUSTOMERS = 20


@dataclass(frozen=True)
class _Tree:
    """A fitted tree over numbers without unknown ones, and what stands in for those."""

    features: tuple[Feature, ...]
    fitted: Any
    values: Numbers
    fill: Numbers
    has_unknown: NDArray[np.bool_]
    least: int


def least_customers(customers: int) -> int:
    """How many customers a segment of so many must have."""
    return max(LEAST_CUSTOMERS, int(np.ceil(customers * LEAST_SHARE)))


def scaled(frame: Frame) -> Numbers:
    """The frame as distances are taken over it: skewed features as logarithms, all of one width."""
    filled = np.where(np.isnan(frame.values), _medians(frame), frame.values)
    for place, feature in enumerate(frame.features):
        if feature.unit != "share":
            column = filled[:, place]
            filled[:, place] = np.sign(column) * np.log1p(np.abs(column))
    spread = filled.std(axis=0)
    standard: Numbers = (filled - filled.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return np.clip(standard, -FARTHEST, FARTHEST)


def clustered_boxes(frame: Frame, count: int) -> list[Box]:
    """Find `count` clusters and the boxes that tell them apart: at most as many, at least one.

    The boxes share out the whole space, and each holds `least_customers` of the frame. One box per
    cluster: a second one would be a rule with an `or`, and a cluster that needs it is not told.
    """
    from sklearn.cluster import KMeans
    from sklearn.tree import DecisionTreeClassifier

    clusters = KMeans(count, n_init=STARTS, random_state=SEED).fit_predict(scaled(frame))
    fill = _medians(frame)
    unknown = np.isnan(frame.values)
    values = np.where(unknown, fill, frame.values)
    has_unknown = np.asarray(unknown.any(axis=0))
    least = least_customers(len(values))
    fitted = DecisionTreeClassifier(
        max_leaf_nodes=count, min_samples_leaf=least, random_state=SEED
    ).fit(values, clusters)
    tree = _Tree(frame.features, fitted.tree_, values, fill, has_unknown, least)
    return [box for box, _ in _boxes(tree, 0, {}, np.arange(len(values)))]


def _boxes(tree: _Tree, node: int, box: Box, rows: NDArray[np.int64]) -> Sequence[tuple[Box, int]]:
    """The boxes below a node, each with the cluster that most of its customers are in."""
    cluster = int(np.argmax(tree.fitted.value[node][0]))
    place = tree.fitted.feature[node]
    if place < 0:
        return [(box, cluster)]
    feature = tree.features[place]
    threshold = readable(tree.fitted.threshold[node], feature.unit)
    below = tree.values[rows, place] < float(threshold)
    if min(below.sum(), (~below).sum()) < tree.least:
        return [(box, cluster)]  # rounded, the threshold leaves too few on one side
    takes = bool(tree.has_unknown[place])
    is_below = bool(tree.fill[place] < float(threshold))
    low = narrowed(box, feature, Bound(high=threshold, takes_unknown=takes and is_below))
    high = narrowed(box, feature, Bound(low=threshold, takes_unknown=takes and not is_below))
    found = [
        *_boxes(tree, tree.fitted.children_left[node], low, rows[below]),
        *_boxes(tree, tree.fitted.children_right[node], high, rows[~below]),
    ]
    # Two halves that are mostly of one cluster are one segment, whose rule is the shorter one.
    if len(found) == 2 and found[0][1] == found[1][1]:
        return [(box, cluster)]
    return found


def _medians(frame: Frame) -> Numbers:
    medians: Numbers = np.nanmedian(frame.values, axis=0)
    return medians
