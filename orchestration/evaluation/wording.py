"""What an evaluation says to people, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """A sentence in both languages."""

    en: str
    zh: str


def reads_undated(columns: Sequence[str]) -> Note:
    """The scheme reads what has no date."""
    named = ", ".join(columns)
    return Note(
        f"Not judged: reads {named}, of which no day is known, so the past cannot be replayed.",
        f"未评判：用到 {named}，其取值没有日期，无法重演过去。",
    )


def as_model_says() -> Note:
    """The scheme reads what a model puts out."""
    return Note(
        "Not judged: reads what a fitted model puts out, and that is judged where it is made.",
        "未评判：用到模型的输出，模型在建立时另行评判。",
    )


def many_classes() -> Note:
    """Several classes may fit, so that they have no order."""
    return Note(
        "Not judged: several of its classes may fit at once, so they have no order.",
        "未评判：可同时属于多个类别，类别之间没有次序。",
    )


def too_few_origins(found: int, least: int) -> Note:
    """The history is too short."""
    return Note(
        f"Too little history: days of the past that it can be judged on: {found}; needed: {least}.",
        f"历史太短：可评判的过去日期有 {found} 个，至少需要 {least} 个。",
    )


def too_few_customers(least: int, least_active: int | None = None) -> Note:
    """There are too few customers, or too few of them bought, or did not."""
    if least_active is None:
        return Note(
            f"Too little history: needed are {least} customers with a class then and now.",
            f"历史太少：至少需要 {least} 名前后均有类别的客户。",
        )
    return Note(
        f"Too little history: needed are {least} classified customers, of whom {least_active} "
        f"bought in the window and {least_active} did not.",
        f"历史太少：至少需要 {least} 名已分类客户，"
        f"其中窗口内有购买与无购买者各至少 {least_active} 名。",
    )


def one_class() -> Note:
    """Everybody is in the same class, or bought the same."""
    return Note(
        "Not judged: everybody is in the same class, so there is nothing to tell apart.",
        "未评判：所有客户都在同一类别，无从区分。",
    )


def not_tried() -> Note:
    """Its numbers are not all that decides, so that one changed cannot be tried by itself."""
    return Note(
        "No advice: its classes ask for more than bounds and shares of one column or score.",
        "无建议：其类别所依据的不只是单个字段或得分的界限和占比。",
    )


def none_better() -> Note:
    """Nothing that was tried is better for sure."""
    return Note(
        "No change of one number would be better for sure.", "改动任何单个数字，都不能确定更好。"
    )


def advised(place: str, was: str, then: str) -> Note:
    """One number should be another."""
    return Note(
        f"With {place} {then} instead of {was} its classes would tell more of what customers buy "
        "in the next 90 days; so it was on later days than those that chose the change.",
        f"将 {place} 由 {was} 改为 {then}，类别更能说明客户此后 90 天的购买；"
        "该改动由较早的日期选出，并在较晚的日期上得到验证。",
    )


def changed_since() -> Note:
    """The policy has another number by now than the one that advice is about."""
    return Note(
        "No advice: the policy has changed since; tiers evaluate judges it anew.",
        "无建议：策略此后已更改；可用 tiers evaluate 重新评估。",
    )


FINDINGS = {
    "better": Note(
        "Tells customers apart by what they do next, better than last year's spend does.",
        "能区分客户今后的行为，且优于仅看上一年消费额。",
    ),
    "as_good": Note(
        "Tells customers apart by what they do next, as well as last year's spend does.",
        "能区分客户今后的行为，与仅看上一年消费额相当。",
    ),
    "worse": Note(
        "Tells customers apart by what they do next, but last year's spend does so better.",
        "能区分客户今后的行为，但不如仅看上一年消费额。",
    ),
    "useless": Note(
        "Tells no more than chance does of what customers do next.",
        "对客户今后行为的区分不比随机更好。",
    ),
    "steady": Note("Stays as it is from month to month.", "逐月保持稳定。"),
    "moving": Note("Moves noticeably from month to month.", "逐月有明显变动。"),
    "restless": Note(
        "Moves so much from month to month that a class says little of the next one.",
        "逐月变动过大，本月类别难以说明下月类别。",
    ),
}
