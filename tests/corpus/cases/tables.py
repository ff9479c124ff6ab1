"""What tables say of each other: status, currency, refunds, customers that are not there."""

from datetime import datetime
from decimal import Decimal

from .case import (
    DELETED,
    STAGED,
    SUPERSEDED,
    WAITING,
    Case,
    Fate,
    cell,
    key,
    quarantined,
    rows_case,
)


def unknown(table: str, column: str, text: str) -> Case:
    given = f"{column} `{text}` in {table}"
    return cell(given, column, text, quarantined("unknown_value", column), table)


def blank(table: str, column: str) -> Case:
    given = f"{table} without {column}"
    return cell(given, column, "", quarantined("missing_required", column), table)


def boolean(text: str, then: Fate | bool) -> Case:
    return cell(f"is_targeted `{text}`", "is_targeted", text, then, "customers")


CHAIN = "a merge into a customer that is merged in turn"
CASES = [
    rows_case(
        "an order of a customer that `customers` lacks: known by its orders",
        [{"customer_id": "{k}"}],
        [STAGED],
        facts={"order_count": 1},
    ),
    rows_case(
        "a customer that never ordered",
        [{}],
        [STAGED],
        "customers",
        facts={"order_count": 0, "recency_days": None},
    ),
    rows_case(
        "a cancelled order, with spaces and in capitals",
        [{}, {"order_id": "{k}-c", "status": " CANCELLED "}],
        [STAGED, STAGED],
        facts={"order_count": 1},
    ),
    rows_case(
        "a test order",
        [{}, {"order_id": "{k}-t", "status": "test"}],
        [STAGED, STAGED],
        facts={"order_count": 1},
    ),
    rows_case(
        "an order whose status nobody foresaw: it counts",
        [{"status": "teleported"}],
        [STAGED],
        facts={"order_count": 1},
    ),
    rows_case(
        "an order without a status: it counts",
        [{"status": ""}],
        [STAGED],
        facts={"order_count": 1},
    ),
    rows_case(
        "a status translated by the mapping",
        [{"status": " 已取消 "}],
        [STAGED],
        staged={"status": "cancelled"},
        entry={"values": {"status": {"已取消": "cancelled"}}},
    ),
    rows_case("an order in a currency without a rate of its day", [{"currency": "USD"}], [WAITING]),
    rows_case("an order in a currency that nobody knows", [{"currency": "XX"}], [WAITING]),
    rows_case(
        "an order in the base currency, in small letters",
        [{"currency": "eur"}],
        [STAGED],
        staged={"amount": 10},
    ),
    rows_case(
        "an order in a currency with a rate of its day",
        [{"currency": "gbp", "ordered_at": "2024-05-07", "amount": "3.33"}],
        [STAGED],
        staged={"amount": Decimal("3.8961"), "currency": "GBP"},
    ),
    rows_case(
        "an amount that is too great in base currency",
        [{"currency": "GBP", "ordered_at": "2024-05-07", "amount": "99999999999999"}],
        [quarantined("out_of_range", "amount")],
    ),
    rows_case(
        "a refund greater than all purchases: net is below zero",
        [{"amount": "3.50"}],
        [STAGED],
        "refunds",
    ),
    rows_case(
        "a refund of an order that is not there",
        [{"order_id": "no such order", "customer_id": ""}],
        [STAGED],
        "refunds",
    ),
    rows_case(
        "a customer created after its first order: it exists since the order",
        [{"created_at": "2024-05-30"}],
        [STAGED],
        "customers",
        staged={"created_at": datetime(2024, 5, 30)},
    ),
    rows_case(
        "a line of an order that is not there",
        [{"order_id": "no such order at all"}],
        [STAGED],
        "order_lines",
    ),
    rows_case("a customer that refers itself", [{"referrer_id": "{k}"}], [STAGED], "customers"),
    rows_case("a referrer that is not there", [{"referrer_id": "nobody"}], [STAGED], "customers"),
    rows_case(
        "a class declared for a scheme that no policy has",
        [{"scheme": "horoscope"}],
        [STAGED],
        "declared_classes",
    ),
    rows_case(
        "a customer that is merged into itself",
        [{"into_customer_id": "{k}"}],
        [quarantined("merged_into_itself", "into_customer_id")],
        "customer_merges",
    ),
    rows_case(
        "two customers that are merged into each other",
        [
            {"customer_id": "{k}-a", "into_customer_id": "{k}-b"},
            {"customer_id": "{k}-b", "into_customer_id": "{k}-a"},
        ],
        [quarantined("merged_in_a_circle", "into_customer_id")] * 2,
        "customer_merges",
    ),
    rows_case(
        CHAIN,
        [
            {"customer_id": "{k}-b", "into_customer_id": "{k}-c"},
            {"customer_id": "{k}-a", "into_customer_id": "{k}-b"},
        ],
        [STAGED] * 2,
        "customer_merges",
        staged={"surviving_customer_id": f"{key(CHAIN)}-c"},
    ),
    rows_case(
        "a merge that was taken back",
        [{"is_deleted": "yes"}],
        [DELETED],
        "customer_merges",
    ),
    rows_case(
        "an opportunity that its source has deleted",
        [{"updated_at": "2024-05-03"}, {"updated_at": "2024-05-04", "is_deleted": "true"}],
        [SUPERSEDED, DELETED],
        "opportunities",
    ),
    rows_case(
        "a refund of which its source says only that it was deleted",
        [{"order_id": "", "customer_id": "", "refunded_at": "", "amount": "", "is_deleted": "1"}],
        [DELETED],
        "refunds",
    ),
    unknown("customers", "party_kind", "martian"),
    unknown("customers", "declared_intent", "perhaps"),
    unknown("interactions", "kind", "seance"),
    unknown("interactions", "direction", "sideways"),
    unknown("feedback", "kind", "smile"),
    unknown("feedback", "topic", "weather"),
    cell("kind ` CALL ` in interactions", "kind", " CALL ", "call", "interactions"),
    blank("refunds", "amount"),
    blank("refunds", "refunded_at"),
    blank("interactions", "customer_id"),
    blank("interactions", "kind"),
    blank("opportunities", "stage"),
    blank("feedback", "kind"),
    blank("attributes", "value"),
    blank("declared_classes", "author"),
    blank("exchange_rates", "rate_to_base"),
    *(boolean(text, True) for text in ("TRUE", "1", "Yes", "y", "是")),
    *(boolean(text, False) for text in ("false", "0", "No", "否")),
    *(boolean(text, quarantined("not_a_boolean", "is_targeted")) for text in ("2", "on", "ja")),
]
