"""The class of every customer in every scheme, from the facts alone."""

import pandas as pd

from . import schemes
from .ranks import Bounds, Ranks, Standing
from .rows import Row, rows_of

SCHEMES = (
    "frequency_level",
    "rfm",
    "retail_vip",
    "visit_frequency",
    "membership",
    "activity",
    "lifecycle",
    "new_customer",
    "deal_status",
    "amount_level",
    "pyramid",
)
PYRAMID_FROM_CUSTOMERS = 20


class Buyers:
    """How the buyers of a year stand by recency, frequency and money."""

    def __init__(self, rows: list[Row], stand: type[Ranks] | type[Bounds]) -> None:
        """Rank those of the rows that bought in the last 365 days."""
        buyers = [row for row in rows if schemes.bought_lately(row)]
        self.recent: Standing = stand([-row["recency_days"] for row in buyers])
        self.often: Standing = stand([row["order_count_365d"] for row in buyers])
        self.spend: Standing = stand([row["net_amount_365d"] for row in buyers])


def classes(facts: pd.DataFrame, calibrated_on: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row for each customer: its class in every scheme, and its RFM scores.

    Args:
        facts: the facts of the day, as `facts` gives them.
        calibrated_on: the facts of the earlier day whose population set the bounds that still hold;
            by default the day ranks its own customers.
    """
    rows = list(rows_of(facts))
    if calibrated_on is None:
        buyers = Buyers(rows, Ranks)
    else:
        buyers = Buyers(list(rows_of(calibrated_on)), Bounds)
    has_pyramid = sum(map(schemes.bought_lately, rows)) >= PYRAMID_FROM_CUSTOMERS
    judged = [_judged(row, buyers, has_pyramid) for row in rows]
    columns = ["customer_id", "as_of_date", *SCHEMES, *schemes.SCORES]
    return pd.DataFrame(judged, columns=columns, dtype=object)


def _judged(row: Row, buyers: Buyers, has_pyramid: bool) -> Row:
    scores = schemes.rfm_scores(row, buyers.recent, buyers.often, buyers.spend)
    return {
        "customer_id": row["customer_id"],
        "as_of_date": row["as_of_date"],
        **scores,
        "frequency_level": schemes.frequency_level(row),
        "rfm": schemes.rfm(row, scores),
        "retail_vip": schemes.retail_vip(row, buyers.spend),
        "visit_frequency": schemes.visit_frequency(row, buyers.spend),
        "membership": schemes.membership(row),
        "activity": schemes.activity(row),
        "lifecycle": schemes.lifecycle(row),
        "new_customer": schemes.new_customer(row),
        "deal_status": schemes.deal_status(row),
        "amount_level": schemes.amount_level(row, buyers.spend),
        "pyramid": schemes.pyramid(row, buyers.spend) if has_pyramid else None,
    }
