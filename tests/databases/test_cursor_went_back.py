"""A cursor that lies before the position, as after a restored backup: everything is read again."""

import pytest
from database_shop import DatabaseShop, entry, order
from timed_orders import MOMENT, TIMED, at, timed


def test_a_cursor_that_went_back_is_read_again_with_a_note(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-03-01 10:00:00"), at(2, "2017-06-01 10:00:00"), at(9, None))
    shop.pull(TIMED)
    # A backup of March is restored, and work goes on from there.
    shop.execute("delete from orders where order_id = '2'")
    shop.insert(at(3, "2017-03-01 11:00:00"))
    again = shop.pull(TIMED)
    assert shop.ids(again) == ["3"]
    assert again.read_rows == 3
    (note,) = again.landed[0].notes
    assert "changed is at most 2017-03-01 11:00:00" in note
    assert "everything was read again" in note


def test_a_row_of_2099_hides_no_cursor_that_went_back(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-03-01 10:00:00"), at(2, "2017-06-01 10:00:00"), at(3, "2037-12-31"))
    shop.pull(TIMED)
    # A backup of March is restored: the first order is again as it was before.
    shop.execute(
        "delete from orders where order_id = '2'",
        "update orders set status = 'paid', changed = '2017-02-01' where order_id = '1'",
    )
    again = shop.pull(TIMED)
    assert shop.ids(again) == ["1"]
    assert "changed is at most 2017-02-01 00:00:00" in again.landed[0].notes[0]


def test_numbers_that_went_back_are_read_again_with_a_note(shop: DatabaseShop) -> None:
    shop.orders("id bigint", order(1, "10"), order(2, "90000"))
    source = entry("table: orders", "cursor: id")
    shop.pull(source)
    shop.execute("delete from orders where id = 90000")
    shop.insert(order(3, "11"))
    again = shop.pull(source)
    assert shop.ids(again) == ["3"]
    assert "id is at most 11" in again.landed[0].notes[0]


@pytest.mark.parametrize(
    ("kinds", "values"),
    [
        (MOMENT, [f"2017-03-01 {hour}" for hour in ("04:00", "10:00", "06:00", "08:00", "10:30")]),
        ({"postgresql": "bigint", "mysql": "bigint"}, ["10", "90000", "11", "5000", "90001"]),
    ],
    ids=["moments", "numbers"],
)
def test_after_a_cursor_went_back_the_next_pull_reads_on_from_there(
    shop: DatabaseShop, kinds: dict[str, str], values: list[str]
) -> None:
    timed(shop, at(1, values[0]), at(2, values[1]), kinds=kinds)
    shop.pull(TIMED)
    shop.execute("delete from orders where order_id = '2'")
    shop.insert(at(3, values[2]))
    assert shop.ids(shop.pull(TIMED)) == ["3"]
    # Before the next pull the cursor grows beyond where it once was.
    shop.insert(at(4, values[3]), at(5, values[4]))
    assert shop.ids(shop.pull(TIMED)) == ["4", "5"]
