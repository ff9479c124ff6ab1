"""Theme relationship: what kind of party a customer is, and what it needs."""

from ..calibration import Calibration
from ..declared import with_declared
from ..logic import UNCLASSIFIED, above, first_fit, or_else
from ..rows import Row
from ..scores import weighted_mean
from .theme import Theme

PARTIES = ("internal", "channel", "business", "consumer")
LEVELS = ("strategic", "core", "ordinary")
CHANNELS = {
    "distributor": "channel.distributor",
    "regional_distributor": "channel.regional",
    "agent": "channel.agent",
    "dealer": "channel.dealer",
    "store": "channel.store",
}


class Relationship(Theme):
    """Party, place in the channel tree, level and kinds of need."""

    columns = (
        "party_type",
        "channel_tree",
        "need_level_product",
        "need_level_service",
        "need_level_support",
        "need_level_contract",
        "need_level_score",
        "need_level",
        "need_level_computed",
        "need_level_declared",
        "need_type_product",
        "need_type_service",
        "need_type_support",
    )

    def __init__(self, calibration: Calibration) -> None:
        """Rank who told a need by each kind of it and by contract, then by their mean."""
        self._needs = calibration.among(
            _told_a_need,
            product=lambda row: row["product_need_score"],
            service=lambda row: row["service_need_score"],
            support=lambda row: row["support_need_score"],
            contract=lambda row: row["contract_amount"],
        )
        self._score = calibration.among(
            _told_a_need, score=lambda row: self._need_scores(row)["need_level_score"]
        )

    def judge(self, row: Row) -> Row:
        """Every class of the theme."""
        return {
            "party_type": party_type(row),
            "channel_tree": channel_tree(row),
            **self._need_scores(row),
            **with_declared(row, "need_level", self._need_level(row), 365, LEVELS),
            "need_type_product": _any(row, "order_count_365d", "open_opportunity_count"),
            "need_type_service": _any(row, "service_feedback_count_365d"),
            "need_type_support": _any(row, "support_request_count_365d"),
        }

    def _need_scores(self, row: Row) -> Row:
        names = ("product", "service", "support", "contract")
        scores = [self._needs.part(row, name) for name in names]
        return {
            **{f"need_level_{name}": score for name, score in zip(names, scores, strict=True)},
            "need_level_score": weighted_mean(*zip((4, 3, 2, 1), scores, strict=True)),
        }

    def _need_level(self, row: Row) -> str | None:
        if not _told_a_need(row):
            return None
        return first_fit(
            ("strategic", self._score.in_top(row, "score", 1)),
            ("core", self._score.in_top(row, "score", 20)),
            rest="ordinary",
        )


def _told_a_need(row: Row) -> bool:
    return any(row[f"{kind}_need_score"] is not None for kind in ("product", "service", "support"))


def _any(row: Row, *counts: str) -> bool:
    return any(above(row[count], 0) for count in counts)


def party_type(row: Row) -> str:
    """What the customer is."""
    party = or_else(row["party_kind"], "unknown")
    return party if party in {*PARTIES, "unknown"} else UNCLASSIFIED


def channel_tree(row: Row) -> str:
    """The path from channel or terminal down to the finest class that fits."""
    party = row["party_kind"]
    if party == "channel":
        return CHANNELS.get(row["channel_kind"], "channel")
    if party == "consumer":
        return "terminal.consumer"
    return f"terminal.commercial.{_commercial(row)}" if party == "business" else UNCLASSIFIED


def _commercial(row: Row) -> str:
    orders, chances = row["order_count"], or_else(row["open_opportunity_count"], 0)
    if orders == 1 and row["recency_days"] > 365 and chances == 0:
        return "one_off"
    if above(orders, 0):
        return _account(row)
    return "opportunity" if chances > 0 else "lead"


def _account(row: Row) -> str:
    if row["is_named_account"]:
        return "order.named_indirect" if row["is_via_partner"] else "order.named_direct"
    return "order.regional" if row["is_regional_account"] else "order"
