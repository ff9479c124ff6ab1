"""The cells of every column that random companies have: those that a row needs, and the others."""

from .awkward import (
    AMOUNTS,
    KINDS,
    NO_NUMBERS,
    Cell,
    a_day,
    customer,
    maybe_moment,
    moment,
    mostly,
    numbered,
    order,
    order_or_none,
)

_MONEY = mostly(["", "1", "2.5", "10", "0", "7.77"], NO_NUMBERS)
_NEED = mostly(["", "", "29.99999999", "30", "40", "69.5", "70", "100"], NO_NUMBERS)
_RARELY_TRUE = mostly(["", "false", "0"], ["true", "1", "perhaps"])
_HALF_TRUE = mostly(["", "false", "true", "1"], ["maybe"])
# What the packs read, as numbers and as texts; and one that nobody reads.
_ATTRIBUTES = (
    *("aum", "assets", "risk_preference", "risk_tolerance", "visit_count_365d", "severity"),
    *("grade_average", "activity_count", "insured_amount", "premium_amount_365d"),
    *("claim_amount_365d", "bill_amount_90d", "usage_minutes_90d", "late_payment_count"),
    *("service_contact_count", "registered_channel", "shoe_size"),
)
_VALUES = (
    *("0", "0", "1", "2", "4", "12", "59.99999999", "60", "80", "0.01", "6000000", "-3", "1e3"),
    *("conservative", "balanced", "aggressive", "app", "store", "phone"),
)
_CODES = ("a", "b", "c", "interested", "considering", "not_now", "strategic", "core", "ordinary")

REQUIRED: dict[str, dict[str, Cell]] = {
    "customers": {"customer_id": numbered("c")},
    "orders": {
        "order_id": numbered("o"),
        "customer_id": customer,
        "ordered_at": moment,
        "amount": mostly(AMOUNTS, ["", *NO_NUMBERS]),
    },
    "order_lines": {
        "order_id": order,
        "line_no": mostly(["1", "2", "3", "4", "5"], ["", "01", "one"]),
    },
    "interactions": {
        "interaction_id": numbered("i"),
        "customer_id": customer,
        "occurred_at": moment,
        "kind": mostly(KINDS, ["fax", ""]),
    },
    "refunds": {
        "refund_id": numbered("r"),
        "order_id": order_or_none,
        "refunded_at": moment,
        "amount": mostly(["1", "2.5", "10", "99.9999", "0", "-1"], ["", *NO_NUMBERS]),
    },
    "opportunities": {
        "opportunity_id": numbered("p"),
        "customer_id": customer,
        "stage": mostly(["talk", "Won", "lost", "won", "offer"], [""]),
        "created_at": moment,
    },
    "feedback": {
        "feedback_id": numbered("f"),
        "customer_id": customer,
        "occurred_at": moment,
        "kind": mostly(["csat", "nps", "complaint", "review"], ["shout"]),
    },
    "attributes": {
        "customer_id": customer,
        "name": mostly(_ATTRIBUTES, ["AUM", ""]),
        "observed_at": moment,
        "value": mostly(_VALUES, ["", "many", "１２", "1_000", "0x10", "9" * 21, "inf", "1e-400"]),
    },
    "declared_classes": {
        "customer_id": customer,
        "scheme": mostly(["need_grade", "intent_stage", "need_level"], ["membership", "none"]),
        "declared_at": moment,
        "class_code": mostly(_CODES, ["", "A", "unclassified", "z"]),
        "author": mostly(["ann"], [""]),
        "reason": mostly(["said so"], [""]),
    },
    "exchange_rates": {
        "currency": mostly(["USD", "usd", "EUR"], [""]),
        "rate_date": a_day,
        "rate_to_base": mostly(["7.1", "7.12345678", "0.5", "0", "-1"], ["", *NO_NUMBERS]),
    },
    "customer_merges": {
        "customer_id": customer,
        "into_customer_id": customer,
        "approved_by": mostly(["ann"], [""]),
        "approved_at": moment,
    },
}
_VERSION: dict[str, Cell] = {"updated_at": maybe_moment, "is_deleted": _RARELY_TRUE}
OPTIONAL: dict[str, dict[str, Cell]] = {
    "customers": {
        "created_at": maybe_moment,
        "referrer_id": customer,
        "birth_date": mostly(
            [
                "",
                "1950-01-01",
                "1970-02-28",
                "1980-02-29",
                "1990-06-30",
                "2000-07-01",
                "2010-12-31",
            ],
            ["1990", "2990-01-01"],
        ),
        "region": mostly(["", "North", "north", "南"], [" "]),
        "party_kind": mostly(
            ["", "consumer", "Business", "business", "business", "channel"], ["internal", "alien"]
        ),
        "channel_kind": mostly(
            ["", "distributor", "regional_distributor", "agent", "dealer", "store"], ["shop"]
        ),
        "organisation_kind": mostly(["", "enterprise", "individual", "government"], ["club"]),
        "country": mostly(["", "CN"], ["unknown"]),
        "city": mostly(["", "Lhasa"], ["unclassified"]),
        "gender": mostly(["", "f", "m"], ["x"]),
        "education": mostly(["", "school"], ["none"]),
        "occupation": mostly(["", "baker"], ["it's"]),
        "income_band": mostly(["", "1-2"], ["0"]),
        "products_owned": mostly(["", "a;b"], ["a, b"]),
        "household_size": mostly(["", "1", "2", "3", "4", "5", "007"], ["0", "two"]),
        "credit_score": mostly(["", "549.99999999", "550", "699", "700"], NO_NUMBERS),
        "is_named_account": _HALF_TRUE,
        "is_regional_account": _HALF_TRUE,
        "is_via_partner": _HALF_TRUE,
        "contract_amount": _MONEY,
        "declared_intent": mostly(
            ["", "interested", "considering", "not_now", "Never"], ["perhaps"]
        ),
        "need_score": _NEED,
        "product_need_score": _NEED,
        "service_need_score": _NEED,
        "support_need_score": _NEED,
        "expected_buy_date": maybe_moment,
        "is_targeted": mostly(["", "false", "0", "f", "true"], ["maybe"]),
        "email": mostly([""], ["a@example.org"]),
        **_VERSION,
    },
    "orders": {
        "status": mostly(
            ["", "completed", "shipped", "returned"], ["cancelled", "Cancelled", "TEST", "test"]
        ),
        "currency": mostly(["", "", "CNY", "cny", "USD", "usd "], ["EUR", "XXX"]),
        "discount_amount": mostly(["", "1", "2.5", "10", "0", "7.77", "2500", "40000"], NO_NUMBERS),
        "cost_amount": _MONEY,
        "promo_code": mostly(["", " ", "SPRING", "X1", "X2"], ["x1"]),
        **_VERSION,
    },
    "order_lines": {
        "category": mostly(["", "tea", "Tea", "cup", "茶"], [" "]),
        "quantity": mostly(["", "1", "2", "0.5", "3.14159265", "-1"], NO_NUMBERS),
        **_VERSION,
    },
    "interactions": {
        "direction": mostly(["", "in", "out"], ["up"]),
        "channel": mostly(["", "web"], [" "]),
        **_VERSION,
    },
    "refunds": {"customer_id": customer, **_VERSION},
    "opportunities": {
        "amount": _MONEY,
        "quoted_at": maybe_moment,
        "closed_at": maybe_moment,
        "is_won": mostly(["", "true", "false"], ["perhaps"]),
        **_VERSION,
    },
    "feedback": {
        "topic": mostly(["", "product", "service", "process"], ["price"]),
        "score": mostly(["", "0", "1", "3", "4.5", "5", "9"], ["10", "11", "-1", "good"]),
        "resolved_at": maybe_moment,
        **_VERSION,
    },
    "attributes": _VERSION,
    "declared_classes": {"valid_to": maybe_moment, **_VERSION},
    "exchange_rates": _VERSION,
    "customer_merges": {"reason": mostly(["", "same phone"], [" "]), **_VERSION},
}
