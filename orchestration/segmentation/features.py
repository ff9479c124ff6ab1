"""What customers are compared by: facts of a day, each with its unit and its words.

Only what customers did on a date is here. What is known of them without a date, or is sensitive,
would make segments of who somebody is; and a rule could not be replayed on an earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["money", "days", "count", "share"]
Topic = Literal["pace", "money", "recency", "discounts", "refunds", "range", "tenure"]
# From very much to very little, with the usual in between.
Level = Literal[2, 1, 0, -1, -2]


@dataclass(frozen=True)
class Words:
    """How one language calls a feature, and customers with much, the usual and little of it."""

    name: str
    much: str
    usual: str
    little: str
    very: str

    def of(self, level: Level) -> str:
        """The words for a level."""
        word = self.usual if level == 0 else self.much if level > 0 else self.little
        return f"{self.very}{word}" if abs(level) == 2 else word


@dataclass(frozen=True)
class Feature:
    """A number of a customer.

    Attributes:
        topic: what it is about; a name mentions each topic once, if that is enough.
        made_of: an expression of the policy's language over customer_facts.
    """

    name: str
    unit: Unit
    topic: Topic
    en: Words
    zh: Words
    made_of: str


def _en(name: str, much: str, usual: str, little: str) -> Words:
    return Words(name, much, usual, little, "very ")


def _zh(name: str, much: str, usual: str, little: str) -> Words:
    return Words(name, much, usual, little, "超")


# Who has bought less has no habits yet.
POPULATION = "order_count >= 3"

# In the order in which a name would rather mention them.
FEATURES = (
    Feature(
        "order_count_365d",
        "count",
        "pace",
        _en("purchase count in 365 days", "frequent", "usual frequency", "infrequent"),
        _zh("近365天购买次数", "高频", "中频", "低频"),
        "order_count_365d",
    ),
    Feature(
        "net_amount_365d",
        "money",
        "money",
        _en("net amount in 365 days", "big spend", "usual spend", "small spend"),
        _zh("近365天净消费额", "高额", "中额", "低额"),
        "net_amount_365d",
    ),
    Feature(
        "recency_days",
        "days",
        "recency",
        _en("recency in days", "long quiet", "usual recency", "recent"),
        _zh("距最近购买天数", "久未购", "常期购", "近期购"),
        "recency_days",
    ),
    Feature(
        "discount_share_365d",
        "share",
        "discounts",
        _en("discount share in 365 days", "high discounts", "usual discounts", "low discounts"),
        _zh("近365天折扣占比", "高折扣", "中折扣", "低折扣"),
        "discount_share_365d",
    ),
    Feature(
        "refund_share_365d",
        "share",
        "refunds",
        _en("refunded share in 365 days", "high refunds", "usual refunds", "low refunds"),
        _zh("近365天退款占比", "高退款", "中退款", "低退款"),
        "ratio(refund_amount_365d, gross_amount_365d)",
    ),
    Feature(
        "category_count_365d",
        "count",
        "range",
        _en("category count in 365 days", "wide range", "usual range", "narrow range"),
        _zh("近365天购买品类数", "宽品类", "中品类", "窄品类"),
        "category_count_365d",
    ),
    Feature(
        "median_gap_days",
        "days",
        "pace",
        _en("median gap between purchases in days", "slow rhythm", "usual rhythm", "fast rhythm"),
        _zh("购买间隔中位天数", "长间隔", "中间隔", "短间隔"),
        "median_gap_days",
    ),
    Feature(
        "tenure_days",
        "days",
        "tenure",
        _en("tenure in days", "long-standing", "usual tenure", "new"),
        _zh("距首次购买天数", "老客", "中期客", "新客"),
        "tenure_days",
    ),
)
