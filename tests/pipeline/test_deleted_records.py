"""Records of every table that change, or are deleted, at their source, down to the facts."""

from datetime import date

import pytest
from home_fixtures import MakeSettings
from staged_company import StagedCompany

TODAY = date(2024, 6, 30)
VERSION = ("updated_at", "is_deleted")


@pytest.fixture(scope="module")
def company(new_home: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """Each record lands once as it was and once as it became; the loads may be out of order."""
    folder = tmp_path_factory.mktemp("deleted")
    staged = StagedCompany(folder, new_home(folder / "home"))
    staged.load("orders", ("order_id", "customer_id", "ordered_at", "amount"), *ORDERS)
    for table, columns, *loads in (OPPORTUNITIES, INTERACTIONS, REFUNDS, RATES):
        for rows in loads:
            staged.load(table, (*columns, *VERSION), *rows)
    staged.stage(TODAY, "customer_facts", "ledger")
    return staged


ORDERS = [(f"o-{customer}", customer, "2024-06-01", "50") for customer in ("a", "b", "c")]
OPPORTUNITIES = (
    "opportunities",
    ("opportunity_id", "customer_id", "stage", "created_at"),
    [
        ("deleted", "a", "talk", "2024-06-01", "2024-06-01", ""),
        ("kept", "a", "talk", "2024-06-01", "2024-06-01", ""),
        ("moved", "c", "won", "2024-06-01", "2024-06-09", ""),
    ],
    [
        ("deleted", "", "", "", "2024-06-02", "yes"),
        ("moved", "b", "talk", "2024-06-01", "2024-06-08", ""),
    ],
)
INTERACTIONS = (
    "interactions",
    ("interaction_id", "customer_id", "occurred_at", "kind"),
    [
        ("deleted", "a", "2024-06-20", "call", "2024-06-20", ""),
        ("restored", "b", "2024-06-21", "call", "2024-06-22", "1"),
        ("corrected", "c", "2024-06-10", "call", "2024-06-29", "no"),
    ],
    [
        ("deleted", "a", "2024-06-20", "call", "2024-06-21", "true"),
        ("restored", "b", "2024-06-21", "call", "2024-06-23", "0"),
        ("corrected", "c", "2024-06-25", "call", "2024-06-28", ""),
    ],
)
REFUNDS = (
    "refunds",
    ("refund_id", "customer_id", "refunded_at", "amount"),
    [("deleted", "a", "2024-06-02", "9", "", ""), ("kept", "b", "2024-06-02", "9", "", "")],
    [("deleted", "", "", "", "", "是")],
)
RATES = (
    "exchange_rates",
    ("currency", "rate_date", "rate_to_base"),
    [("USD", "2024-06-01", "7", "2024-06-01", ""), ("EUR", "2024-06-01", "8", "2024-06-01", "")],
    [("USD", "2024-06-01", "", "2024-06-02", "1")],
)


@pytest.mark.parametrize(
    ("fact", "of_each"),
    [
        ("open_opportunity_count", {"a": 1, "b": 0, "c": 0}),
        ("won_opportunity_count", {"a": 0, "b": 0, "c": 1}),
        ("contact_count_90d", {"a": 0, "b": 1, "c": 1}),
        ("last_contact_days", {"a": None, "b": 9, "c": 20}),
        ("refund_amount", {"a": 0, "b": 9, "c": 0}),
    ],
)
def test_a_fact_is_made_of_the_newest_versions_that_are_not_deleted(
    company: StagedCompany, fact: str, of_each: dict[str, object]
) -> None:
    found = company.query(f"select customer_id, {fact} from facts.customer_facts")
    assert dict(found) == of_each


def test_a_rate_that_was_deleted_converts_nothing(company: StagedCompany) -> None:
    assert company.query("select currency from staging.exchange_rates") == [("EUR",)]


def test_the_ledger_counts_what_was_deleted(company: StagedCompany) -> None:
    assert dict(
        company.query("select table_name, sum(deleted) from staging.ledger group by table_name")
    ) == {"orders": 0, "opportunities": 1, "interactions": 1, "refunds": 1, "exchange_rates": 1}
