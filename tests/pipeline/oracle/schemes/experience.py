"""Theme experience: what customers say, and whether they come again."""

from decimal import Decimal

from ..calibration import Calibration
from ..exact import ratio
from ..logic import above, at_least, below, every, first_fit, or_else, some
from ..rows import Row
from ..scores import reached, weighted_mean
from .theme import Theme

GOOD = Decimal("4.5")


class Experience(Theme):
    """Satisfaction, loyalty, and how product, service and process were found."""

    columns = (
        "return_share_365d",
        "repeat_share",
        "satisfaction",
        "loyalty_repeat",
        "loyalty_cycle",
        "loyalty_referral",
        "loyalty_tenure",
        "loyalty_score",
        "loyalty",
        "product_experience",
        "service_experience",
        "process_experience",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Rank who ever bought by the parts of loyalty, then by the score that they make."""
        self._parts = calibration.among(
            has_bought,
            repeat=lambda row: row["repeat_share"],
            cycle=lambda row: row["on_cycle_share"],
            tenure=lambda row: row["tenure_days"],
        )
        self._score = calibration.among(
            has_bought, score=lambda row: self._loyalty_scores(row)["loyalty_score"]
        )

    @staticmethod
    def measure(row: Row) -> Row:
        """The share of the year's money that went back, and of purchase days that came again."""
        days = row["order_day_count"]
        return {
            "return_share_365d": ratio(row["refund_amount_365d"], row["gross_amount_365d"]),
            "repeat_share": None if days is None else ratio(days - 1, days),
        }

    def judge(self, row: Row) -> Row:
        """Every class of the theme."""
        return {
            **Experience.measure(row),
            "satisfaction": satisfaction(row),
            **self._loyalty_scores(row),
            "loyalty": self._loyalty(row),
            "product_experience": product_experience(row),
            "service_experience": service_experience(row),
            "process_experience": process_experience(row),
        }

    def _loyalty_scores(self, row: Row) -> Row:
        repeat = self._parts.part(row, "repeat")
        cycle = self._parts.part(row, "cycle")
        referral = reached(row["referral_count_365d"], (1, 2, 3, 5))
        tenure = self._parts.part(row, "tenure")
        return {
            "loyalty_repeat": repeat,
            "loyalty_cycle": cycle,
            "loyalty_referral": referral,
            "loyalty_tenure": tenure,
            "loyalty_score": weighted_mean((5, repeat), (2, cycle), (2, referral), (1, tenure)),
        }

    def _loyalty(self, row: Row) -> str | None:
        if not has_bought(row):
            return None
        return first_fit(
            ("high", self._score.reaches(row, "score", 80)),
            ("mid", self._score.reaches(row, "score", 40)),
            rest="low",
        )


def has_bought(row: Row) -> bool:
    """Whether the customer ever bought."""
    return above(row["order_count"], 0) is True


def satisfaction(row: Row) -> str:
    """The latest survey; a recommendation counts where there is none. A complaint caps it."""
    score, nps = row["satisfaction_score"], row["nps_score"]

    def says(survey: Decimal | int, recommendation: int) -> bool | None:
        return some(at_least(score, survey), every(score is None, at_least(nps, recommendation)))

    open_complaints = row["open_complaint_count"]
    no_complaint = None if open_complaints is None else open_complaints == 0
    return first_fit(
        ("unknown", score is None and nps is None),
        ("high", every(says(GOOD, 9), no_complaint)),
        ("mid", says(3, 7)),
        rest="low",
    )


def product_experience(row: Row) -> str:
    """Reviews of products, and how much of the year's money went back."""
    score, returned = row["product_score"], or_else(row["return_share_365d"], Decimal(0))
    return first_fit(
        ("unknown", score is None and returned == 0),
        ("poor", some(below(score, 3), returned >= Decimal("0.3"))),
        ("good", every(at_least(score, GOOD), returned < Decimal("0.1"))),
        rest="fair",
    )


def service_experience(row: Row) -> str:
    """Reviews of service, and how long complaints stayed open."""
    score, days = row["service_score"], row["complaint_resolve_days_365d"]
    return first_fit(
        ("unknown", score is None and days is None),
        ("poor", some(below(score, 3), above(days, 7))),
        ("good", or_else(score, 5) >= GOOD and or_else(days, 0) <= 2),
        rest="fair",
    )


def process_experience(row: Row) -> str | None:
    """Reviews of the purchase itself."""
    score = row["process_score"]
    if score is None:
        return None
    return "good" if score >= GOOD else "fair" if score >= 3 else "poor"
