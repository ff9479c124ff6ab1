"""A database goes on telling whom the project has erased; none of it lands, and nothing else."""

import json

from database_shop import DatabaseShop, entry, order
from erasing_maker import erase_people
from source_maker import rows

from orchestration.landing import Load, committed_loads

CURSORED = entry("table: orders", "cursor: id", "deletes: compare", "overlap: 0")
COMPARED = entry("table: orders", "deletes: compare")


def test_with_a_cursor_nothing_is_read_again_for_whom_is_erased(shop: DatabaseShop) -> None:
    shop.orders("id bigint", *(order(number, str(number)) for number in range(1, 21)))
    shop.pull(CURSORED)
    erase_people(shop.folder, "c7")
    assert "7" not in [row["order_id"] for row in shop.landed()]
    again = shop.pull(CURSORED)
    assert (again.landed, again.read_rows) == ((), 1)  # the one at the position
    shop.execute("delete from orders where id = 7")
    assert shop.pull(CURSORED).landed == ()


def test_a_new_row_of_whom_is_erased_is_counted_and_not_kept(shop: DatabaseShop) -> None:
    shop.orders("id bigint", *(order(number, str(number)) for number in range(1, 4)))
    shop.pull(CURSORED)
    erase_people(shop.folder, "c2")
    shop.insert("'X-91', 'c2', '2017-01-02', 5.00, 21", order(22, "22"))
    (load,) = shop.pull(CURSORED).landed
    assert (load.rows, load.erased_rows, load.kept_rows) == (2, 1, 1)
    assert [row["order_id"] for row in rows(load)] == ["22"]
    # Its key is known from then on, though nothing of the row is kept.
    again = shop.pull(CURSORED)
    assert (again.landed, again.read_rows) == ((), 1)  # the one at the position
    assert not any("X-91" in receipt for receipt in receipts(committed_loads(shop.landing)))


def test_where_all_is_read_each_time_nothing_lands_again(shop: DatabaseShop) -> None:
    shop.orders("", order(1), order(2))
    shop.pull(COMPARED)
    erase_people(shop.folder, "c2")
    for _ in range(2):
        assert shop.pull(COMPARED).landed == ()
    shop.execute("delete from orders where order_id = '1'")
    (load,) = shop.pull(COMPARED).landed
    assert [(row["order_id"], row["is_deleted"]) for row in rows(load)] == [("1", "true")]


def test_a_referrer_that_was_emptied_is_no_change(shop: DatabaseShop) -> None:
    shop.execute("create table people (customer_id varchar(9), referrer_id varchar(9))")
    shop.insert("'a', 'b'", "'b', null", "'c', 'a'", table="people")
    people = entry("table: people", "deletes: compare", table="customers")
    shop.pull(people, "customers")
    erase_people(shop.folder, "b")
    landed = sorted((row["customer_id"], row["referrer_id"]) for row in shop.landed("customers"))
    assert landed == [("a", None), ("c", "a")]
    assert shop.pull(people, "customers").landed == ()


def receipts(loads: list[Load]) -> list[str]:
    """The receipts as text."""
    return [json.dumps(json.loads((load.path.parent / "load.json").read_text())) for load in loads]
