"""Theme lifecycle: how far a customer has come with the company."""

from ..logic import UNCLASSIFIED, above, at_least, at_most, equal, every, first_fit, or_else
from ..rows import Row
from .experience import has_bought
from .theme import Theme


class Lifecycle(Theme):
    """From prospect to loyal, and lost."""

    columns = ("lifecycle", "relation", "new_customer", "deal_status")

    def judge(self, row: Row) -> Row:
        """Every class of the theme."""
        return {
            "lifecycle": lifecycle(row),
            "relation": relation(row),
            "new_customer": new_customer(row),
            "deal_status": deal_status(row),
        }


def _is_lost(row: Row) -> bool | None:
    return above(row["recency_days"], row["lost_after_days"])


def lifecycle(row: Row) -> str:
    """From prospect to loyal, and lost; who returned has to earn loyalty again."""
    count, gap, returned = row["order_count"], row["median_gap_days"], row["return_date"]
    since_return = None if returned is None else (row["as_of_date"] - returned).days
    return first_fit(
        ("prospect", equal(count, 0)),
        ("lost", _is_lost(row)),
        (
            "loyal",
            every(
                at_least(count, 5),
                at_least(row["tenure_days"], 180),
                at_most(row["recency_days"], None if gap is None else 2 * gap),
                or_else(at_least(since_return, 180), True),
            ),
        ),
        ("repeat", at_least(count, 2)),
        ("first", equal(count, 1)),
    )


def relation(row: Row) -> str:
    """Bought, wants to buy, or is meant to."""
    if has_bought(row):
        return "lost" if _is_lost(row) else "current"
    wants, meant = row["has_intent"], row["is_targeted"]
    if wants and meant:
        return "prospect_and_target"
    if meant:
        return "target"
    if wants:
        return "prospect"
    return "non_customer" if row["order_count"] == 0 else UNCLASSIFIED


def new_customer(row: Row) -> str | None:
    """Whether the first purchase is less than 90 days old."""
    if not has_bought(row):
        return None
    return "new" if row["tenure_days"] < 90 else "other"


def deal_status(row: Row) -> str:
    """Whether the customer ever bought, or an opportunity with it was won."""
    won = row["won_opportunity_count"]
    if has_bought(row) or above(won, 0):
        return "closed"
    return UNCLASSIFIED if row["order_count"] is None and won is None else "open"
