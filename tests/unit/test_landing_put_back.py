"""Files that are put back to what they were: the latest of a file is what stands in it now."""

from pathlib import Path

import pytest
from source_maker import ORDERS, ROW, Shop, numbered_shop, orders, rows

from orchestration.landing import committed_loads, reject

SOURCE = orders("o*.csv")
CORRECTED = orders("o*.csv", "constants: {currency: CNY}")


def paid(shop: Shop, amount: str, name: str = "o1.csv") -> None:
    """The file with its one order of this amount."""
    shop.write(name, f"{ORDERS}\n{ROW.format(n=1).replace('1.00', amount)}")


def in_force(shop: Shop) -> list[str]:
    """The amount of each load that counts, the one that wins last."""
    loads = [load for load in committed_loads(shop.landing) if load.superseded_by is None]
    return [row["amount"] for load in loads for row in rows(load)]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A file of 1.00, and then of 2.00."""
    made = numbered_shop(tmp_path, 1)
    made.pull(SOURCE)
    paid(made, "2.00")
    made.pull(SOURCE)
    return made


def test_a_file_that_is_put_back_lands_again_and_only_once(shop: Shop) -> None:
    paid(shop, "1.00")
    assert len(shop.pull(SOURCE).landed) == 1
    assert in_force(shop) == ["2.00", "1.00"]
    again = shop.pull(SOURCE)
    assert (again.landed, again.unchanged) == ((), 1)
    paid(shop, "2.00")
    shop.pull(SOURCE)
    assert in_force(shop) == ["1.00", "2.00"]


def test_old_bytes_in_another_file_are_no_news(shop: Shop) -> None:
    paid(shop, "1.00", "o0.csv")
    again = shop.pull(SOURCE)
    assert (again.landed, again.unchanged) == ((), 2)


def test_a_file_that_is_put_back_to_what_a_person_rejected_stays_rejected(shop: Shop) -> None:
    reject(shop.landing, committed_loads(shop.landing)[0].load_id, "a test")
    paid(shop, "1.00")
    assert shop.pull(SOURCE).landed == ()
    assert in_force(shop) == ["2.00"]


def test_a_file_is_what_it_was_when_what_came_after_it_is_rejected(shop: Shop) -> None:
    reject(shop.landing, committed_loads(shop.landing)[1].load_id, "a test")
    paid(shop, "1.00")
    assert shop.pull(SOURCE).landed == ()
    assert in_force(shop) == ["1.00"]


def test_what_was_put_back_lands_after_what_had_landed_meanwhile(shop: Shop) -> None:
    paid(shop, "3.00", "o3.csv")
    shop.pull(SOURCE)
    paid(shop, "4.00", "o0.csv")
    paid(shop, "1.00")
    assert [load.origin for load in shop.pull(SOURCE).landed] == ["o0.csv", "o1.csv"]
    # Also when all of it lands anew.
    assert [load.origin for load in shop.pull(CORRECTED).landed] == ["o3.csv", "o0.csv", "o1.csv"]
    assert in_force(shop) == ["2.00", "3.00", "4.00", "1.00"]
