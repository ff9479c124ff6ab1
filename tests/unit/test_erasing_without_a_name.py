"""Which rows that name no customer are an erased person's: none that only has the same number."""

from pathlib import Path

from erasing_maker import erase_people
from source_maker import Shop, rows

from orchestration.landing import committed_loads

ORDERS = "  orders:\n  - {from: files, path: 'o*.csv'}\n"
REFUNDS = f"{ORDERS}  refunds:\n  - {{from: files, path: 'r*.csv'}}\n"
ORDER_HEAD = "order_id,customer_id,ordered_at,amount,is_deleted,note\n"
REFUND_HEAD = "refund_id,order_id,customer_id,refunded_at,amount,shop\n"


def left(shop: Shop, table: str, key: str) -> list[str]:
    """The keys that are kept, in the order in which they landed."""
    return [row[key] for load in committed_loads(shop.landing, table) for row in rows(load)]


def test_a_refund_that_names_no_customer_is_whose_its_order_is(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    orders = "1,8,2017-01-01,9,,\n7,8,2017-01-01,9,,\n9,7,2017-01-01,9,,\n"
    shop.write("o1.csv", f"{ORDER_HEAD}{orders}")
    others = "7,1,,2017-01-02,5,\n2,7,,2017-01-02,5,\n3,1,,2017-01-02,7,\n4,1,,2017-01-02,5,7\n"
    theirs = "5,9,,2017-01-02,5,\n6,,7,2017-01-02,5,\n8,,,2017-01-02,5,7\n"
    shop.write("r1.csv", f"{REFUND_HEAD}{others}{theirs}")
    shop.pull(ORDERS)
    shop.pull(REFUNDS, "refunds")
    erase_people(tmp_path, "7")
    assert left(shop, "refunds", "refund_id") == ["7", "2", "3", "4"]
    shop.write("r2.csv", f"{REFUND_HEAD}17,1,,2017-01-03,7,7\n18,9,,2017-01-03,7,\n")
    (load,) = shop.pull(REFUNDS, "refunds").landed
    assert (load.rows, load.erased_rows) == (2, 1)


def test_a_key_an_amount_or_a_mark_of_deletion_is_no_customer(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    guests = "1,,2017-01-01,5,,\n2,,2017-01-01,1,,\n3,,,,1,\n"
    theirs = "4,1,2017-01-01,5,,\n5,,2017-01-01,5,,1\n6,,1,5,,\n"
    shop.write("o1.csv", f"{ORDER_HEAD}{guests}{theirs}")
    shop.pull(ORDERS)
    erase_people(tmp_path, "1")
    assert left(shop, "orders", "order_id") == ["1", "2", "3"]


def test_an_id_in_the_place_of_a_number_says_whose_a_row_is(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{ORDER_HEAD}1,,2017-01-01,K 7,,\n2,,2017-01-01,7,,\n")
    shop.pull(ORDERS)
    erase_people(tmp_path, "K 7")
    assert left(shop, "orders", "order_id") == ["2"]
