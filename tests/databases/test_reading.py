"""What of a database can be read: tables and queries, whatever they are called."""

import pytest
from database_shop import DatabaseShop, entry, order

from orchestration.sources.check import check_sources
from orchestration.sources.errors import SourceError


def test_a_table_lands_with_all_its_columns_as_text(shop: DatabaseShop) -> None:
    shop.orders("colour varchar(10)", order(1, "'red'", amount="12.3400"), order(2, "null"))
    landed = shop.land(entry("table: orders"))
    assert sorted(landed, key=lambda row: str(row["order_id"])) == [
        {
            "_row": row,
            "_malformed": None,
            "order_id": str(row),
            "customer_id": f"c{row}",
            "ordered_at": "2017-01-01",
            "amount": amount,
            "colour": colour,
        }
        for row, amount, colour in ((1, "12.3400", "red"), (2, "1.0000", None))
    ]


def test_an_empty_table_lands_nothing_and_is_no_error(shop: DatabaseShop) -> None:
    shop.orders()
    result = shop.pull(entry("table: orders"))
    assert (result.landed, result.unchanged, result.read_rows) == ((), 1, 0)


def test_a_table_of_another_schema_is_read(shop: DatabaseShop) -> None:
    database = shop.database.url.rpartition("/")[2]
    schema = "warm" if shop.is_postgresql else f"{database}_warm"
    shop.execute(f"create schema {schema}")
    try:
        shop.orders("", order(1), table=f"{schema}.orders")
        assert shop.ids(shop.pull(entry(f"table: {schema}.orders"))) == ["1"]
    finally:
        shop.execute(f"drop schema {schema}" + (" cascade" if shop.is_postgresql else ""))


def test_a_view_is_read_as_a_table_is(shop: DatabaseShop) -> None:
    shop.orders("", order(1), order(2))
    shop.execute("create view recent as select * from orders where order_id = '2'")
    assert shop.ids(shop.pull(entry("table: recent"))) == ["2"]


NAMES = {
    "order_id": "订单 编号",
    "customer_id": "Customer",
    "ordered_at": "select",
    "amount": "a%b:c",
}


def test_any_name_of_a_table_or_a_column_is_read(shop: DatabaseShop) -> None:
    left, right = ('"', '"') if shop.is_postgresql else ("`", "`")
    quoted = {name: f"{left}{column}{right}" for name, column in NAMES.items()}
    table = f"{left}销售 Orders-2017{right}"
    columns = ", ".join(f"{column} varchar(20)" for column in quoted.values())
    shop.execute(f"create table {table} ({columns})")
    # A percent sign would begin a parameter of the driver.
    shop.execute(f"insert into {table} values ('1', 'c1', '2017-01-01', '1')".replace("%", "%%"))
    mapped = ", ".join(f"{name}: '{column}'" for name, column in NAMES.items())
    (landed,) = shop.land(entry("table: 销售 Orders-2017", f"columns: {{{mapped}}}"))
    assert [landed[name] for name in NAMES] == ["1", "c1", "2017-01-01", "1"]


def test_blanks_around_the_name_of_a_column_are_not_part_of_it(postgresql: DatabaseShop) -> None:
    postgresql.orders('" colour " text', order(1, "'red'"))
    (landed,) = postgresql.land(entry("table: orders"))
    assert landed["colour"] == "red"


# Everything that the text of a query may hold and a careless reader stumbles over.
QUERIES = {
    "a cast and a colon": "select *, order_id::text as x, 'a:b' as y from orders",
    "a percent sign": "select *, 5 % 3 as rest, '100 %s' as x from orders where order_id like '%'",
    "a comment at its end": "select * from orders -- all: of them",
    "a semicolon": "select * from orders ;",
    "a comment and a semicolon": "select * from orders; -- all",
    "a common table expression": "with mine as (select * from orders) select * from mine",
    "a bar of its own order": "select * from orders order by order_id limit 1",
    "a backslash": "select *, '\\:' as x from orders",
}
ONLY_POSTGRESQL = ("a cast and a colon",)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_may_hold(shop: DatabaseShop, name: str) -> None:
    if name in ONLY_POSTGRESQL and not shop.is_postgresql:
        query = QUERIES[name].replace("order_id::text", "cast(order_id as char)")
    else:
        query = QUERIES[name]
    shop.orders("", order(1))
    (landed,) = shop.land(entry(f"query: |\n      {query}"))
    assert (landed["order_id"], landed["amount"]) == ("1", "1.0000")
    if "100 %s" in query:
        assert (landed["rest"], landed["x"]) == ("2", "100 %s")
    if "a:b" in query:
        assert (landed["x"], landed["y"]) == ("1", "a:b")


def test_a_query_without_a_name_for_a_column_is_read(shop: DatabaseShop) -> None:
    shop.orders("", order(1))
    (landed,) = shop.land(entry("query: select orders.*, 1 + 1 from orders"))
    assert "2" in landed.values()


def test_columns_of_one_name_are_refused(shop: DatabaseShop) -> None:
    shop.orders("", order(1))
    with pytest.raises(SourceError, match=r"order_id|of the same name"):
        shop.pull(entry("query: select *, order_id from orders"))


def test_a_cell_larger_than_a_batch_lands_whole(postgresql: DatabaseShop) -> None:
    postgresql.orders("note text", order(1, "repeat('long', 6000000)"), order(2, "null"))
    landed = postgresql.land(entry("table: orders"))
    assert sorted(len(row["note"] or "") for row in landed) == [0, 24_000_000]


def test_a_key_that_is_null_or_empty_is_one_and_not_the_end(shop: DatabaseShop) -> None:
    shop.orders("", "null, 'c', null, null", "'', 'c', null, null", order(3))
    source = entry("table: orders", "deletes: compare")
    assert {row["order_id"] for row in shop.land(source)} == {None, "", "3"}
    assert shop.pull(source).landed == ()
    shop.execute("delete from orders where order_id = ''")
    assert [row["order_id"] for row in shop.land(source)] == [""]


SESSIONS = {
    "postgresql": "select count(*) from pg_stat_activity where datname = current_database()",
    "mysql": "select count(*) from information_schema.processlist where db = database()",
}


def test_a_look_at_the_first_rows_lets_the_rest_be_and_the_server_go(shop: DatabaseShop) -> None:
    shop.orders("note varchar(500)", *(order(n, "repeat('x', 500)") for n in range(30_000)))
    (found,) = check_sources(shop.source(entry("table: orders"))).entries
    assert (found.problem, found.sampled) == (None, 1_000)
    assert shop.database.one(SESSIONS[shop.database.kind]) == 1
