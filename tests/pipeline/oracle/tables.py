"""The eleven canonical tables, written down a second time: columns, keys, what a row must have."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Attributes:
        columns: name to kind (text, money, number, integer, date, timestamp, boolean).
        key: the columns that identify a row.
        required: the columns that a row may not leave blank.
        either: lists of columns of which a row needs at least one.
        domains: the only texts that a column may hold.
        folded: columns that are compared without case, to the case they are kept in.
    """

    columns: Mapping[str, str]
    key: tuple[str, ...]
    required: tuple[str, ...]
    either: tuple[tuple[str, ...], ...] = ()
    domains: Mapping[str, frozenset[str]] = field(default_factory=dict)
    folded: Mapping[str, str] = field(default_factory=dict)


def _columns(told: str) -> dict[str, str]:
    """`kind: name name; kind: name` in the order written."""
    pairs = [group.split(":") for group in told.split(";")]
    return {name: kind.strip() for kind, names in pairs for name in names.split()}


def _domains(**allowed: str) -> dict[str, frozenset[str]]:
    return {column: frozenset(words.split()) for column, words in allowed.items()}


PERSONAL = frozenset({"name", "email", "phone", "registration_code", "birth_date"})

TABLES: Mapping[str, Table] = {
    "customers": Table(
        columns=_columns(
            "text: customer_id name email phone registration_code party_kind channel_kind"
            " organisation_kind industry country region city; date: birth_date; text: gender"
            " education occupation income_band; integer: household_size; number: credit_score;"
            " text: products_owned source_channel referrer_id owner_id; boolean: is_named_account"
            " is_regional_account is_via_partner is_targeted; money: contract_amount; text:"
            " declared_intent; number: need_score product_need_score service_need_score"
            " support_need_score; date: expected_buy_date; boolean: is_opted_out; timestamp:"
            " created_at updated_at; boolean: is_deleted"
        ),
        key=("customer_id",),
        required=("customer_id",),
        domains=_domains(
            party_kind="consumer business channel internal",
            channel_kind="distributor regional_distributor agent dealer store",
            organisation_kind="enterprise individual government",
            declared_intent="interested considering not_now never",
        ),
    ),
    "orders": Table(
        columns=_columns(
            "text: order_id customer_id; timestamp: ordered_at; money: amount; text: status"
            " currency; money: discount_amount cost_amount; text: channel promo_code; timestamp:"
            " updated_at; boolean: is_deleted"
        ),
        key=("order_id",),
        required=("order_id", "customer_id", "ordered_at", "amount"),
        folded={"status": "lower", "currency": "upper"},
    ),
    "order_lines": Table(
        columns=_columns(
            "text: order_id; integer: line_no; text: product_id category; number: quantity;"
            " money: amount; timestamp: updated_at; boolean: is_deleted"
        ),
        key=("order_id", "line_no"),
        required=("order_id", "line_no"),
    ),
    "refunds": Table(
        columns=_columns(
            "text: refund_id order_id customer_id; timestamp: refunded_at; money: amount;"
            " timestamp: updated_at; boolean: is_deleted"
        ),
        key=("refund_id",),
        required=("refund_id", "refunded_at", "amount"),
        either=(("order_id", "customer_id"),),
    ),
    "interactions": Table(
        columns=_columns(
            "text: interaction_id customer_id; timestamp: occurred_at; text: kind direction channel"
            " outcome; timestamp: updated_at; boolean: is_deleted"
        ),
        key=("interaction_id",),
        required=("interaction_id", "customer_id", "occurred_at", "kind"),
        domains=_domains(
            kind="call visit email browse campaign coupon reply quote support", direction="in out"
        ),
    ),
    "opportunities": Table(
        columns=_columns(
            "text: opportunity_id customer_id stage; timestamp: created_at; money: amount;"
            " timestamp: quoted_at expected_close_at closed_at; boolean: is_won; timestamp:"
            " updated_at; boolean: is_deleted"
        ),
        key=("opportunity_id",),
        required=("opportunity_id", "customer_id", "stage", "created_at"),
        folded={"stage": "lower"},
    ),
    "feedback": Table(
        columns=_columns(
            "text: feedback_id customer_id; timestamp: occurred_at; text: kind topic; number:"
            " score; timestamp: resolved_at updated_at; boolean: is_deleted"
        ),
        key=("feedback_id",),
        required=("feedback_id", "customer_id", "occurred_at", "kind"),
        domains=_domains(kind="csat nps complaint review", topic="product service process"),
    ),
    "attributes": Table(
        columns=_columns(
            "text: customer_id name; timestamp: observed_at; text: value; timestamp: updated_at;"
            " boolean: is_deleted"
        ),
        key=("customer_id", "name", "observed_at"),
        required=("customer_id", "name", "observed_at", "value"),
    ),
    "declared_classes": Table(
        columns=_columns(
            "text: customer_id scheme; timestamp: declared_at; text: class_code author reason;"
            " date: valid_to; timestamp: updated_at; boolean: is_deleted"
        ),
        key=("customer_id", "scheme", "declared_at"),
        required=("customer_id", "scheme", "declared_at", "class_code", "author", "reason"),
    ),
    "exchange_rates": Table(
        columns=_columns(
            "text: currency; date: rate_date; number: rate_to_base; timestamp: updated_at;"
            " boolean: is_deleted"
        ),
        key=("currency", "rate_date"),
        required=("currency", "rate_date", "rate_to_base"),
        folded={"currency": "upper"},
    ),
    "customer_merges": Table(
        columns=_columns(
            "text: customer_id into_customer_id approved_by; timestamp: approved_at; text: reason;"
            " timestamp: updated_at; boolean: is_deleted"
        ),
        key=("customer_id",),
        required=("customer_id", "into_customer_id", "approved_by", "approved_at"),
    ),
}
