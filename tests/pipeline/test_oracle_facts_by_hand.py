"""Facts, on companies small enough to work out on paper."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from oracle.exact import half_up, quotient
from oracle.handmade import DAY, ORDER, Company, back


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """A company of which nothing has landed yet."""
    return Company(tmp_path)


@pytest.mark.parametrize("window", [30, 90, 180, 365])
def test_a_window_of_n_days_starts_n_minus_one_days_ago(company: Company, window: int) -> None:
    company.orders(("in", "a", back(window - 1), "1"), ("out", "a", back(window), "10"))
    assert company.fact(f"gross_amount_{window}d") == 1
    assert company.fact("gross_amount") == 11


def test_the_prior_half_year_is_the_180_days_before_the_last_180(company: Company) -> None:
    company.orders(
        ("1", "a", back(179), "3"),
        ("2", "a", back(180), "2"),
        ("3", "a", back(359), "2"),
        ("4", "a", back(360), "100"),
    )
    assert company.fact("net_amount_180d") == 3
    assert company.fact("net_amount_prior_180d") == 4
    assert company.fact("trend_ratio_180d") == Decimal("-0.25")


def test_a_return_is_the_latest_purchase_after_more_than_365_days(company: Company) -> None:
    company.orders(
        *(("r1", "a", back(1000), "1"), ("r2", "a", back(634), "1"), ("r3", "a", back(10), "1")),
        *(("n1", "b", back(375), "1"), ("n2", "b", back(10), "1")),
    )
    assert company.fact("return_date") == DAY - timedelta(days=10)
    company.orders(("r4", "a", back(5), "1"))
    assert company.fact("return_date") == DAY - timedelta(days=10)
    assert company.fact("return_date", "b") is None


def test_a_negative_order_is_a_refund_on_its_own_date_and_never_an_order(company: Company) -> None:
    company.orders(
        ("1", "a", back(100), "50"), ("2", "a", back(3), "-60"), ("3", "a", back(1), "0")
    )
    row = company.facts()["a"]
    assert (row["order_count"], row["last_order_date"]) == (1, DAY - timedelta(days=100))
    assert (row["refund_amount"], row["refund_amount_30d"]) == (60, 60)
    assert (row["net_amount"], row["net_amount_30d"]) == (-10, -60)


def test_cancelled_and_test_orders_count_nowhere_but_show_that_the_customer_exists(
    company: Company,
) -> None:
    columns = (*ORDER, "status")
    company.load(
        "orders",
        columns,
        ("1", "a", back(1), "5", "Cancelled"),
        ("2", "a", back(1), "-5", "test"),
        ("3", "b", back(1), "5", None),
    )
    rows = company.facts()
    assert [rows[name]["order_count"] for name in ("a", "b")] == [0, 1]
    assert rows["a"]["refund_amount"] == 0


def test_gaps_are_between_distinct_purchase_dates(company: Company) -> None:
    company.orders(
        *((str(ago), "a", back(ago), "1") for ago in (40, 30, 28, 3)), ("same", "a", back(30), "1")
    )
    row = company.facts()["a"]
    assert row["mean_gap_days"] == Decimal("12.33333333")
    assert row["median_gap_days"] == 10
    assert row["on_cycle_share"] == Decimal("0.66666667")
    assert row["order_day_count"] == 4


def test_the_median_of_two_gaps_lies_between_them(company: Company) -> None:
    company.orders(*((str(ago), "a", back(ago), "1") for ago in (10, 7, 5)))
    assert company.fact("median_gap_days") == Decimal("2.5")


def test_one_purchase_date_has_no_gap(company: Company) -> None:
    company.orders(("1", "a", back(3), "1"))
    row = company.facts()["a"]
    assert row["mean_gap_days"] is row["median_gap_days"] is row["on_cycle_share"] is None


def test_the_future_is_not_known_yet(company: Company) -> None:
    company.orders(("1", "a", back(-1), "1"), ("2", "b", back(0), "1"))
    assert list(company.facts()) == ["b"]


def test_a_customer_exists_from_its_creation_or_its_first_event(company: Company) -> None:
    company.load(
        "customers",
        ("customer_id", "created_at"),
        ("undated", None),
        ("new", back(0)),
        ("future", back(-1)),
        ("early", back(-1)),
        (" ", None),
    )
    columns = ("interaction_id", "customer_id", "occurred_at", "kind")
    company.load(
        "interactions", columns, ("1", "early", back(3), "call"), ("2", "stranger", back(3), "call")
    )
    assert list(company.facts()) == ["early", "new", "undated"]


def test_a_fact_that_nobody_supplies_is_missing_and_a_silent_one_is_zero(company: Company) -> None:
    company.load("customers", ("customer_id",), ("a",))
    assert company.fact("order_count") is company.fact("net_amount") is None
    company.orders()
    row = company.facts()["a"]
    assert (row["order_count"], row["net_amount_90d"], row["recency_days"]) == (0, 0, None)
    assert row["discount_share_365d"] is row["contact_count_90d"] is row["unit_count_365d"] is None


def test_a_margin_is_missing_when_more_than_a_fifth_of_gross_has_no_cost(company: Company) -> None:
    columns = (*ORDER, "cost_amount")
    orders = [("1", "a", back(1), "80", "30"), ("2", "a", back(1), "20", None)]
    company.load("orders", columns, *orders)
    assert (company.fact("cost_amount_365d"), company.fact("margin_amount_365d")) == (30, 70)
    company.load("orders", columns, ("3", "a", back(1), "0.0001", None))
    assert (company.fact("cost_amount_365d"), company.fact("margin_amount_365d")) == (30, None)


def test_shares_need_three_orders(company: Company) -> None:
    columns = (*ORDER, "discount_amount", "promo_code")
    orders = [(str(n), "a", back(n), "1", "0.5", code) for n, code in ((1, "x"), (2, None))]
    company.load("orders", columns, *orders)
    assert company.fact("discount_share_365d") is company.fact("promo_order_share_365d") is None
    company.load("orders", columns, ("3", "a", back(3), "1", None, " "))
    assert company.fact("discount_share_365d") == Decimal("0.25")
    assert company.fact("promo_order_share_365d") == Decimal("0.33333333")


def test_lines_count_for_purchases_of_the_window_only(company: Company) -> None:
    company.orders(
        ("1", "a", back(364), "5"), ("2", "a", back(365), "5"), ("3", "a", back(1), "-5")
    )
    columns = ("order_id", "line_no", "category", "quantity")
    lines = [("1", "1", "tea", "1.5"), ("1", "2", "tea", "2"), ("1", "3", None, None)]
    company.load("order_lines", columns, *lines, ("2", "1", "x", "8"), ("3", "1", "y", "8"))
    assert company.fact("unit_count_365d") == Decimal("3.5")
    assert company.fact("category_count_365d") == 1


def test_engagement_is_what_the_customer_did(company: Company) -> None:
    columns = ("interaction_id", "customer_id", "occurred_at", "kind", "direction")
    company.load(
        "interactions",
        columns,
        ("1", "a", back(89), "call", "out"),
        ("2", "a", back(90), "email", "out"),
        ("3", "a", back(40), "visit", "in"),
        ("4", "a", f"{back(2)} 10:00", "quote", "out"),
        ("5", "a", f"{back(2)} 10:01", "reply", None),
        ("6", "a", back(1), "fax", None),
    )
    company.orders(("1", "a", back(500), "1"))
    row = company.facts()["a"]
    assert (row["contact_count_90d"], row["reply_count_90d"], row["browse_count_90d"]) == (2, 1, 0)
    assert (row["last_contact_days"], row["last_engaged_days"]) == (40, 2)
    assert (row["last_quote_date"], row["replied_after_quote"]) == (DAY - timedelta(days=2), True)


def test_opportunities_close_on_their_own_dates(company: Company) -> None:
    company.load("customers", ("customer_id",), ("a",))
    columns = ("opportunity_id", "customer_id", "stage", "created_at", "closed_at", "is_won")
    company.load(
        "opportunities",
        columns,
        ("1", "a", "talk", back(9), back(-1), "true"),
        ("2", "a", "talk", back(9), back(0), "true"),
        ("3", "a", "Won", back(9), None, None),
        ("4", "a", "talk", back(-1), None, None),
    )
    row = company.facts()["a"]
    assert (row["open_opportunity_count"], row["won_opportunity_count"]) == (1, 2)


def test_feedback_keeps_the_latest_score_and_the_open_complaints(company: Company) -> None:
    company.load("customers", ("customer_id",), ("a",))
    columns = ("feedback_id", "customer_id", "occurred_at", "kind", "topic", "score", "resolved_at")
    company.load(
        "feedback",
        columns,
        ("1", "a", back(9), "csat", "product", "5", None),
        ("2", "a", back(8), "csat", "service", "2", None),
        ("3", "a", back(7), "csat", None, "6", None),
        ("4", "a", back(400), "complaint", None, None, f"{back(364)} 01:00"),
        ("5", "a", f"{back(5)} 23:00", "complaint", None, None, f"{back(4)} 01:00"),
        ("6", "a", back(3), "complaint", None, None, back(-1)),
    )
    row = company.facts()["a"]
    assert (row["satisfaction_score"], row["product_score"], row["process_score"]) == (2, 5, None)
    assert (row["complaint_count_365d"], row["open_complaint_count"]) == (2, 1)
    assert row["complaint_resolve_days_365d"] == Decimal("18.5")


def test_referred_customers_count_when_they_came_in_the_window(company: Company) -> None:
    company.load(
        "customers",
        ("customer_id", "referrer_id", "created_at", "birth_date"),
        ("a", "a", back(1), "2000-06-30"),
        ("b", "a", back(364), "2000-07-01"),
        ("c", "a", back(365), "2024-07-01"),
        ("d", "a", None, None),
        ("e", "a", None, None),
    )
    company.orders(("1", "c", back(1), "1"), ("2", "d", back(1), "1"), ("3", "e", back(400), "1"))
    assert company.fact("referral_count_365d") == 2
    assert [company.fact("age_years", name) for name in "abcd"] == [24, 23, None, None]


def test_the_columns_of_customers_are_kept_but_for_the_personal_ones(company: Company) -> None:
    columns = ("customer_id", "name", "region", "credit_score", "is_targeted", "created_at")
    company.load("customers", columns, ("007", "Li", "North", "1.5", "true", "2024-01-02T03:04"))
    row = company.facts()["007"]
    assert "name" not in row
    assert (row["region"], row["credit_score"]) == ("North", Decimal("1.5"))
    assert row["is_targeted"] is True
    assert row["created_at"] == datetime(2024, 1, 2, 3, 4)


def test_quotients_round_half_away_from_zero() -> None:
    assert [half_up(number, 2) for number in (1, -1, 3, -3, 4)] == [1, -1, 2, -2, 2]
    assert quotient(-1, 3 * 10**8) == Decimal(0)
    assert quotient(1, 2 * 10**8) == Decimal("0.00000001")
    assert quotient(1, 0) is None
