"""The model card: what a person should know before trusting the numbers, in two languages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from orchestration.prediction import SEED, btyd, naive
from orchestration.prediction.assessment import Assessment, CannotTell, told
from orchestration.prediction.choosing import (
    CONFIDENCE,
    FEWEST_CUSTOMERS,
    FEWEST_OF_A_KIND,
)
from orchestration.prediction.customers import TENURE
from orchestration.prediction.intervals import ABOVE, BELOW

LANGUAGES = ("en", "zh")


class Both(NamedTuple):
    """A name in English and in Chinese."""

    en: str
    zh: str


TARGETS = {
    "net": Both("Net amount", "净消费额"),
    "buys": Both("Whether the customer buys", "客户是否购买"),
}
NAMES = {
    "buy_till_you_die": Both(
        "buy till you die (BG/NBD, Gamma-Gamma)", "“买到流失”（BG/NBD、Gamma-Gamma）"
    ),
    "gradient_boosting": Both("gradient boosting", "梯度提升"),
    naive.EVERYONE: Both("the mean of everyone", "全体平均"),
    naive.OWN_CLASS: Both("the mean of the own class", "所在类别平均"),
    naive.LAST_TIME: Both("the last time again", "上期重复"),
}
# Why a model is left out.
REASONS = {
    btyd.NO_REPEATS: Both(btyd.NO_REPEATS, "没有客户在两天购买过"),
    btyd.NO_AMOUNTS: Both(btyd.NO_AMOUNTS, "没有客户的购买金额大于 0"),
    btyd.NO_MAXIMUM: Both(btyd.NO_MAXIMUM, "似然函数没有最大值"),
}
KINDS = {
    TENURE: Both("since the first purchase", "距首次购买"),
    "lifecycle": Both("lifecycle", "生命周期"),
    "pyramid": Both("pyramid", "客户金字塔"),
    "region": Both("region", "地区"),
}


def model_card(
    outcome: Assessment | CannotTell, *, day: date, horizon: int, currency: str, smallest_group: int
) -> Mapping[str, str]:
    """The card as Markdown, by language. It tells of groups only, and of none that is small."""
    environment = _environment()
    assessed = {} if isinstance(outcome, CannotTell) else vars(outcome)
    return {
        language: environment.get_template(f"card.{language}.md.j2").render(
            {
                **assessed,
                "missing": outcome if isinstance(outcome, CannotTell) else None,
                "horizon": horizon,
                "day": day,
                "currency": currency,
                "smallest_group": smallest_group,
            }
        )
        for language in LANGUAGES
    }


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("orchestration.prediction", "template"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        targets=TARGETS,
        names=NAMES,
        kinds=KINDS,
        reasons=REASONS,
        seed=SEED,
        confidence=CONFIDENCE,
        aim=ABOVE - BELOW,
        fewest_customers=FEWEST_CUSTOMERS,
        fewest_of_a_kind=FEWEST_OF_A_KIND,
    )
    environment.filters.update(
        share=_share,
        told=told,
        cell=lambda text: " ".join(text.split()).replace("|", "\\|"),
        whole=lambda value: f"{value:,d}",
        two=lambda value: f"{value:.2f}",
        number=_number,
        root=lambda error, target: _number(math.sqrt(error) if target == "net" else error, target),
    )
    return environment


def _share(value: float) -> str:
    """`12%`; a dash for a share of nothing."""
    return "–" if math.isnan(value) else f"{value:.0%}"


def _number(value: float, target: str) -> str:
    return f"{value:,.2f}" if target == "net" else f"{value:.3f}"
