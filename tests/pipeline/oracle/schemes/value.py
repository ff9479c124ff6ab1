"""Theme value: what a customer is worth."""

from collections.abc import Callable
from decimal import Decimal

from ..calibration import Calibration
from ..logic import above, at_least, equal, every, first_fit, opposite, some
from ..ranks import Value as Number
from ..rows import Row
from ..scores import weighted_mean
from .behaviour import bought_lately, net_of_year
from .experience import has_bought
from .theme import Theme

PYRAMID_FROM_CUSTOMERS = 20


def _of(column: str) -> Callable[[Row], Number | None]:
    return lambda row: row[column]


class Value(Theme):
    """Worth by money, by scores, and by what may still come."""

    columns = (
        "customer_value",
        "amount_level",
        "value_score_f",
        "value_score_m",
        "value_score_margin",
        "value_score_loyalty",
        "value_score_score",
        "value_score",
        "quality",
        "vip_value_f",
        "vip_value_m",
        "vip_value_units",
        "vip_value_score",
        "vip_value",
        "pyramid",
        "importance",
        "value_potential",
        "effective",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Rank the buyers of the year by money, orders, units and margin."""
        self._buyers = calibration.among(
            bought_lately,
            f=_of("order_count_365d"),
            m=net_of_year,
            units=_of("unit_count_365d"),
            margin=_of("margin_amount_365d"),
        )
        self._pyramid = calibration.among(bought_lately, PYRAMID_FROM_CUSTOMERS, m=net_of_year)
        self._vip = calibration.among(
            bought_lately, score=lambda row: self._vip_scores(row)["vip_value_score"]
        )

    def judge(self, row: Row) -> Row:
        """Every class of the theme."""
        scores = self._value_scores(row)
        return {
            "customer_value": self._customer_value(row),
            "amount_level": self._by_paid(row, (20, "high"), (50, "mid"), (100, "low")),
            **scores,
            "value_score": value_score(row, scores["value_score_score"]),
            "quality": self._by_paid(row, (20, "fine"), (50, "mid"), (100, "low")),
            **self._vip_scores(row),
            "vip_value": self._vip_value(row),
            "pyramid": self._pyramid_class(row),
            "importance": self._importance(row),
            "value_potential": self._value_potential(row),
            "effective": effective(row),
        }

    def _customer_value(self, row: Row) -> str:
        often, much = (self._buyers.reaches(row, name, 80) for name in "fm")
        seldom, little = (opposite(self._buyers.reaches(row, name, 40)) for name in "fm")
        loyal = row["loyalty"] in {"mid", "high"}
        return first_fit(
            ("potential", every(equal(row["order_count"], 0), row["has_intent"])),
            ("high", every(often, much, loyal)),
            ("low", every(has_bought(row), seldom, little)),
            ("regular", has_bought(row)),
        )

    def _by_paid(self, row: Row, *tops: tuple[int, str]) -> str | None:
        """Shares of the buyers by net amount; who paid nothing is in the last one."""
        if not bought_lately(row):
            return None
        paid = row["net_amount_365d"] >= Decimal("0.01")
        (*better, (_, last)) = tops
        fits = [(code, paid and self._buyers.in_top(row, "m", top)) for top, code in better]
        return first_fit(*fits, rest=last)

    def _value_scores(self, row: Row) -> Row:
        f, m, margin = (self._buyers.part(row, name) for name in ("f", "m", "margin"))
        loyalty = row["loyalty_score"]
        return {
            "value_score_f": f,
            "value_score_m": m,
            "value_score_margin": margin,
            "value_score_loyalty": loyalty,
            "value_score_score": weighted_mean((25, f), (35, m), (30, margin), (10, loyalty)),
        }

    def _vip_scores(self, row: Row) -> Row:
        f, m, units = (self._buyers.part(row, name, 20) for name in ("f", "m", "units"))
        return {
            "vip_value_f": f,
            "vip_value_m": m,
            "vip_value_units": units,
            "vip_value_score": weighted_mean((1, f), (1, m), (1, units)),
        }

    def _vip_value(self, row: Row) -> str | None:
        if not bought_lately(row):
            return None
        tops = ((3, "vip"), (10, "high"), (40, "mid"))
        return first_fit(
            *((code, self._vip.in_top(row, "score", top)) for top, code in tops), rest="other"
        )

    def _pyramid_class(self, row: Row) -> str | None:
        if not bought_lately(row) or self._pyramid.population < PYRAMID_FROM_CUSTOMERS:
            return None
        tops = ((1, "platinum"), (5, "gold"), (20, "iron"))
        return first_fit(
            *((code, self._pyramid.in_top(row, "m", top)) for top, code in tops), rest="lead"
        )

    def _importance(self, row: Row) -> str | None:
        if not bought_lately(row):
            return None
        tops = ((1, "important"), (5, "major"), (20, "ordinary"))
        return first_fit(
            *((code, self._buyers.in_top(row, "m", top)) for top, code in tops), rest="small"
        )

    def _value_potential(self, row: Row) -> str | None:
        if not bought_lately(row):
            return None
        grows = at_least(row["trend_ratio_180d"], Decimal("0.5"))
        return first_fit(
            ("high", self._buyers.reaches(row, "m", 80)),
            ("potential", every(grows, row["order_count_365d"] >= 2)),
            rest="other",
        )


def value_score(row: Row, score: Decimal | None) -> str | None:
    """The weighted mean against fixed bounds."""
    if not bought_lately(row):
        return None
    return first_fit(
        ("high", at_least(score, Decimal("3.8"))),
        ("mid", at_least(score, Decimal("2.4"))),
        ("low", score is not None),
    )


def effective(row: Row) -> str:
    """Who brings in money or may, and who is only reached."""
    reached = some(row["last_contact_days"] is not None, above(row["campaign_count_365d"], 0))
    return first_fit(("benefit", has_bought(row) or row["has_intent"]), ("audience", reached))
