"""Pack industry_telecom: how much a subscriber uses, and how well it pays."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from ..calibration import Calibration
from ..logic import at_least, first_fit
from ..rows import Row
from ..scores import weighted_mean
from .theme import Theme

CHANNELS = {"app": 5, "store": 3, "phone": 2}


class Telecom(Theme):
    """One score of six parts; late payments and contacts count against it."""

    attributes: ClassVar[Mapping[str, str]] = {
        "bill_amount_90d": "number",
        "usage_minutes_90d": "number",
        "late_payment_count": "number",
        "service_contact_count": "number",
        "registered_channel": "text",
    }
    columns = (
        *attributes,
        "telecom_usage_bill",
        "telecom_usage_usage",
        "telecom_usage_payment",
        "telecom_usage_credit",
        "telecom_usage_service",
        "telecom_usage_register",
        "telecom_usage_score",
        "telecom_usage",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Rank who has a bill."""
        self._billed = calibration.among(
            _has_bill,
            bill=lambda row: row["bill_amount_90d"],
            usage=lambda row: row["usage_minutes_90d"],
            payment=lambda row: _negated(row["late_payment_count"]),
            credit=lambda row: row["credit_score"],
            service=lambda row: _negated(row["service_contact_count"]),
        )

    def judge(self, row: Row) -> Row:
        """Every class of the pack."""
        ranked = ("bill", "usage", "payment", "credit", "service")
        scores = [self._billed.part(row, name) for name in ranked]
        register = CHANNELS.get(row["registered_channel"])
        score = weighted_mean(*zip((35, 25, 15, 10, 10), scores, strict=True), (5, register))
        return {
            **{name: row[name] for name in Telecom.attributes},
            **{f"telecom_usage_{name}": part for name, part in zip(ranked, scores, strict=True)},
            "telecom_usage_register": register,
            "telecom_usage_score": score,
            "telecom_usage": telecom_usage(row, score),
        }


def _has_bill(row: Row) -> bool:
    return row["bill_amount_90d"] is not None


def _negated(count: Decimal | None) -> Decimal | None:
    return None if count is None else -count


def telecom_usage(row: Row, score: Decimal | None) -> str | None:
    """The weighted mean against fixed bounds."""
    if not _has_bill(row):
        return None
    return first_fit(
        ("high", at_least(score, Decimal("3.8"))),
        ("mid", at_least(score, Decimal("2.4"))),
        ("low", score is not None),
    )
