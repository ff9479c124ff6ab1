"""The words in which Chinese companies speak of their customers lead to a class each."""

import pytest

from orchestration.policy import load_policy
from orchestration.settings import DBT_PROJECT

WORDS = {
    "customer_value": "潜在客户 高价值客户 低价值客户 普通客户",
    "amount_level": "高价值 中等价值 低价值",
    "value_score": "高价值 中价值 低价值",
    "quality": "优质 中间 低质量",
    "vip_value": "VIP 高价值 中等价值 其他",
    "pyramid": "白金 黄金 铁 铅",
    "importance": "重要 主要 普通 小 关键客户",
    "value_potential": "高价值 潜力 其他",
    "effective": "效益客户 广告客户",
    "frequency_level": "高频 中频 低频",
    "rfm": (
        "重要价值 重要发展 重要保持 重要挽留 一般价值 新客户 一般发展 一般保持 一般挽留 沉睡 流失"
    ),
    "retail_vip": "VIP客户 普通客户 潜在客户",
    "visit_frequency": "高频顾客 偶尔光顾",
    "membership": "钻石会员 黄金会员 白银会员 普通会员",
    "activity": "潜在 活跃 流失 沉睡",
    "engagement": "高参与 中参与 低参与",
    "price_sensitivity": "价格敏感 其他",
    "lifecycle": "潜在 流失 忠诚 重复购买 初次购买",
    "relation": "流失 现实 潜在与目标 目标 潜在 非客户",
    "new_customer": "新客户 其他",
    "deal_status": "已成交 未成交",
    "need_grade": "强烈需求 犹豫 朦胧",
    "intent_stage": "有兴趣 考虑犹豫 暂时不买 肯定不买 已报价无回馈",
    "intent_level": "很有意向 一般意向 无意向",
    "party_type": "消费客户 B2B 渠道 分销 代销 内部客户",
    "channel_tree": (
        "渠道 分销商 区域分销商 代理商 经销商 专卖店 终端 商用 订单 直接指名大客户 间接指名大客户"
        " 区域大客户 商机 线索 一次性 消费"
    ),
    "need_level": "战略 核心 普通",
    "need_type": "产品需求 服务需求 技术支持需求",
    "satisfaction": "高满意度 中等满意度 低满意度 未知",
    "loyalty": "高 中 低",
    "product_experience": "好 一般 差",
    "service_experience": "好 一般 差",
    "process_experience": "好 一般 差",
    "bank_wealth": "高净值 普通 潜在",
    "finance_risk": "保守 稳健 积极",
    "insurance_value": "高价值 中价值 低价值",
    "telecom_usage": "高使用 中使用 低使用",
}


@pytest.fixture(scope="module")
def names() -> dict[str, set[str]]:
    """Per scheme, every Chinese name of a class or of a group of classes."""
    found: dict[str, set[str]] = {}
    for row in load_policy(DBT_PROJECT / "policy").catalogue():
        aliases = (row["aliases"] or "").split("; ")
        found.setdefault(row["scheme"], set()).update((row["class_zh"], row["group_zh"], *aliases))
    return found


@pytest.mark.parametrize("scheme", WORDS)
def test_every_word_is_a_label_an_alias_or_a_group(names: dict[str, set[str]], scheme: str) -> None:
    assert set(WORDS[scheme].split()) - names.get(scheme, set()) == set()
