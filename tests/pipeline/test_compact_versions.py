"""What compaction takes of every kind of version, and that staging decides the same without it."""

from datetime import date
from pathlib import Path

import pytest
from home_fixtures import MakeSettings
from staged_company import StagedCompany

from orchestration.compacting import compact, find_compactable
from orchestration.landing import committed_loads

DAY = date(2024, 6, 1)
COLUMNS = (
    *("order_id", "customer_id", "ordered_at", "amount", "currency"),
    *("updated_at", "is_deleted"),
)
FATES = "('staged', 'deleted', 'waiting', 'quarantined')"


def order(
    name: str, amount: str, updated: int, *, currency: str = "", deleted: str = ""
) -> tuple[str, ...]:
    """One version of an order."""
    moment = f"2024-05-{updated:02} 08:00:00"
    return (name, "c1", "2024-05-01", amount, currency, moment, deleted)


@pytest.fixture
def company(new_home: MakeSettings, tmp_path: Path) -> StagedCompany:
    """Orders that changed, went, came back, contradict themselves, wait or cannot be read."""
    made = StagedCompany(tmp_path, new_home(tmp_path / "home"))
    first = [
        order("changed", "1.00", 1),
        order("older comes late", "2.00", 5),
        order("deleted", "3.00", 1),
        order("back again", "4.00", 1),
        order("bad later", "5.00", 1),
        order("torn later", "6.00", 1),
        order("waits", "7.00", 1),
        order("twice", "8.00", 1),
        order("twice", "8.00", 1),
        order("in two entries", "9.00", 1),
        order("shared", "9.00", 1),
    ]
    second = [
        order("changed", "1.10", 2),
        order("older comes late", "2.10", 4),
        order("deleted", "3.00", 2, deleted="true"),
        order("back again", "4.00", 2, deleted="true"),
        order("bad later", "much", 2),
        order("torn later", "6.10", 2),
        order("torn later", "6.20", 2),
        order("waits", "7.10", 2, currency="USD"),
    ]
    third = [order("changed", "1.20", 3), order("back again", "4.10", 3)]
    for rows in (first, second, third):
        made.load("orders", COLUMNS, *rows)
    made.load("orders", COLUMNS, order("in two entries", "9.10", 2), entry="other")
    return made


def staged(company: StagedCompany) -> list[tuple[object, ...]]:
    """What stands, and every other row whose fate tells somebody something."""
    return company.query(
        f"select * from staging.landed_orders where _fate in {FATES} order by _load_id, _row"
    )


@pytest.mark.slow
def test_only_versions_that_an_old_row_of_a_later_load_beat_go_and_staging_stays_the_same(
    company: StagedCompany,
) -> None:
    company.stage(DAY, "ledger")
    going = company.query(
        "select order_id, amount::double from staging.landed_orders"
        " where (_load_id, _row) in (select * from (values "
        + ", ".join(
            f"('{found.load.load_id}', {row})"
            for found in find_compactable(company.settings, 0)
            for row in found.rows
        )
        + ")) order by all"
    )
    assert going == [
        ("back again", 4.0),
        ("back again", 4.0),
        ("changed", 1.0),
        ("changed", 1.1),
        ("deleted", 3.0),
        ("twice", 8.0),
        ("waits", 7.0),
    ]
    before = staged(company)
    compact(company.settings, 0)
    company.stage(DAY, "ledger")
    assert staged(company) == before
    told = company.query(
        "select sum(landed), sum(superseded), sum(duplicate), sum(compacted) from staging.ledger"
    )
    # The older version that came late stays: the next pull of its source compares with it.
    assert told == [(22, 1, 0, len(going))]


@pytest.mark.slow
def test_of_a_load_under_a_corrected_mapping_every_row_may_go(
    new_home: MakeSettings, tmp_path: Path
) -> None:
    company = StagedCompany(tmp_path, new_home(tmp_path / "home"))
    company.load("orders", COLUMNS, order("a", "1.00", 1), order("b", "2.00", 1))
    company.stage(DAY, "ledger")
    entry = {"name": "main", "from": "files", "path": "orders-main-*.csv"}
    mapped = {name: name for name in COLUMNS if name != "currency"}
    company.describe(tables={"orders": [entry | {"columns": mapped}]})
    company.stage(DAY, "ledger")
    first, second = committed_loads(company.settings.landing)
    (found,) = find_compactable(company.settings, 0)
    assert (found.load.load_id, [*found.rows]) == (first.load_id, [1, 2])
    assert [*found.in_favour_of] == [second.load_id]
    compact(company.settings, 0)
    assert [load.kept_rows for load in committed_loads(company.settings.landing)] == [0, 2]
    company.stage(DAY, "ledger")
    standing = "select order_id from staging.landed_orders where _fate = 'staged' order by all"
    assert company.query(standing) == [("a",), ("b",)]
