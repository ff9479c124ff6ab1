"""Rows that a database no longer has land once more, as deleted; and come back if they do."""

import pytest
from database_shop import DatabaseShop, entry, order
from source_maker import rows

from orchestration.landing import PullResult, committed_loads, reject
from orchestration.sources.errors import SourceError

COMPARED = entry("table: orders", "deletes: compare")
CURSORED = entry("table: orders", "cursor: id", "deletes: compare", "overlap: 0")


def told(result: PullResult) -> list[tuple[str, str]]:
    """What a pull landed: id, and whether it is deleted."""
    landed = [row for load in result.landed for row in rows(load)]
    return sorted((row["order_id"], row["is_deleted"]) for row in landed)


def test_a_flag_of_the_source_is_read_as_it_stands(shop: DatabaseShop) -> None:
    shop.orders("changed date, gone boolean", order(1, "'2017-01-01'", "false"))
    mapped = "order_id: order_id, customer_id: customer_id, ordered_at: ordered_at, amount: amount"
    truth = ("t", "f") if shop.is_postgresql else ("1", "0")
    values = (
        f"values: {{is_deleted: {{'{truth[0]}': 'true', 'true': 'true', '{truth[1]}': 'false'}}}}"
    )
    source = entry(
        "table: orders", "cursor: changed", f"columns: {{{mapped}, is_deleted: gone}}", values
    )
    assert told(shop.pull(source)) == [("1", "false")]
    shop.execute("update orders set gone = true, changed = '2017-01-02'")
    assert told(shop.pull(source)) == [("1", "true")]


def test_a_row_that_is_gone_lands_as_deleted_once_and_each_time_it_goes(shop: DatabaseShop) -> None:
    shop.orders("", order(1), order(2))
    assert told(shop.pull(COMPARED)) == [("1", "false"), ("2", "false")]
    for _ in range(2):
        shop.execute("delete from orders where order_id = '2'")
        gone = shop.pull(COMPARED)
        assert told(gone) == [("2", "true")]
        assert shop.pull(COMPARED).landed == ()
        shop.insert(order(2))
        assert told(shop.pull(COMPARED)) == [("2", "false")]
        assert shop.pull(COMPARED).landed == ()


def test_what_is_deleted_keeps_what_was_known_of_it(shop: DatabaseShop) -> None:
    shop.orders("colour varchar(9)", order(1, "'red'", amount="7.00"))
    shop.pull(COMPARED)
    shop.execute("delete from orders")
    (load,) = shop.pull(COMPARED).landed
    (row,) = rows(load)
    assert (row["customer_id"], row["amount"], row["colour"]) == ("c1", "7.0000", "red")


def test_of_several_versions_the_greatest_is_marked_as_deleted(shop: DatabaseShop) -> None:
    """A history lands both at once; staging takes the greater, so that is what is deleted."""
    versions = ("'2017-01-01 09:00:00'", "'2017-01-10 09:00:00'")
    shop.orders("updated_at timestamp null", *(order(1, moment) for moment in versions))
    shop.pull(COMPARED)
    shop.execute("delete from orders where order_id = '1'")
    (load,) = shop.pull(COMPARED).landed
    (row,) = rows(load)
    assert (row["is_deleted"], row["updated_at"][:10]) == ("true", "2017-01-10")
    assert shop.pull(COMPARED).landed == ()


def test_the_greatest_version_is_found_when_a_column_gets_a_zone(postgresql: DatabaseShop) -> None:
    """A moment without an offset is one of the source file's zone, in staging and here."""
    postgresql.orders("updated_at timestamp null", order(1, "'2017-01-10 10:00:00'"))
    postgresql.pull(COMPARED)
    postgresql.execute("alter table orders alter updated_at type timestamptz")
    postgresql.execute("update orders set updated_at = '2017-01-10 02:30:00+00'")
    postgresql.pull(COMPARED)
    postgresql.execute("delete from orders")
    (load,) = postgresql.pull(COMPARED).landed
    (row,) = rows(load)
    assert (row["is_deleted"], row["updated_at"]) == ("true", "2017-01-10 02:30:00+00")


def test_a_version_that_staging_cannot_read_is_not_the_greatest(postgresql: DatabaseShop) -> None:
    postgresql.orders("updated_at timestamp null", order(1, "'2017-01-10'"))
    postgresql.pull(COMPARED)
    postgresql.execute("update orders set updated_at = 'infinity'")
    postgresql.pull(COMPARED)
    postgresql.execute("delete from orders")
    (load,) = postgresql.pull(COMPARED).landed
    (row,) = rows(load)
    assert (row["is_deleted"], row["updated_at"][:10]) == ("true", "2017-01-10")


def test_a_row_that_comes_back_lands_although_nobody_looks_for_deleted_ones_any_more(
    shop: DatabaseShop,
) -> None:
    shop.orders("", order(1), order(2))
    shop.pull(COMPARED)
    shop.execute("delete from orders where order_id = '2'")
    shop.pull(COMPARED)
    shop.insert(order(2))
    plain = entry("table: orders")
    assert shop.ids(shop.pull(plain)) == ["2"]
    assert shop.pull(plain).landed == ()


def test_a_column_of_the_source_may_have_any_name(shop: DatabaseShop) -> None:
    shop.orders("version int", order(1, "9"))
    shop.pull(COMPARED)
    shop.execute("update orders set version = 10")
    assert told(shop.pull(COMPARED)) == [("1", "false")]
    assert shop.pull(COMPARED).landed == ()


def test_a_version_that_a_restored_backup_took_back_is_deleted_too(shop: DatabaseShop) -> None:
    shop.orders("updated_at timestamp null", order(1, "'2017-01-10'"), order(2, "'2017-01-01'"))
    shop.pull(COMPARED)
    shop.execute("update orders set updated_at = '2017-01-02' where order_id = '1'")
    shop.pull(COMPARED)
    shop.execute("delete from orders where order_id = '1'")
    (load,) = shop.pull(COMPARED).landed
    (row,) = rows(load)
    assert (row["is_deleted"], row["updated_at"][:10]) == ("true", "2017-01-10")
    assert shop.pull(COMPARED).landed == ()


def test_with_a_cursor_only_the_keys_are_read_again(shop: DatabaseShop) -> None:
    shop.orders("id bigint", *(order(number, str(number)) for number in range(1, 101)))
    shop.pull(CURSORED)
    shop.execute("delete from orders where id in (7, 100)")
    shop.insert(order(101, "101"))
    again = shop.pull(CURSORED)
    assert told(again) == [("100", "true"), ("101", "false"), ("7", "true")]
    assert again.read_rows == 1


def test_keys_are_compared_as_they_are_mapped(shop: DatabaseShop) -> None:
    shop.execute("create table people (code varchar(9), city varchar(9))")
    shop.insert("'A ', 'Ulm'", "'b', 'Bern'", table="people")
    source = entry(
        "table: people",
        "deletes: compare",
        "columns: {customer_id: code, city: city}",
        "values: {customer_id: {a: '0001', b: '0002'}}",
        table="customers",
    )
    shop.pull(source, "customers")
    assert shop.pull(source, "customers").landed == ()
    shop.execute("delete from people where code = 'b'")
    (load,) = shop.pull(source, "customers").landed
    (row,) = rows(load)
    assert (row["customer_id"], row["city"], row["is_deleted"]) == ("0002", "Bern", "true")


def test_keys_with_a_format_are_compared_as_they_land(shop: DatabaseShop) -> None:
    shop.execute("create table rates (code varchar(9), day varchar(9), rate decimal(9,4))")
    shop.insert("'usd', '20170101', 7", "'usd', '20170102', 8", table="rates")
    source = COMPARED + entry(
        "table: rates",
        "deletes: compare",
        "columns: {currency: code, rate_date: day, rate_to_base: rate}",
        "values: {currency: {usd: USD}}",
        "formats: {rate_date: '%Y%m%d'}",
        table="exchange_rates",
    )
    shop.pull(source, "exchange_rates")
    assert shop.pull(source, "exchange_rates").landed == ()
    shop.execute("delete from rates where day = '20170102'")
    (load,) = shop.pull(source, "exchange_rates").landed
    (row,) = rows(load)
    assert (row["currency"], row["rate_date"], row["is_deleted"]) == ("USD", "2017-01-02", "true")


def test_a_key_of_two_columns_is_compared_whole(shop: DatabaseShop) -> None:
    shop.execute("create table order_lines (order_id varchar(9), line_no int, quantity int)")
    shop.insert("'a', 1, 1", "'a', 2, 1", "'b', 1, 1", table="order_lines")
    source = COMPARED + entry("table: order_lines", "deletes: compare", table="order_lines")
    shop.pull(source, "order_lines")
    shop.execute("delete from order_lines where order_id = 'a' and line_no = 2")
    (load,) = shop.pull(source, "order_lines").landed
    assert [(row["order_id"], row["line_no"]) for row in rows(load)] == [("a", "2")]


def test_a_table_that_was_emptied_is_deleted_row_by_row(shop: DatabaseShop) -> None:
    shop.orders("id bigint", order(1, "1"), order(2, "2"))
    shop.pull(CURSORED)
    shop.execute("delete from orders")
    assert told(shop.pull(CURSORED)) == [("1", "true"), ("2", "true")]


def test_a_row_that_comes_back_with_an_old_cursor_is_found(shop: DatabaseShop) -> None:
    shop.orders("id bigint", order(1, "1"), order(2, "9000"))
    shop.pull(CURSORED)
    shop.execute("delete from orders where id = 1")
    assert told(shop.pull(CURSORED)) == [("1", "true")]
    shop.insert(order(1, "1"))
    assert told(shop.pull(CURSORED)) == [("1", "false")]
    assert shop.pull(CURSORED).landed == ()


def test_a_row_that_was_committed_very_late_is_found_by_its_key(shop: DatabaseShop) -> None:
    shop.orders("id bigint", order(1, "1"), order(3, "9000"))
    shop.pull(CURSORED)
    shop.insert(order(2, "2"))
    again = shop.pull(CURSORED)
    assert told(again) == [("2", "false")]
    assert again.read_rows == 1 + 3
    assert "everything was read again" in again.landed[0].notes[0]


def test_rows_of_a_rejected_load_are_not_read_again_each_time(shop: DatabaseShop) -> None:
    shop.orders("id bigint", order(1, "1"))
    shop.pull(CURSORED)
    shop.insert(order(2, "-5000"), order(3, "9000"))
    shop.pull(CURSORED)
    reject(shop.landing, committed_loads(shop.landing)[1].load_id, "wrong")
    again = shop.pull(CURSORED)
    assert (again.landed, again.read_rows) == ((), 2)


def test_a_row_that_is_flagged_is_still_there(shop: DatabaseShop) -> None:
    shop.orders("id bigint, is_deleted varchar(5)", order(1, "1", "'true'"), order(2, "9", "null"))
    shop.pull(CURSORED)
    again = shop.pull(CURSORED)
    assert (again.landed, again.read_rows) == ((), 1)


def test_a_table_that_is_being_filled_anew_deletes_nothing(shop: DatabaseShop) -> None:
    orders = [order(number) for number in range(1, 41)]
    shop.orders("", *orders)
    shop.pull(COMPARED)
    shop.execute("delete from orders")
    shop.insert(*orders[:5])
    with pytest.raises(SourceError, match=r"35 of 40 keys are gone at once, more than 50%"):
        shop.pull(COMPARED)
    assert len(shop.landed()) == 40
    allowed = COMPARED.rstrip() + "\n    most_deleted: 100%\n"
    assert len(told(shop.pull(allowed))) == 35
    shop.insert(*orders[5:])
    assert len(told(shop.pull(COMPARED))) == 35
