"""Why segments are published, or why not: a row per thing measured, in words, with its bound."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from orchestration.segmentation.fitting import LEAST_POPULATION, Fit
from orchestration.segmentation.stability import LEAST_AGREEMENT, LEAST_OVERLAP

# measure, value, the least that is asked for, and both languages.
Told = tuple[str, Decimal | None, Decimal | None, str, str]


def evidence(fit: Fit) -> list[Told]:
    """What was measured, the verdict first."""
    return [_verdict(fit), _customers(fit), *_left_out(fit), *_stability(fit), *_separation(fit)]


def _verdict(fit: Fit) -> Told:
    count = Decimal(len(fit.segments))
    if fit.segments:
        en, zh = f"{count} segments are published.", f"发布 {count} 个分群。"
    elif len(fit.frame.values) < LEAST_POPULATION:
        en, zh = "Nothing new is published: too few customers.", "未发布新分群：客户过少。"
    elif not fit.trials:
        en = "Nothing new is published: no feature tells customers apart."
        zh = "未发布新分群：没有特征能区分客户。"
    else:
        en = "Nothing new is published: drawn anew, the segments do not come back."
        zh = "未发布新分群：重新抽样后分群不能重现。"
    return "segments", count, None, en, zh


def _customers(fit: Fit) -> Told:
    return (
        "customers",
        Decimal(len(fit.frame.values)),
        Decimal(LEAST_POPULATION),
        "Customers with at least three purchases who did not opt out, or a sample of them.",
        "至少购买三次且未拒绝联系的客户，或其样本。",
    )


def _left_out(fit: Fit) -> Iterator[Told]:
    for name, why in fit.frame.left_out.items():
        yield (
            f"left_out_{name}",
            None,
            None,
            f"{name} is left out: {why.en}.",
            f"{name} 未使用：{why.zh}。",
        )


def _stability(fit: Fit) -> Iterator[Told]:
    for trial in fit.trials:
        if trial.stability:
            of = f"{trial.count}_clusters"
            yield (
                f"agreement_of_{of}",
                _rounded(trial.stability.agreement),
                Decimal(str(LEAST_AGREEMENT)),
                "Mean adjusted Rand index with the segments of customers drawn anew.",
                "与重新抽样客户所得分群的平均调整兰德指数。",
            )
            yield (
                f"least_overlap_of_{of}",
                _rounded(min(trial.stability.overlaps)),
                Decimal(str(LEAST_OVERLAP)),
                "Mean Jaccard index of the least stable segment with its best match there.",
                "最不稳定的分群与其最佳匹配的平均杰卡德指数。",
            )


def _separation(fit: Fit) -> Iterator[Told]:
    for trial in sorted(fit.trials, key=lambda trial: trial.count):
        yield (
            f"separation_of_{trial.count}_clusters",
            _rounded(trial.separation),
            None,
            "Mean silhouette of the segments; the best separated are looked at first.",
            "分群的平均轮廓系数；先考察区分最好的。",
        )


def _rounded(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.000001"))
