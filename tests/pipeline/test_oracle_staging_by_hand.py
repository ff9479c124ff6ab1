"""Which rows count, on companies small enough to work out on paper."""

from decimal import Decimal
from pathlib import Path

import pytest
from oracle.handmade import ORDER, Company, back


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """A company of which nothing has landed yet."""
    return Company(tmp_path)


def test_an_offset_moves_an_order_to_the_business_day(company: Company) -> None:
    late = f"{back(1)}T23:30:00Z"
    company.orders(("1", "a", late, "1"), ("2", "b", late.removesuffix("Z"), "1"))
    assert company.fact("recency_days", "a", timezone="Asia/Shanghai") == 0
    assert company.fact("recency_days", "b", timezone="Asia/Shanghai") == 1
    assert company.fact("recency_days", "a", timezone="America/New_York") == 1


def test_an_unreadable_cell_takes_its_whole_row_out(company: Company) -> None:
    bad = [
        ("1", "a", back(1), "1,5"),
        ("2", "a", "yesterday", "1"),
        ("3", "a", "2024-02-30", "1"),
        ("4", "a", back(1), None),
        (" ", "a", back(1), "1"),
        ("6", "", back(1), "1"),
        ("7", "a", "2024", "1"),
    ]
    company.orders(*bad, ("8", "a", back(1), " +1.00005 "))
    rows = company.facts()
    assert list(rows) == ["a"]
    assert (rows["a"]["order_count"], rows["a"]["gross_amount"]) == (1, Decimal("1.0001"))


def test_the_greatest_updated_at_wins_then_the_later_load(company: Company) -> None:
    columns = (*ORDER, "updated_at")
    order = ("a", back(1))
    company.load("orders", columns, ("1", *order, "7", back(1)), ("2", *order, "1", None))
    company.load("orders", columns, ("1", *order, "5", back(2)), ("2", *order, "2", None))
    assert company.fact("gross_amount") == 9


def test_versions_of_one_moment_that_differ_are_no_version(company: Company) -> None:
    company.orders(("1", "a", back(1), "1"), ("2", "a", back(1), "5"), ("2", "a", back(1), "5.00"))
    company.orders(("1", "a", back(1), "2"), ("1", "a", back(1), "3"), ("3", "a", back(1), "10"))
    assert company.fact("gross_amount") == 16


def test_a_deleted_version_takes_the_row_away(company: Company) -> None:
    columns = (*ORDER, "is_deleted")
    company.load(
        "orders", columns, ("1", "a", back(1), "1", "false"), ("2", "a", back(1), "2", "0")
    )
    company.load("orders", columns, ("1", "a", back(1), "1", "true"))
    assert company.fact("gross_amount") == 2


def test_a_row_of_any_table_has_versions_and_may_be_deleted(company: Company) -> None:
    call = ("interaction_id", "customer_id", "occurred_at", "kind", "updated_at", "is_deleted")
    company.orders(("1", "a", back(9), "100"))
    company.load(
        "interactions",
        call,
        ("1", "a", back(3), "call", back(1), None),
        ("2", "a", back(2), "call", back(2), None),
    )
    company.load(
        "interactions",
        call,
        ("1", "a", back(5), "browse", back(2), None),
        ("2", None, None, None, back(1), "1"),
    )
    company.load("refunds", ("refund_id", "is_deleted"), ("1", "true"))
    facts = company.facts()["a"]
    assert (facts["contact_count_90d"], facts["last_contact_days"]) == (1, 3)
    assert (facts["browse_count_90d"], facts["refund_amount"]) == (0, 0)


def test_a_corrected_mapping_replaces_the_load_it_corrects(company: Company) -> None:
    company.orders(("1", "a", back(1), "1"), ("2", "a", back(1), "5"), source_sha256="x")
    company.orders(("1", "a", back(1), "2"), source_sha256="x", mapping_sha256="other")
    assert company.fact("gross_amount") == 2


def test_a_key_from_two_entries_is_taken_out_unless_they_share_keys(company: Company) -> None:
    company.orders(("1", "a", back(1), "1"), ("2", "a", back(1), "5"))
    company.orders(("1", "a", back(1), "1"), entry="web")
    assert company.fact("gross_amount") == 5


def test_an_order_in_another_currency_waits_for_the_rate_of_its_day(company: Company) -> None:
    columns = (*ORDER, "currency")
    orders = [("1", "a", back(1), "10", "usd"), ("2", "a", back(2), "1", "cny")]
    company.load("orders", columns, *orders)
    assert company.fact("gross_amount") == 1
    rates = ("currency", "rate_date", "rate_to_base")
    company.load("exchange_rates", rates, ("USD", back(1), "7.12345"), ("USD", back(2), "9"))
    assert company.fact("gross_amount") == Decimal("72.2345")
