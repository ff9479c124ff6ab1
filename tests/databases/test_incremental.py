"""What a second pull reads and lands, from where the receipts of a cursor reached."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from database_shop import DatabaseShop, entry, order
from source_maker import HEAD, ZONE, rows
from timed_orders import NAIVE, TIMED, at, timed

from orchestration.landing import committed_loads

# Type of a cursor by server; values in the order of time; overlap that reads no more than the last.
CURSORS = {
    "instant": (
        {"postgresql": "timestamptz", "mysql": "timestamp(6) null"},
        ("2017-03-01 10:00:00.000001", "2017-03-01 12:00:00.5", "2017-03-02 00:00:00"),
        "1 second",
    ),
    "naive": (
        {"postgresql": "timestamp", "mysql": "datetime(6)"},
        ("2017-03-01 10:00:00", "2017-03-01 12:00:00.999999", "2017-03-02 00:00:00"),
        "1 second",
    ),
    "date": (
        {"postgresql": "date", "mysql": "date"},
        ("2017-03-01", "2017-03-02", "2017-03-03"),
        "0 hours",
    ),
    "number": (
        {"postgresql": "bigint", "mysql": "bigint"},
        ("5000000001", "5000000002", "5000000003"),
        "0",
    ),
}


@pytest.mark.parametrize("kind", CURSORS)
def test_the_next_pull_reads_from_where_the_last_one_reached(shop: DatabaseShop, kind: str) -> None:
    kinds, values, overlap = CURSORS[kind]
    timed(shop, at(1, values[0]), at(2, values[1]), kinds=kinds)
    source = entry("table: orders", "cursor: changed", f"overlap: {overlap}")
    assert shop.ids(shop.pull(source)) == ["1", "2"]
    shop.insert(at(3, values[2]))
    second = shop.pull(source)
    assert shop.ids(second) == ["3"]
    # Of the last position itself too, since another row may have come to have it.
    assert second.read_rows == 2
    third = shop.pull(source)
    assert (third.landed, third.unchanged, third.read_rows) == ((), 1, 1)
    assert [load.cursor and load.cursor["column"] for load in committed_loads(shop.landing)] == [
        "changed",
        "changed",
    ]


def test_an_hour_is_read_again_unless_an_entry_says_otherwise(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-03-01 10:00:00"), at(2, "2017-03-01 11:30:00"))
    shop.pull(TIMED)
    # Committed late: by a transaction that began before the last pull.
    shop.insert(at(3, "2017-03-01 10:30:00"), at(4, "2017-03-01 10:29:59"))
    assert shop.ids(shop.pull(TIMED)) == ["3"]
    wide = entry("table: orders", "cursor: changed", "overlap: 2 days")
    assert shop.ids(shop.pull(wide)) == ["4"]


def test_an_overlap_that_begins_within_a_day_reads_all_of_it_again(shop: DatabaseShop) -> None:
    kinds = {"postgresql": "date", "mysql": "date"}
    timed(shop, at(1, "2017-05-31"), at(2, "2017-06-01"), kinds=kinds)
    shop.pull(TIMED)
    shop.insert(at(3, "2017-05-31"), at(4, "2017-05-30"))
    assert shop.ids(shop.pull(TIMED)) == ["3"]
    again = shop.pull(TIMED)
    assert (again.landed, again.read_rows) == ((), 3)


def test_a_thousand_numbers_are_read_again(shop: DatabaseShop) -> None:
    shop.orders("id bigint", order(1, "4000"))
    source = entry("table: orders", "cursor: id")
    shop.pull(source)
    shop.insert(order(2, "3000"), order(3, "2999"))
    assert shop.ids(shop.pull(source)) == ["2"]


def test_a_changed_row_lands_again_and_its_neighbours_do_not(shop: DatabaseShop) -> None:
    timed(shop, *(at(number, "2017-03-01 10:00:00") for number in range(1, 6)))
    shop.pull(TIMED)
    shop.execute(
        "update orders set status = 'paid', changed = '2017-03-01 10:05:00' where order_id = '3'"
    )
    (load,) = shop.pull(TIMED).landed
    (row,) = rows(load)
    assert (row["order_id"], row["status"], load.read_rows) == ("3", "paid", 5)


def test_a_row_that_becomes_again_what_it_was_lands_again(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-03-01 10:00:00"))
    for status, landed in (("new", 1), ("paid", 1), ("new", 1), ("new", 0)):
        shop.execute(f"update orders set status = '{status}', changed = '2017-03-01 10:00:00'")
        assert len(shop.pull(TIMED).landed) == landed


def test_rows_without_a_cursor_are_read_each_time_and_land_once(shop: DatabaseShop) -> None:
    timed(shop, at(1, None), at(2, "2017-03-01 10:00:00"), at(3, "2017-03-09 10:00:00"))
    assert shop.ids(shop.pull(TIMED)) == ["1", "2", "3"]
    again = shop.pull(TIMED)
    assert (again.landed, again.read_rows) == ((), 2)
    shop.execute("update orders set status = 'paid', changed = null where order_id = '1'")
    assert shop.ids(shop.pull(TIMED)) == ["1"]


def test_a_row_of_2099_hides_nothing_that_comes_after_it(shop: DatabaseShop) -> None:
    now = datetime.now(UTC)
    timed(shop, at(1, now - timedelta(minutes=5)), at(2, "2037-12-31 00:00:00"))
    shop.pull(TIMED)
    shop.insert(at(3, now - timedelta(minutes=4)))
    assert shop.ids(shop.pull(TIMED)) == ["3"]
    (first, second) = committed_loads(shop.landing)
    assert first.cursor and first.cursor["greatest"] == "2037-12-31 00:00:00+00:00"
    assert second.cursor and str(second.cursor["reached"]) < "2037"


@pytest.mark.parametrize("hours", [-30, -5, 5, 30])
def test_a_clock_that_is_wrong_hides_nothing(shop: DatabaseShop, hours: int) -> None:
    """Of the shop beside the server's, or the other way round; and one row is dated far ahead."""
    now = datetime.now(UTC) + timedelta(hours=hours)
    timed(shop, at(1, now), at(2, "2037-12-31 00:00:00"), kinds=NAIVE)
    shop.pull(TIMED)
    for number, minutes in ((3, 2), (4, 90), (5, 180)):
        shop.insert(at(number, now + timedelta(minutes=minutes)))
        assert shop.ids(shop.pull(TIMED)) == [str(number)]


def test_an_hour_that_the_clock_shows_twice_is_read_from_its_first_beginning_on(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = HEAD.replace(ZONE, "Europe/Berlin")
    monkeypatch.setattr(shop, "source", partial(shop.source, head=head))
    source = entry("table: orders", "cursor: changed", "overlap: 10 minutes")
    timed(shop, at(1, "2016-10-30 02:59:30"), kinds=NAIVE)
    shop.pull(source)
    # Ten minutes later: at three it became two again.
    shop.insert(at(2, "2016-10-30 02:09:30"))
    assert shop.ids(shop.pull(source)) == ["2"]


def test_a_table_that_was_emptied_lands_nothing(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-03-01 10:00:00"))
    shop.pull(TIMED)
    shop.execute("delete from orders")
    assert shop.pull(TIMED).landed == ()


def test_moments_without_an_end_hide_nothing(postgresql: DatabaseShop) -> None:
    odd = ("infinity", "-infinity", "0044-03-15 10:00:00 BC", "12000-01-01 00:00:00")
    timed(postgresql, *(at(n, text) for n, text in enumerate(odd, 1)), at(5, "2017-03-01"))
    assert len(postgresql.ids(postgresql.pull(TIMED))) == 5
    for number in (6, 7):
        postgresql.insert(at(number, f"2017-03-0{number}"))
        assert postgresql.ids(postgresql.pull(TIMED)) == [str(number)]


@pytest.mark.parametrize(
    "odd", ["20224-05-31 00:00:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00"]
)
def test_a_moment_that_is_far_from_all_stops_no_later_pull(
    postgresql: DatabaseShop, odd: str
) -> None:
    timed(postgresql, at(1, odd))
    assert postgresql.ids(postgresql.pull(TIMED)) == ["1"]
    for number in (2, 3):
        postgresql.insert(at(number, f"2017-03-0{number}"))
        assert postgresql.ids(postgresql.pull(TIMED)) == [str(number)]


@pytest.mark.parametrize("kind", ["timestamptz", "timestamp", "date"])
def test_moments_without_a_beginning_are_read_each_time(
    postgresql: DatabaseShop, kind: str
) -> None:
    kinds = {"postgresql": kind}
    timed(postgresql, at(1, "-infinity"), at(2, "2017-03-01"), kinds=kinds)
    assert postgresql.ids(postgresql.pull(TIMED)) == ["1", "2"]
    postgresql.insert(at(3, "-infinity"))
    assert postgresql.ids(postgresql.pull(TIMED)) == ["3"]
    assert postgresql.pull(TIMED).landed == ()


def test_moments_that_are_none_are_read_each_time(mariadb: DatabaseShop) -> None:
    """Many a table of MySQL has 0000-00-00 where a row was never changed."""
    timed(mariadb, at(1, "0000-00-00 00:00:00"), at(2, "2017-03-01"), kinds=NAIVE)
    assert mariadb.ids(mariadb.pull(TIMED)) == ["1", "2"]
    mariadb.insert(at(3, "0000-00-00 00:00:00"))
    assert mariadb.ids(mariadb.pull(TIMED)) == ["3"]


def test_a_second_pull_reads_what_changed_and_little_more(shop: DatabaseShop) -> None:
    day = datetime(2017, 1, 1)
    many: Sequence[str] = [at(n, day + timedelta(minutes=n)) for n in range(10_000)]
    timed(shop, *many)
    source = entry("table: orders", "cursor: changed", "overlap: 10 minutes")
    assert shop.pull(source).read_rows == 10_000
    shop.execute(
        "update orders set status = 'paid', changed = '2017-02-01' where order_id like '%99'"
    )
    second = shop.pull(source)
    assert len(shop.ids(second)) == 100
    assert 100 <= second.read_rows <= 111


def test_without_a_cursor_everything_is_read_and_what_is_new_lands(shop: DatabaseShop) -> None:
    shop.orders("", order(1), order(2))
    source = entry("table: orders")
    shop.pull(source)
    shop.insert(order(3))
    shop.execute("update orders set amount = 5 where order_id = '1'")
    again = shop.pull(source)
    assert (shop.ids(again), again.read_rows) == (["1", "3"], 3)
    assert shop.pull(source).landed == ()


def test_a_cursor_of_a_query_is_a_column_of_its_answer(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-03-01"), at(2, "2017-04-01"))
    query = "query: select orders.*, changed as seen from orders where status = 'new'"
    source = entry(query, "cursor: seen")
    shop.pull(source)
    shop.insert(at(3, "2017-05-01"), at(4, "2017-05-01", "draft"))
    again = shop.pull(source)
    assert (shop.ids(again), again.read_rows) == (["3"], 2)


def test_what_landed_long_before_the_position_need_not_be_looked_at(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-01-01"))
    (first,) = shop.pull(TIMED).landed
    shop.insert(at(2, "2017-02-01"))
    shop.pull(TIMED)
    first.path.unlink()
    shop.insert(at(3, "2017-03-01"))
    assert shop.ids(shop.pull(TIMED)) == ["3"]


def test_a_load_with_a_row_that_comes_every_time_is_looked_at_for_ever(shop: DatabaseShop) -> None:
    timed(shop, at(1, "2017-01-01"), at(2, None))
    (first,) = shop.pull(TIMED).landed
    assert first.cursor and first.cursor["without"] == "1"
    for number in (3, 4):
        shop.insert(at(number, f"2017-0{number}-01"))
        assert shop.ids(shop.pull(TIMED)) == [str(number)]
