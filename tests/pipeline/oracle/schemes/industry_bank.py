"""Pack industry_bank: wealth, and the risk that fits a customer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from ..calibration import Calibration
from ..logic import at_least, first_fit, or_else
from ..rows import Row
from ..scores import weighted_mean
from .theme import Theme

PREFERENCES = {"conservative": 1, "balanced": 3, "aggressive": 5}


class Bank(Theme):
    """Assets under management are public as a class; the risk level is sensitive."""

    attributes: ClassVar[Mapping[str, str]] = {
        "aum": "number",
        "assets": "number",
        "risk_preference": "text",
        "risk_tolerance": "number",
    }
    columns = ("aum", "bank_wealth")
    sensitive = (
        "finance_risk_assets",
        "finance_risk_preference",
        "finance_risk_tolerance",
        "finance_risk_score",
        "finance_risk",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Rank whose tolerance is known by assets and tolerance."""
        self._known = calibration.among(
            _has_tolerance,
            assets=lambda row: row["assets"],
            tolerance=lambda row: row["risk_tolerance"],
        )

    def judge(self, row: Row) -> Row:
        """Every class of the pack."""
        assets, tolerance = (self._known.part(row, name) for name in ("assets", "tolerance"))
        preference = PREFERENCES.get(row["risk_preference"])
        score = weighted_mean((3, assets), (4, preference), (3, tolerance))
        return {
            "aum": row["aum"],
            "bank_wealth": bank_wealth(row),
            "finance_risk_assets": assets,
            "finance_risk_preference": preference,
            "finance_risk_tolerance": tolerance,
            "finance_risk_score": score,
            "finance_risk": finance_risk(row, score),
        }


def _has_tolerance(row: Row) -> bool:
    return row["risk_tolerance"] is not None


def bank_wealth(row: Row) -> str:
    """Assets under management against fixed bounds; none known is none."""
    aum = or_else(row["aum"], Decimal(0))
    if aum >= 6_000_000:
        return "high_net_worth"
    return "regular" if aum >= Decimal("0.01") else "potential"


def finance_risk(row: Row, score: Decimal | None) -> str | None:
    """The weighted mean against fixed bounds."""
    if not _has_tolerance(row):
        return None
    return first_fit(
        ("aggressive", at_least(score, Decimal("3.8"))),
        ("balanced", at_least(score, Decimal("2.4"))),
        ("conservative", score is not None),
    )
