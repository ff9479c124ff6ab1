"""The columns of customer_facts, and whole numbers made into its decimals."""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

MONEY, EXACT = pa.decimal128(18, 4), pa.decimal128(28, 8)
COUNT, DAY, TEXT, FLAG = pa.int64(), pa.date32(), pa.string(), pa.bool_()
MOMENT = pa.timestamp("us")
WINDOWS = (30, 90, 180, 365)
# Days before the day that is classified: the first and the last of each window.
AGES = {"": (0, None), **{f"_{days}d": (0, days - 1) for days in WINDOWS}}
PRIOR = (180, 359)


def _windowed(name: str, kind: pa.DataType) -> dict[str, pa.DataType]:
    return {f"{name}{suffix}": kind for suffix in AGES}


# What the orders, refunds and customers of the company tell.
COLUMNS: Mapping[str, pa.DataType] = {
    **dict.fromkeys(("first_order_date", "last_order_date", "return_date"), DAY),
    **dict.fromkeys(("recency_days", "tenure_days"), COUNT),
    **_windowed("order_count", COUNT),
    **dict.fromkeys(("order_day_count", "order_day_count_365d"), COUNT),
    **_windowed("gross_amount", MONEY),
    **_windowed("refund_amount", MONEY),
    **_windowed("net_amount", MONEY),
    **dict.fromkeys(("cost_amount_365d", "margin_amount_365d", "net_amount_prior_180d"), MONEY),
    **dict.fromkeys(("average_order_amount", "average_order_amount_365d"), EXACT),
    **dict.fromkeys(("mean_gap_days", "median_gap_days", "on_cycle_share"), EXACT),
    **dict.fromkeys(("discount_share_365d", "promo_order_share_365d", "trend_ratio_180d"), EXACT),
    **dict.fromkeys(("referral_count_365d", "age_years", "household_size"), COUNT),
    **dict.fromkeys(("party_kind", "industry", "country", "region", "gender"), TEXT),
    **dict.fromkeys(("income_band", "source_channel", "referrer_id"), TEXT),
    **{"credit_score": EXACT, "contract_amount": MONEY},
    **dict.fromkeys(("is_opted_out", "is_deleted"), FLAG),
    **dict.fromkeys(("created_at", "updated_at"), MOMENT),
}
ABSENT = (
    *("unit_count_365d", "category_count_365d", "contact_count_90d", "browse_count_90d"),
    *("reply_count_90d", "last_contact_days", "last_engaged_days", "campaign_count_365d"),
    *("coupon_count_365d", "support_request_count_365d", "open_opportunity_count"),
    *("won_opportunity_count", "last_quote_date", "replied_after_quote", "satisfaction_score"),
    *("nps_score", "product_score", "service_score", "process_score", "complaint_count_365d"),
    *("open_complaint_count", "complaint_resolve_days_365d", "service_feedback_count_365d"),
    *("segment_code", "predicted_on", "predicted_net_amount_365d"),
    *("predicted_net_amount_365d_low", "predicted_net_amount_365d_high", "churn_probability"),
    *("channel_kind", "organisation_kind", "city", "education", "occupation", "products_owned"),
    *("owner_id", "is_named_account", "is_regional_account", "is_via_partner", "is_targeted"),
    *("declared_intent", "need_score", "product_need_score", "service_need_score"),
    *("support_need_score", "expected_buy_date"),
)


def finished(units: pa.Table, as_of: date) -> pa.Table:
    """The table of facts, ordered as in `units`.

    `units` has customer_id and COLUMNS; decimals as whole numbers of their last digit.
    """
    rows = units.num_rows
    typed = {"customer_id": units["customer_id"].cast(TEXT)}
    typed["as_of_date"] = pa.repeat(pa.scalar(as_of, DAY), rows)
    for name, kind in COLUMNS.items():
        is_decimal = pa.types.is_decimal(kind)
        typed[name] = _shifted(units[name], kind) if is_decimal else units[name].cast(kind)
    return pa.table({**typed, **{name: pa.nulls(rows) for name in ABSENT}})


def _shifted(units: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """The same digits with a point in them: 1250000 is 125.0000 as money."""
    whole = units.cast(pa.int64()).combine_chunks().cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(
        kind, len(whole), whole.buffers(), null_count=whole.null_count, offset=whole.offset
    )
