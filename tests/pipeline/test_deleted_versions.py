"""Deletions, and versions by the instant that they name: what stands when clocks go back."""

from datetime import date

import pytest
from staged_company import StagedCompany

ORDER = ("order_id", "customer_id", "ordered_at", "amount", "updated_at", "is_deleted")
# In Berlin both are between 2 and 3 o'clock, the first in summer time, the second after it.
BEFORE, AFTER = "2024-10-27T00:50:00+00:00", "2024-10-27T01:10:00+00:00"
SHARED = ("customer_id", "region", "updated_at", "is_deleted")


def order(key: str, amount: str, updated_at: str = "", deleted: str = "") -> tuple[str, ...]:
    return (key, "c", "2024-06-01", amount, updated_at, deleted)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> StagedCompany:
    """Orders of one entry in three loads; customers of two entries that share their keys.

    The loads of the north come first, since all files of an entry land before those of the next.
    """
    staged = StagedCompany(tmp_path_factory.mktemp("deleted"))
    staged.describe(timezone="Europe/Berlin")
    staged.load(
        "orders",
        ORDER,
        order("bad, then deleted", "1", "2024-06-01"),
        order("changed in the hour", "1", BEFORE),
        order("deleted in the hour", "1", BEFORE),
        order("once without an offset", "1", "2024-10-27 02:50:00"),
        order("never", "1", "9999-12-31T10:00:00Z"),
    )
    staged.load(
        "orders",
        ORDER,
        order("bad, then deleted", "many", "2024-06-02"),
        order("changed in the hour", "2", AFTER),
        order("deleted in the hour", "2", AFTER),
        order("once without an offset", "2", AFTER),
        order("never", "2", "9999-12-31T09:00:00Z"),
        order("deleted without a moment", "1", "soon", "true"),
    )
    staged.load(
        "orders",
        ORDER,
        order("bad, then deleted", "many", "2024-06-02", "true"),
        order("deleted in the hour", "2", AFTER, "true"),
    )
    staged.load(
        "customers",
        SHARED,
        ("gone from one", "north", "2024-06-03", ""),
        ("gone from both", "north", "2024-06-03", ""),
        ("in both", "north", "2024-06-03", ""),
        entry="north",
    )
    staged.load(
        "customers",
        SHARED,
        ("gone from one", "south", "2024-06-01", ""),
        ("gone from both", "south", "2024-06-01", "true"),
        ("in both", "south", "2024-06-01", ""),
        entry="south",
    )
    staged.load(
        "customers",
        SHARED,
        ("gone from one", "north", "2024-06-03", "true"),
        ("gone from both", "north", "2024-06-03", "true"),
        entry="north",
    )
    staged.share_keys("customers")
    staged.stage(date(2024, 12, 1))
    return staged


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("bad, then deleted", ["superseded", "quarantined: not_a_number", "deleted"]),
        ("changed in the hour", ["superseded", "staged"]),
        ("deleted in the hour", ["superseded", "superseded", "deleted"]),
        ("once without an offset", ["staged", "superseded"]),
        ("never", ["superseded", "staged"]),
        ("deleted without a moment", ["quarantined: not_a_timestamp"]),
    ],
)
def test_each_row_of_an_order_meets_its_fate(
    company: StagedCompany, key: str, expected: list[str]
) -> None:
    assert company.fates("orders", key) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("gone from one", ["superseded", "superseded", "staged"]),
        ("gone from both", ["superseded", "deleted", "superseded"]),
        ("in both", ["staged", "superseded"]),
    ],
)
def test_an_entry_deletes_what_it_has_told_itself_and_nothing_of_another(
    company: StagedCompany, key: str, expected: list[str]
) -> None:
    assert company.fates("customers", key) == expected


def test_an_entry_that_is_named_no_more_does_not_speak_against_shared_keys(
    company: StagedCompany,
) -> None:
    company.retire("customers", "north")
    company.stage(date(2024, 12, 1), "customers")
    assert company.fates("customers", "in both") == ["staged", "superseded"]
