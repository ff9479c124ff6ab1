"""The schemes, each written out by hand: one customer's facts in, the code of its class out.

A missing number makes a comparison unknown, and an unknown condition does not fit. Outside a
scheme's population the class is None; inside, what no class names is `unclassified`.
"""

from decimal import Decimal

from .exact import quotient
from .ranks import Standing, Value
from .rows import Row

UNCLASSIFIED = "unclassified"
SCORES = ("rfm_r", "rfm_f", "rfm_m", "rfm_score")


def _above(value: Value | None, bound: Value) -> bool:
    return value is not None and value > bound


def _at_least(value: Value | None, bound: Value) -> bool:
    return value is not None and value >= bound


def bought_lately(row: Row) -> bool:
    """Whether the customer bought in the last 365 days."""
    return _above(row["order_count_365d"], 0)


def frequency_level(row: Row) -> str | None:
    """How often the customer bought in the last 365 days."""
    if not bought_lately(row):
        return None
    count = row["order_count_365d"]
    return "high" if count >= 12 else "mid" if count >= 4 else "low"


def rfm_scores(row: Row, recent: Standing, often: Standing, spend: Standing) -> Row:
    """The three scores among the buyers of 365 days and their mean; None for who is not one."""
    if not bought_lately(row):
        return dict.fromkeys(SCORES)
    r = recent.part(-row["recency_days"], 5)
    f = often.part(row["order_count_365d"], 5)
    m = spend.part(row["net_amount_365d"], 5)
    return {"rfm_r": r, "rfm_f": f, "rfm_m": m, "rfm_score": quotient(r + f + m, 3)}


def rfm(row: Row, scores: Row) -> str | None:
    """The segment of the three scores."""
    if not _above(row["order_count"], 0):
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


def retail_vip(row: Row, spend: Standing) -> str:
    """Frequent buyers of high amounts, other buyers, and who never bought."""
    if _at_least(row["order_count_365d"], 12) and spend.reaches(row["net_amount_365d"], 90):
        return "vip"
    if row["order_count"] is None:
        return UNCLASSIFIED
    return "regular" if row["order_count"] > 0 else "potential"


def visit_frequency(row: Row, spend: Standing) -> str | None:
    """How many days the customer came on; a high spender needs half as many."""
    if not bought_lately(row):
        return None
    days = row["order_day_count_365d"]
    high_spender = spend.reaches(row["net_amount_365d"], 80)
    return "frequent" if days >= 12 or (days >= 6 and high_spender) else "occasional"


def membership(row: Row) -> str | None:
    """Net amount of 365 days against fixed bounds."""
    if not _above(row["order_count"], 0):
        return None
    net = row["net_amount_365d"]
    steps = ((30_000, "diamond"), (10_000, "gold"), (2_000, "silver"))
    return next((code for bound, code in steps if net >= bound), "basic")


def _cycles(row: Row, cycles: int, least: int) -> Decimal:
    """So many median gaps of the customer, or `least` days when that is more or none is known."""
    gap = row["median_gap_days"]
    return Decimal(least) if gap is None else max(Decimal(least), cycles * gap)


def _is_lost(row: Row) -> bool:
    return _above(row["recency_days"], _cycles(row, 4, least=365))


def activity(row: Row) -> str:
    """Active, lost or dormant against the customer's own cycle."""
    if row["order_count"] == 0:
        return "potential"
    recency, engaged = row["recency_days"], row["last_engaged_days"]
    if recency is not None and recency <= _cycles(row, 2, least=90):
        return "active"
    if engaged is not None and engaged < 30:
        return "active"
    if _is_lost(row):
        return "lost"
    return "dormant" if _above(row["order_count"], 0) else UNCLASSIFIED


def lifecycle(row: Row) -> str:
    """From prospect to loyal, and lost."""
    count = row["order_count"]
    if count is None:
        return UNCLASSIFIED
    if count == 0:
        return "prospect"
    if _is_lost(row):
        return "lost"
    if count >= 5 and row["tenure_days"] >= 180 and _on_cycle(row) and not _just_returned(row):
        return "loyal"
    return "repeat" if count >= 2 else "first"


def _on_cycle(row: Row) -> bool:
    gap = row["median_gap_days"]
    return gap is not None and row["recency_days"] <= 2 * gap


def _just_returned(row: Row) -> bool:
    returned = row["return_date"]
    return returned is not None and (row["as_of_date"] - returned).days < 180


def new_customer(row: Row) -> str | None:
    """Whether the first purchase is less than 90 days old."""
    if not _above(row["order_count"], 0):
        return None
    return "new" if row["tenure_days"] < 90 else "other"


def deal_status(row: Row) -> str:
    """Whether the customer ever bought, or an opportunity with it was won."""
    won = _above(row["order_count"], 0) or _above(row["won_opportunity_count"], 0)
    return "closed" if won else "open"


def amount_level(row: Row, spend: Standing) -> str | None:
    """The top fifth and half by net amount; nothing or less is low."""
    if not bought_lately(row):
        return None
    net = row["net_amount_365d"]
    steps = ((20, "high"), (50, "mid"))
    paid = net >= Decimal("0.01")
    return next((code for top, code in steps if paid and spend.in_top(net, top)), "low")


def pyramid(row: Row, spend: Standing) -> str | None:
    """The top 1, 5 and 20 percent by net amount."""
    if not bought_lately(row):
        return None
    steps = ((1, "platinum"), (5, "gold"), (20, "iron"))
    net = row["net_amount_365d"]
    return next((code for top, code in steps if spend.in_top(net, top)), "lead")
