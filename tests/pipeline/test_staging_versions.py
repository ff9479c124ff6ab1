"""Which of several rows of one key stands, and what becomes of the others."""

from datetime import date
from decimal import Decimal

import pytest
from staged_company import StagedCompany

ORDER = (
    *("order_id", "customer_id", "ordered_at", "amount", "currency", "discount_amount"),
    *("updated_at", "is_deleted"),
)


def order(
    key: str,
    amount: str,
    updated_at: str = "",
    *,
    day: str = "2024-06-01",
    currency: str = "",
    discount: str = "",
    deleted: str = "",
) -> tuple[str, ...]:
    return (key, "c", day, amount, currency, discount, updated_at, deleted)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    staged = StagedCompany(tmp_path_factory.mktemp("versions"))
    staged.load(
        "orders",
        ORDER,
        order("updated", "1", "2024-06-03"),
        order("reloaded", "1", "2024-06-03"),
        order("never dated", "1"),
        order("dated once", "1", "2024-06-03"),
        order("twice", "1.0"),
        order(" twice ", "1", day="2024-05-31T16:00Z"),
        order("conflict", "1"),
        order("old conflict", "1", "2024-06-01"),
        order("old conflict", "2", "2024-06-01"),
        order("all conflict", "1"),
        order("all conflict", "2"),
        order("all conflict", "2"),
        order("deleted", "1", "2024-06-01"),
        order("restored", "1", "2024-06-02", deleted="1"),
        order("good before bad", "1"),
        order("till too", "1"),
        order("dollars", "1.23456", currency="usd", discount="0.5"),
        order("dollars later", "1", currency="USD", day="2024-06-02"),
        order("yen", "1", currency="JPY"),
        order("huge", "99999999999999", currency="USD"),
        order("at home", "1", currency="cny"),
    )
    staged.load(
        "orders",
        ORDER,
        order("updated", "2", "2024-06-02"),
        order("reloaded", "2", "2024-06-03"),
        order("never dated", "2"),
        order("dated once", "2"),
        order("conflict", "2"),
        order("conflict", "3"),
        order("old conflict", "3", "2024-06-02"),
        ("deleted", "", "", "", "", "", "2024-06-02", "yes"),
        order("restored", "2", "2024-06-03"),
        order("good before bad", "many"),
    )
    staged.load("orders", ORDER, order("till too", "1"), entry="till")
    staged.load(
        "exchange_rates",
        ("currency", "rate_date", "rate_to_base"),
        ("usd", "2024-06-01", "7.25"),
        ("eur", "2024-06-01", "0"),
    )
    for entry in ("north", "south"):
        staged.load(
            "customers", ("customer_id", "region", "updated_at"), ("c", entry, ""), entry=entry
        )
    staged.share_keys("customers")
    staged.stage(date(2024, 6, 30))
    return staged


CONFLICT = "quarantined: conflicting_versions"
TWO_ENTRIES = "quarantined: key_from_two_entries"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("updated", ["staged", "superseded"]),
        ("reloaded", ["superseded", "staged"]),
        ("never dated", ["superseded", "staged"]),
        ("dated once", ["staged", "superseded"]),
        ("twice", ["staged", "duplicate"]),
        ("conflict", ["staged", CONFLICT, CONFLICT]),
        ("old conflict", ["superseded", "superseded", "staged"]),
        ("all conflict", [CONFLICT, CONFLICT, CONFLICT]),
        ("deleted", ["superseded", "deleted"]),
        ("restored", ["superseded", "staged"]),
        ("good before bad", ["staged", "quarantined: not_a_number"]),
        ("till too", [TWO_ENTRIES, TWO_ENTRIES]),
        ("dollars", ["staged"]),
        ("dollars later", ["waiting"]),
        ("yen", ["waiting"]),
        ("huge", ["quarantined: out_of_range"]),
        ("at home", ["staged"]),
    ],
)
def test_each_row_of_a_key_meets_its_fate(
    company: StagedCompany, key: str, expected: list[str]
) -> None:
    assert company.fates("orders", key) == expected


def test_the_staged_rows_are_those_that_stand(company: StagedCompany) -> None:
    assert dict(company.query("select order_id, amount from staging.orders")) == {
        "updated": 1,
        "reloaded": 2,
        "never dated": 2,
        "dated once": 1,
        "twice": 1,
        "conflict": 1,
        "old conflict": 3,
        "restored": 2,
        "good before bad": 1,
        "dollars": Decimal("8.9509"),
        "at home": 1,
    }


def test_every_amount_of_an_order_is_converted_at_the_rate_of_its_day(
    company: StagedCompany,
) -> None:
    assert company.query(
        "select amount, discount_amount, cost_amount from staging.orders where order_id = 'dollars'"
    ) == [(Decimal("8.9509"), Decimal("3.625"), None)]


def test_a_rate_of_zero_is_quarantined(company: StagedCompany) -> None:
    assert company.query(
        "select currency, _fate, _reason from staging.landed_exchange_rates order by currency"
    ) == [("EUR", "quarantined", "out_of_range"), ("USD", "staged", None)]


def test_entries_that_share_their_keys_give_versions_of_one_row(company: StagedCompany) -> None:
    assert company.query("select customer_id, region from staging.customers") == [("c", "south")]


def test_the_ledger_counts_every_fate_of_every_load(company: StagedCompany) -> None:
    assert company.query(
        "select landed, staged, superseded, duplicate, deleted, waiting, quarantined"
        " from staging.ledger where table_name = 'orders' order by load_id"
    ) == [(21, 7, 6, 1, 0, 2, 5), (10, 4, 2, 0, 1, 0, 3), (1, 0, 0, 0, 0, 0, 1)]
