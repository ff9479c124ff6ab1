"""The columns of customer_facts, and what has to be supplied for each to be more than NULL."""

from collections.abc import Callable, Mapping

from .tables import PERSONAL, TABLES

_WINDOWS = ("", "_30d", "_90d", "_180d", "_365d")

_FACTS_OF: Mapping[tuple[str, ...], str] = {
    ("orders",): " ".join(
        [
            "first_order_date last_order_date return_date recency_days tenure_days",
            *(f"order_count{window}" for window in _WINDOWS),
            "order_day_count order_day_count_365d",
            *(
                f"{amount}_amount{window}"
                for amount in ("gross", "refund", "net")
                for window in _WINDOWS
            ),
            "average_order_amount average_order_amount_365d",
            "mean_gap_days median_gap_days on_cycle_share net_amount_prior_180d trend_ratio_180d",
        ]
    ),
    ("orders.cost_amount",): "cost_amount_365d margin_amount_365d",
    ("orders", "order_lines.quantity"): "unit_count_365d",
    ("orders", "order_lines.category"): "category_count_365d",
    ("orders.discount_amount",): "discount_share_365d",
    ("orders.promo_code",): "promo_order_share_365d",
    ("interactions",): (
        "contact_count_90d browse_count_90d reply_count_90d last_contact_days last_engaged_days"
        " campaign_count_365d coupon_count_365d support_request_count_365d replied_after_quote"
    ),
    ("opportunities",): "open_opportunity_count won_opportunity_count",
    ("opportunities.quoted_at or interactions",): "last_quote_date",
    ("feedback.score",): "satisfaction_score nps_score",
    ("feedback.score", "feedback.topic"): "product_score service_score process_score",
    ("feedback",): "complaint_count_365d",
    ("feedback.resolved_at",): "open_complaint_count complaint_resolve_days_365d",
    ("feedback.topic",): "service_feedback_count_365d",
    ("customers.referrer_id",): "referral_count_365d",
    ("customers.birth_date",): "age_years",
    ("a fitted model",): (
        "segment_code predicted_on predicted_net_amount_365d predicted_net_amount_365d_low"
        " predicted_net_amount_365d_high churn_probability"
    ),
}
NEEDS: Mapping[str, tuple[str, ...]] = {
    fact: needs for needs, facts in _FACTS_OF.items() for fact in facts.split()
}
OWN: tuple[str, ...] = tuple(
    column
    for column in TABLES["customers"].columns
    if column not in PERSONAL and column != "customer_id"
)
COLUMNS: tuple[str, ...] = ("customer_id", "as_of_date", *NEEDS, *OWN)


def unknown_facts(supplied: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """The facts that nothing supplied can tell; `supplied` gives the columns of a table."""

    def given(name: str) -> bool:
        table, _, column = name.partition(".")
        columns = supplied(table)
        return column in columns if column else bool(columns)

    return frozenset(
        fact
        for fact, needs in NEEDS.items()
        if not all(any(given(name) for name in need.split(" or ")) for need in needs)
    )
