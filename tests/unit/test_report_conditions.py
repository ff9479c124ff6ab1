"""Conditions of the policy as the page of a release says them."""

import pytest

from orchestration.report.conditions import in_words
from orchestration.report.wording import Both

NAMES = {
    "net_amount_365d": Both("net amount", "净消费额"),
    "order_count": Both("purchases", "购买次数"),
    "loyalty": Both("Loyalty", "忠诚度"),
    "rfm.r": Both("recency", "最近购买"),
}


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ("everyone", "everyone", "所有客户"),
        ("the rest", "whoever is left", "其余客户"),
        ("net_amount_365d >= 30000", "net amount ≥ 30,000", "净消费额 ≥ 30,000"),
        (
            "top 20% by net_amount_365d and net_amount_365d >= 0.01",
            "top 20% by net amount and net amount ≥ 0.01",
            "净消费额排名前 20% 且 净消费额 ≥ 0.01",
        ),
        (
            "the customers who make 80% of net_amount_365d",
            "who make the first 80% of net amount",
            "净消费额累计占前 80%",
        ),
        (
            "order_count >= p80 and loyalty in ('mid', 'high')",
            "purchases ≥ the 80th percentile and Loyalty is one of ('mid', 'high')",
            "购买次数 ≥ 第 80 百分位 且 忠诚度 属于 ('mid', 'high')",
        ),
        (
            "r between 2 and 3 and order_count is not null or f is null",
            "r 2–3 and purchases is known or f is unknown",
            "r 2–3 且 购买次数 已知 或 f 未知",
        ),
        (
            "coalesce(lost_after_days, 1000.5) <> order_count",
            "the first known of (lost after days, 1,000.5) ≠ purchases",
            "首个已知值(lost after days, 1,000.5) ≠ 购买次数",
        ),
        (
            "order_count >= p5 and order_count < p33 or net_amount_365d >= p91",
            "purchases ≥ the 5th percentile and purchases < the 33rd percentile"
            " or net amount ≥ the 91st percentile",
            "购买次数 ≥ 第 5 百分位 且 购买次数 < 第 33 百分位 或 净消费额 ≥ 第 91 百分位",
        ),
        (
            "order_count < p12 and loyalty not in ('low')",
            "purchases < the 12th percentile and Loyalty is none of ('low')",
            "购买次数 < 第 12 百分位 且 忠诚度 不属于 ('low')",
        ),
        (
            "net_amount_365d between 10000 and 20000.5",
            "net amount 10,000–20,000.5",
            "净消费额 10,000–20,000.5",
        ),
        ("city = 'order_count and 5000'", "city = 'order_count and 5000'", None),
    ],
)
def test_a_condition_is_said_in_both_languages(
    condition: str, english: str, chinese: str | None
) -> None:
    assert in_words(condition, NAMES) == Both(english, chinese or english)


def test_the_conditions_of_a_score_mean_its_own_parts() -> None:
    assert in_words("r >= 4", NAMES, "rfm") == Both("recency ≥ 4", "最近购买 ≥ 4")
    assert in_words("r >= 4", NAMES, "other") == Both("r ≥ 4", "r ≥ 4")
