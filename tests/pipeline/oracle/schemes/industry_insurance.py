"""Pack industry_insurance: what a policyholder pays and claims."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from ..calibration import Calibration
from ..exact import ratio
from ..logic import above, every, first_fit, opposite, or_else, some
from ..rows import Row
from .theme import Theme


class Insurance(Theme):
    """Premiums ranked among those who pay, held against their claims."""

    attributes: ClassVar[Mapping[str, str]] = {
        "insured_amount": "number",
        "premium_amount_365d": "number",
        "claim_amount_365d": "number",
    }
    columns = ("premium_amount_365d", "claim_ratio", "insurance_value")

    def __init__(self, calibration: Calibration) -> None:
        """Rank who pays by what it pays."""
        self._payers = calibration.among(_pays, premium=lambda row: row["premium_amount_365d"])

    @staticmethod
    def measure(row: Row) -> Row:
        """Claims for each unit of premium."""
        return {"claim_ratio": ratio(row["claim_amount_365d"], row["premium_amount_365d"])}

    def judge(self, row: Row) -> Row:
        """Every class of the pack."""
        return {
            **Insurance.measure(row),
            "premium_amount_365d": row["premium_amount_365d"],
            "insurance_value": self._insurance_value(row),
        }

    def _insurance_value(self, row: Row) -> str | None:
        if not _pays(row):
            return None
        much = self._payers.reaches(row, "premium", 80)
        little = opposite(self._payers.reaches(row, "premium", 40))
        claims = row["claim_ratio"]
        return first_fit(
            ("high", every(much, or_else(claims, Decimal(0)) <= Decimal("0.6"))),
            ("low", some(little, above(claims, 1))),
            rest="mid",
        )


def _pays(row: Row) -> bool:
    return above(row["premium_amount_365d"], 0) is True
