"""An entry of a database that begins with a day."""

import pytest
from database_shop import DatabaseShop, entry, order

BEGINNING = entry("table: orders", "cursor: changed", "begin: 2017-03-01")
# By kind of column: the last moment before that day in Shanghai, and its first one.
EDGES = {
    "timestamptz": ("2017-02-28 15:59:59+00", "2017-02-28 16:00:00+00"),
    "timestamp": ("2017-02-28 23:59:59", "2017-03-01 00:00:00"),
    "date": ("2017-02-28", "2017-03-01"),
}


@pytest.mark.parametrize("kind", EDGES)
def test_rows_from_before_the_day_are_left_out(postgresql: DatabaseShop, kind: str) -> None:
    before, first = EDGES[kind]
    values = [order(1, f"'{before}'"), order(2, f"'{first}'"), order(3, "null")]
    postgresql.orders(f"changed {kind}", *values)
    # Rows without a cursor lie before no day.
    assert postgresql.ids(postgresql.pull(BEGINNING)) == ["2", "3"]
    postgresql.insert(order(4, f"'{before}'"), order(5, "'2017-06-01'"))
    assert postgresql.ids(postgresql.pull(BEGINNING)) == ["5"]


def test_everything_from_the_day_on_is_read_again_when_the_cursor_went_back(
    shop: DatabaseShop,
) -> None:
    kind = "timestamp" if shop.is_postgresql else "datetime"
    moments = ("2017-02-01", "2017-04-01", "2017-06-01")
    shop.orders(f"changed {kind}", *(order(n, f"'{at}'") for n, at in enumerate(moments, 1)))
    assert shop.ids(shop.pull(BEGINNING)) == ["2", "3"]
    shop.execute("delete from orders where order_id = '3'")
    shop.insert(order(4, "'2017-03-02'"), order(5, "'2017-02-02'"))
    again = shop.pull(BEGINNING)
    assert shop.ids(again) == ["4"]
    assert "everything was read again" in again.landed[0].notes[0]
