"""A box in words: as a rule in English and Chinese, and as a condition on columns."""

from __future__ import annotations

from decimal import Decimal

from orchestration.segmentation.boxes import Bound, Box
from orchestration.segmentation.features import FEATURES, POPULATION, Feature, Unit


def rule_en(box: Box) -> str:
    """`purchase count in 365 days at least 12; recency in days below 30`; `everybody` for all."""
    return "; ".join(_rule_en(feature, bound) for feature, bound in ordered(box)) or "everybody"


def rule_zh(box: Box) -> str:
    """The same in Chinese."""
    return "；".join(_rule_zh(feature, bound) for feature, bound in ordered(box)) or "所有客户"


def condition(box: Box) -> str:
    """`order_count >= 3 and order_count_365d >= 12 and recency_days < 30`, as a policy has it."""
    return " and ".join(
        [POPULATION, *(_condition(feature, bound) for feature, bound in ordered(box))]
    )


def ordered(box: Box) -> list[tuple[Feature, Bound]]:
    """The bounds of a box in the order of the features, so that equal boxes read alike."""
    return [(feature, box[feature]) for feature in FEATURES if feature in box]


def _rule_en(feature: Feature, bound: Bound) -> str:
    parts = []
    if bound.low is not None:
        parts.append(f"at least {_number(bound.low, feature.unit)}")
    if bound.high is not None:
        parts.append(f"below {_number(bound.high, feature.unit)}")
    unknown = ", or unknown" if bound.takes_unknown else ""
    return f"{feature.en.name} {' and '.join(parts)}{unknown}"


def _rule_zh(feature: Feature, bound: Bound) -> str:
    parts = []
    if bound.low is not None:
        parts.append(f"不低于 {_number(bound.low, feature.unit)}")
    if bound.high is not None:
        parts.append(f"低于 {_number(bound.high, feature.unit)}")
    unknown = "，或未知" if bound.takes_unknown else ""
    return f"{feature.zh.name}{' 且'.join(parts)}{unknown}"


def _condition(feature: Feature, bound: Bound) -> str:
    parts = []
    if bound.low is not None:
        parts.append(f"{feature.made_of} >= {bound.low:f}")
    if bound.high is not None:
        parts.append(f"{feature.made_of} < {bound.high:f}")
    both = " and ".join(parts)
    return f"({both} or {feature.made_of} is null)" if bound.takes_unknown else both


def _number(value: Decimal, unit: Unit) -> str:
    """`1,200`, `12%`."""
    if unit == "share":
        return f"{value * 100:.0f}%"
    return f"{value:,f}"
