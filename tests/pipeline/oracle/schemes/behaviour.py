"""Theme behaviour: how often, how recently and for how much customers buy."""

from decimal import Decimal

from ..calibration import Calibration
from ..exact import quotient
from ..hold import with_hold
from ..logic import above, at_least, at_most, below, equal, every, first_fit, some
from ..ranks import Value
from ..rows import Row
from .experience import has_bought
from .theme import Theme

MEMBERSHIPS = ("diamond", "gold", "silver", "basic")


class Behaviour(Theme):
    """Frequency, RFM, membership and activity."""

    columns = (
        "active_within_days",
        "lost_after_days",
        "engagement_count_90d",
        "frequency_level",
        "rfm_r",
        "rfm_f",
        "rfm_m",
        "rfm_score",
        "rfm",
        "retail_vip",
        "visit_frequency",
        "membership",
        "membership_computed",
        "membership_held",
        "membership_below_since",
        "activity",
        "engagement",
        "price_sensitivity",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Rank the buyers of the year, and everyone by engagement."""
        self._buyers = calibration.among(
            bought_lately, recent=_recent, often=_often, spend=net_of_year
        )
        self._engaged = calibration.among(lambda row: True, count=_engagement)

    @staticmethod
    def measure(row: Row) -> Row:
        """The customer's own cycle, and how often it was in touch."""
        return {
            "active_within_days": _cycles(row, 2, least=90),
            "lost_after_days": _cycles(row, 4, least=365),
            "engagement_count_90d": _engagement(row),
        }

    def judge(self, row: Row) -> Row:
        """Every class of the theme."""
        scores = self._rfm_scores(row)
        return {
            **Behaviour.measure(row),
            "frequency_level": frequency_level(row),
            **scores,
            "rfm": rfm(row, scores),
            "retail_vip": self._retail_vip(row),
            "visit_frequency": self._visit_frequency(row),
            **with_hold(
                row,
                "membership",
                membership(row),
                days=60,
                steps=1,
                review_day=25,
                order=MEMBERSHIPS,
            ),
            "activity": activity(row),
            "engagement": self._engagement(row),
            "price_sensitivity": price_sensitivity(row),
        }

    def _rfm_scores(self, row: Row) -> Row:
        if not bought_lately(row):
            return dict.fromkeys(("rfm_r", "rfm_f", "rfm_m", "rfm_score"))
        r, f, m = (self._buyers.part(row, name) or 0 for name in ("recent", "often", "spend"))
        return {"rfm_r": r, "rfm_f": f, "rfm_m": m, "rfm_score": quotient(r + f + m, 3)}

    def _retail_vip(self, row: Row) -> str:
        often = at_least(row["order_count_365d"], 12)
        return first_fit(
            ("vip", every(often, self._buyers.reaches(row, "spend", 90))),
            ("regular", above(row["order_count"], 0)),
            ("potential", equal(row["order_count"], 0)),
        )

    def _visit_frequency(self, row: Row) -> str | None:
        if not bought_lately(row):
            return None
        days = row["order_day_count_365d"]
        high_spender = self._buyers.reaches(row, "spend", 80) is True
        return "frequent" if days >= 12 or (days >= 6 and high_spender) else "occasional"

    def _engagement(self, row: Row) -> str | None:
        count = row["engagement_count_90d"]
        if count is None:
            return None
        at_all = count >= 1
        return first_fit(
            ("high", at_all and self._engaged.in_top(row, "count", 20)),
            ("mid", at_all and self._engaged.in_top(row, "count", 60)),
            rest="low",
        )


def bought_lately(row: Row) -> bool:
    """Whether the customer bought in the last 365 days."""
    return above(row["order_count_365d"], 0) is True


def net_of_year(row: Row) -> Value | None:
    """What the customer spent in the last 365 days."""
    net: Value | None = row["net_amount_365d"]
    return net


def _often(row: Row) -> Value | None:
    count: int | None = row["order_count_365d"]
    return count


def _recent(row: Row) -> Value | None:
    days: int | None = row["recency_days"]
    return None if days is None else -days


def _engagement(row: Row) -> int | None:
    counts = [row[f"{kind}_count_90d"] for kind in ("contact", "browse", "reply")]
    return None if None in counts else sum(counts)


def _cycles(row: Row, cycles: int, least: int) -> Decimal:
    """So many median gaps of the customer, or `least` days when that is more or none is known."""
    gap = row["median_gap_days"]
    return Decimal(least) if gap is None else max(Decimal(least), cycles * gap)


def frequency_level(row: Row) -> str | None:
    """How often the customer bought in the last 365 days."""
    if not bought_lately(row):
        return None
    count = row["order_count_365d"]
    return "high" if count >= 12 else "mid" if count >= 4 else "low"


def rfm(row: Row, scores: Row) -> str | None:
    """The segment of the three scores."""
    if not has_bought(row):
        return None
    r, f, m = scores["rfm_r"], scores["rfm_f"], scores["rfm_m"]
    if f is None:
        return "lost"
    if r == 1:
        return "sleeping" if max(f, m) >= 4 else "lost"
    recent, frequent = r >= 4, f >= 4
    if m >= 4:
        names = ("key_value", "key_develop") if recent else ("key_keep", "key_win_back")
        return names[0] if frequent else names[1]
    if frequent:
        return "general_value" if recent else "general_keep"
    if not recent:
        return "general_win_back"
    return "new" if f == 1 else "general_develop"


def membership(row: Row) -> str | None:
    """Net amount of 365 days against fixed bounds."""
    if not has_bought(row):
        return None
    net = row["net_amount_365d"]
    steps = ((30_000, "diamond"), (10_000, "gold"), (2_000, "silver"))
    return next((code for bound, code in steps if net >= bound), "basic")


def activity(row: Row) -> str:
    """Active, lost or dormant against the customer's own cycle."""
    recency = row["recency_days"]
    in_cycle = at_most(recency, row["active_within_days"])
    return first_fit(
        ("potential", equal(row["order_count"], 0)),
        ("active", some(in_cycle, below(row["last_engaged_days"], 30))),
        ("lost", above(recency, row["lost_after_days"])),
        ("dormant", above(row["order_count"], 0)),
    )


def price_sensitivity(row: Row) -> str | None:
    """Whether most of what was bought was discounted and promoted."""
    if not bought_lately(row):
        return None
    bound = Decimal("0.6")
    discount, promo = row["discount_share_365d"], row["promo_order_share_365d"]
    if discount is None or promo is None:
        return "unknown"
    return "sensitive" if discount >= bound and promo >= bound else "other"
