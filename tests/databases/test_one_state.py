"""A pull is one state of the database, however long it takes and whatever is done meanwhile."""

import pytest
from database_shop import DatabaseShop, entry, order

from orchestration.sources.database import rows as database_rows


def test_rows_that_are_moved_while_they_are_read_land_once(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 10_000
    shop.orders("id bigint", *(order(number, str(number)) for number in range(count)))
    monkeypatch.setattr(database_rows, "rows_per_batch", lambda columns: 1_000)
    read = database_rows.DatabaseRows.batches

    def disturbed(self: database_rows.DatabaseRows) -> object:
        for position, batch in enumerate(read(self)):
            yield batch
            if position == 1:
                # The first half moves behind the second, a tenth is gone, and others come.
                shop.execute(
                    f"update orders set id = id + {count}, amount = 2 where id < {count // 2}",
                    "delete from orders where customer_id like '%7'",
                )
                shop.insert(order(count, str(count)))

    monkeypatch.setattr(database_rows.DatabaseRows, "batches", disturbed)
    shop.pull(entry("table: orders"))
    landed = shop.landed()
    assert len({row["order_id"] for row in landed}) == len(landed) == count
    assert {row["amount"] for row in landed} == {"1.0000"}


def test_what_was_done_meanwhile_lands_with_the_next_pull(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.orders("changed date", order(1, "'2017-01-01'"))
    read = database_rows.DatabaseRows.batches

    def disturbed(self: database_rows.DatabaseRows) -> object:
        for batch in read(self):
            yield batch
            shop.insert(order(2, "'2017-01-01'"))

    source = entry("table: orders", "cursor: changed")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(database_rows.DatabaseRows, "batches", disturbed)
        assert shop.ids(shop.pull(source)) == ["1"]
    assert shop.ids(shop.pull(source)) == ["2"]


def test_a_query_that_writes_is_refused_and_writes_nothing(shop: DatabaseShop) -> None:
    shop.orders("", order(1))
    shop.execute("create table told (what varchar(9))")
    if shop.is_postgresql:
        shop.execute(
            "create function write_it() returns text language sql as"
            " $$ insert into told values ('x'); select 'x'::text $$"
        )
    else:
        shop.execute(
            "create function write_it() returns text begin"
            " insert into told values ('x'); return 'x'; end"
        )
    with pytest.raises(Exception, match=r"(?i)read.only"):
        shop.pull(entry("query: select orders.*, write_it() as x from orders"))
    assert shop.database.one("select count(*) from told") == 0
    assert shop.landed() == []


@pytest.mark.parametrize(
    "query",
    [
        "with x as (insert into orders values ('2') returning *) select * from x",
        "delete from orders returning *",
        "select * from orders; delete from orders",
        "select * from orders for update",
    ],
)
def test_a_query_that_changes_or_locks_rows_is_refused(shop: DatabaseShop, query: str) -> None:
    shop.orders("", order(1))
    with pytest.raises(Exception, match="the database says"):
        shop.pull(entry(f"query: '{query.replace(chr(39), chr(39) * 2)}'"))
    assert shop.database.one("select count(*) from orders") == 1
