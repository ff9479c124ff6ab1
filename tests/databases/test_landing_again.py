"""What lands again and what does not: after rejections, corrected mappings, new names."""

import pytest
from database_shop import DatabaseShop, entry, order
from source_maker import rows

from orchestration.landing import committed_loads, reject

SOURCE = entry("table: orders", "cursor: changed")


@pytest.fixture
def dated(shop: DatabaseShop) -> DatabaseShop:
    """Two orders, of January and of February, pulled one after the other."""
    shop.orders("changed date", order(1, "'2017-01-01'"))
    shop.pull(SOURCE)
    shop.insert(order(2, "'2017-02-01'"))
    shop.pull(SOURCE)
    return shop


def test_rows_of_a_rejected_load_land_no_more_but_corrected_ones_do(dated: DatabaseShop) -> None:
    reject(dated.landing, committed_loads(dated.landing)[1].load_id, "wrong prices")
    again = dated.pull(SOURCE)
    assert (again.landed, again.read_rows) == ((), 2)
    dated.execute("update orders set amount = 9 where order_id = '2'")
    assert dated.ids(dated.pull(SOURCE)) == ["2"]
    assert [row["amount"] for row in dated.landed()] == ["1.0000", "9.0000"]


def test_rejecting_every_load_begins_anew_without_their_rows(dated: DatabaseShop) -> None:
    for load in committed_loads(dated.landing):
        reject(dated.landing, load.load_id, "a test shop")
    dated.insert(order(3, "'2016-01-01'"))
    assert dated.ids(dated.pull(SOURCE)) == ["3"]


def test_a_corrected_mapping_reads_everything_again_in_place_of_what_there_was(
    dated: DatabaseShop,
) -> None:
    mapped = entry("table: orders", "cursor: changed", "constants: {currency: CNY}")
    (load,) = dated.pull(mapped).landed
    assert load.cursor and load.cursor["since"] is None
    assert [row["currency"] for row in rows(load)] == ["CNY", "CNY"]
    superseded = [each.superseded_by for each in committed_loads(dated.landing)]
    assert superseded == [load.load_id, load.load_id, None]


def test_a_mapping_that_is_taken_back_reads_everything_again(shop: DatabaseShop) -> None:
    mapped = entry("table: orders", "cursor: changed", "constants: {currency: CNY}")
    shop.orders("changed date")
    for month, source in enumerate((SOURCE, mapped, SOURCE), start=1):
        shop.insert(order(month, f"'2017-{month:02}-01'"))
        shop.pull(source)
    assert [row["order_id"] for row in shop.landed()] == ["1", "2", "3"]


def test_a_renamed_entry_reads_everything_again_in_place_of_what_there_was(
    dated: DatabaseShop,
) -> None:
    (load,) = dated.pull(entry("table: orders", "cursor: changed", name="store")).landed
    assert load.rows == 2
    superseded = [each.superseded_by for each in committed_loads(dated.landing)]
    assert superseded == [load.load_id, load.load_id, None]


def test_another_cursor_reads_everything_again_and_lands_only_what_is_new(
    dated: DatabaseShop,
) -> None:
    dated.insert(order(3, "null"))
    dated.execute("alter table orders add id bigint", "update orders set id = 1")
    again = dated.pull(entry("table: orders", "cursor: id"))
    assert again.read_rows == 3


def test_two_entries_of_one_table_land_beside_each_other(dated: DatabaseShop) -> None:
    dated.orders("changed date", order(1, "'2017-01-01'", amount="8.00"), table="web_orders")
    web = entry("table: web_orders", "cursor: changed", "shared_keys: true", name="web")
    both = SOURCE + web.partition("\n")[2]
    (load,) = dated.pull(both).landed
    assert (load.entry, load.rows) == ("web", 1)
    assert [row["amount"] for row in dated.landed()] == ["1.0000", "1.0000", "8.0000"]
    assert dated.pull(both).landed == ()


def test_a_new_column_lands_with_a_note(dated: DatabaseShop) -> None:
    dated.execute("alter table orders add colour varchar(9)")
    dated.insert(order(3, "'2017-03-01'", "'red'"))
    (load,) = dated.pull(SOURCE).landed
    # A row that was there already has the column too, and so is not what it was.
    assert [row["order_id"] for row in rows(load)] == ["3"]
    assert "new column colour" in load.notes[0]


def test_what_a_query_landed_that_was_taken_out_stays_beside_another_query(
    shop: DatabaseShop,
) -> None:
    def of(name: str, number: int) -> str:
        query = f"query: select * from orders where order_id = '{number}'"
        return entry(query, name=name).removeprefix("  orders:\n")

    shop.orders("", order(1), order(2))
    shop.pull(f"  orders:\n{of('first', 1)}{of('second', 2)}")
    shop.execute("update orders set amount = 9")
    shop.pull(f"  orders:\n{of('second', 2)}")
    assert [load.superseded_by for load in committed_loads(shop.landing)] == [None] * 3


@pytest.mark.parametrize("left", ["1.00", "2.00"])
def test_what_is_left_of_rows_that_contradicted_each_other_lands_alone(
    shop: DatabaseShop, left: str
) -> None:
    """It landed beside the other, and the key is quarantined until it is the later of the two."""
    source = entry("table: orders")
    shop.orders("", order(1), order(1, amount="2.00"), order(2), order(2, amount="2.00"))
    shop.pull(source)
    assert shop.pull(source).landed == ()
    shop.execute(f"delete from orders where order_id = '1' and amount <> {left}")
    (load,) = shop.pull(source).landed
    assert [(row["order_id"], row["amount"]) for row in rows(load)] == [("1", f"{left}00")]
    assert shop.pull(source).landed == ()


def test_a_key_that_gains_a_row_lands_with_all_of_them_and_only_once(shop: DatabaseShop) -> None:
    source = entry("table: orders")
    shop.orders("", order(1), order(1, amount="2.00"), order(2))
    shop.pull(source)
    shop.insert(order(1, amount="3.00"))
    assert shop.ids(shop.pull(source)) == ["1", "1", "1"]
    assert shop.pull(source).landed == ()


def test_with_a_cursor_rows_that_an_answer_lacks_are_no_repair(dated: DatabaseShop) -> None:
    dated.insert(order(2, "'2017-03-01'"), order(2, "'2017-04-01'"))
    assert dated.ids(dated.pull(SOURCE)) == ["2", "2", "2"]
    again = dated.pull(SOURCE)
    assert (again.landed, again.read_rows) == ((), 1)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_rows_of_a_load_that_was_moved_away_land_again(shop: DatabaseShop, gone: int) -> None:
    """Alone, though the message about a damaged load asks for what landed after it, too."""
    shop.orders("changed date")
    for month in (1, 2, 3):
        shop.insert(order(month, f"'2017-{month:02}-01'"))
        shop.pull(SOURCE)
    for number, load in enumerate(committed_loads(shop.landing)):
        if number == gone:
            load.path.parent.rename(shop.folder / load.load_id)
    shop.pull(SOURCE)
    assert sorted(row["order_id"] for row in shop.landed()) == ["1", "2", "3"]
    assert shop.pull(SOURCE).landed == ()
