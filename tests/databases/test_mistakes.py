"""What a person gets wrong is told with its line and with what there is, and without secrets."""

from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from database_shop import DatabaseShop, entry, order

from bench.servers import Server
from bench.servers.server import PASSWORD
from orchestration.sources.errors import SourceError


def mistake(shop: DatabaseShop, *lines: str) -> SourceError:
    """Of an entry with these lines; it names its source file."""
    with pytest.raises(SourceError) as caught:
        shop.pull(entry(*lines))
    assert str(shop.folder / "sources.yml") in str(caught.value)
    assert_no_secret(str(caught.value))
    return caught.value


def of_user(shop: DatabaseShop, name: str, password: str) -> str:
    """The URL of the shop for somebody else."""
    url = sa.make_url(shop.database.url).set(username=name, password=password)
    return url.render_as_string(hide_password=False)


def assert_no_secret(text: str, secret: str = PASSWORD) -> None:
    for written in (secret, quote(secret, safe=""), quote(secret)):
        assert written not in text


def test_a_wrong_table_is_told_with_those_there_are(shop: DatabaseShop) -> None:
    shop.orders(table="sales")
    shop.execute("create view last_sales as select * from sales")
    error = mistake(shop, "table: orders")
    assert (error.line, error.field) == (8, "tables.orders[shop].table")
    assert "There is: last_sales, sales." in str(error)
    assert not error.transient


def test_a_wrong_schema_is_told(shop: DatabaseShop) -> None:
    shop.orders()
    assert mistake(shop, "table: nowhere.orders").field == "tables.orders[shop].table"


def test_a_wrong_column_in_a_query_is_told_by_the_database(shop: DatabaseShop) -> None:
    shop.orders()
    error = mistake(shop, "query: select colour from orders")
    assert (error.line, error.field) == (8, "tables.orders[shop].query")
    assert "colour" in error.problem
    assert not error.transient


def test_a_wrong_column_of_a_mapping_is_told_with_those_there_are(shop: DatabaseShop) -> None:
    shop.orders()
    columns = "columns: {order_id: ordr_id, customer_id: customer_id, ordered_at: ordered_at"
    error = mistake(shop, "table: orders", f"{columns}, amount: amount}}")
    assert error.line == 9
    assert "Did you mean order_id? It has: order_id, customer_id, ordered_at" in str(error)


def test_a_wrong_cursor_is_told_with_the_columns_there_are(shop: DatabaseShop) -> None:
    shop.orders()
    error = mistake(shop, "table: orders", "cursor: updated_at")
    assert error.line == 9
    assert "It has: order_id, customer_id, ordered_at, amount." in str(error)


@pytest.mark.parametrize("cursor", ["order_id", "amount"])
def test_a_cursor_that_tells_no_order_is_refused(shop: DatabaseShop, cursor: str) -> None:
    shop.orders()
    error = mistake(shop, "table: orders", f"cursor: {cursor}")
    assert "neither a moment nor a whole number" in error.problem


@pytest.mark.parametrize(
    ("cursor", "overlap", "problem"),
    [
        ("id", "2 days", "is a duration, but 'id' holds numbers"),
        ("changed", "100000", "is a count, but 'changed' holds moments"),
    ],
)
def test_an_overlap_of_another_kind_than_its_cursor_is_refused(
    shop: DatabaseShop, cursor: str, overlap: str, problem: str
) -> None:
    shop.orders("id bigint, changed timestamp")
    error = mistake(shop, "table: orders", f"cursor: {cursor}", f"overlap: {overlap}")
    assert (error.line, error.field) == (10, "tables.orders[shop].overlap")
    assert problem in error.problem


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["cursor: id"], "is a day, but 'id' holds numbers"),
        ([], "needs a cursor, which tells what lies before it"),
        (["cursor: changed", "deletes: compare"], "cannot stand beside deletes: compare"),
    ],
)
def test_a_day_to_begin_with_that_tells_nothing_is_refused(
    shop: DatabaseShop, lines: list[str], problem: str
) -> None:
    shop.orders("id bigint, changed timestamp")
    error = mistake(shop, "table: orders", "begin: 2017-03-01", *lines)
    assert f"tables.orders[shop].begin: {problem}" in str(error)


def test_a_variable_that_is_not_set_is_told(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_URL")
    error = mistake(shop, "table: orders")
    assert (error.line, "SHOP_URL is not set" in error.problem) == (7, True)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense-Geheim42",
        "postgresql://owner:Geheim42@127.0.0.1:none/shop",
        "postgresql://owner:a@Geheim42@127.0.0.1/shop",
        "oracle://owner:Geheim42@127.0.0.1/shop",
        "sqlite:///Geheim42",
    ],
)
def test_a_variable_that_holds_something_else_is_told_without_it(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SHOP_URL", url)
    error = mistake(shop, "table: orders")
    assert error.line == 7
    assert "Geheim42" not in str(error)
    assert "Geheim42" not in repr(error.__cause__)


def test_a_url_that_stands_in_the_file_is_refused_and_not_repeated(shop: DatabaseShop) -> None:
    tables = entry("table: orders").replace("env:SHOP_URL", shop.database.url)
    with pytest.raises(SourceError) as caught:
        shop.pull(tables)
    assert "a secret does not stand in this file" in str(caught.value)
    assert_no_secret(str(caught.value))
    assert "owner" not in str(caught.value)


@pytest.mark.parametrize("password", ["Geheim42", "o:th/er@%?#&=+ ß", "密码一"])
def test_a_wrong_password_is_told_without_it(
    shop: DatabaseShop, server: Server, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    name = shop.database.url.rpartition("/")[2]
    monkeypatch.setenv("SHOP_URL", server.url(name, password))
    error = mistake(shop, "table: orders")
    assert (error.line, error.field) == (7, "tables.orders[shop].url")
    assert_no_secret(str(error), password)


@pytest.mark.parametrize("password", ["o:th/er@%?#&=+ ß", "密码一"])
def test_a_password_may_hold_any_letter(
    shop: DatabaseShop, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    shop.orders("", order(1))
    if shop.is_postgresql:
        create = f"create role reader login superuser password '{password}'"
        drop = "drop role reader"
    else:
        create = f"create user reader@127.0.0.1 identified by '{password}'"
        drop = "drop user reader@127.0.0.1"
    shop.execute(create)
    if not shop.is_postgresql:
        shop.execute("grant select on *.* to reader@127.0.0.1")
    monkeypatch.setenv("SHOP_URL", of_user(shop, "reader", password))
    try:
        assert shop.ids(shop.pull(entry("table: orders"))) == ["1"]
    finally:
        shop.execute(drop)


def test_a_table_that_may_not_be_read_is_told(
    postgresql: DatabaseShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgresql.orders()
    postgresql.execute("create role guest login password 'guest'")
    monkeypatch.setenv("SHOP_URL", of_user(postgresql, "guest", "guest"))
    try:
        error = mistake(postgresql, "table: orders")
    finally:
        postgresql.execute("drop role guest")
    assert "permission denied" in error.problem
    assert not error.transient


def test_a_value_that_will_not_convert_is_not_repeated(postgresql: DatabaseShop) -> None:
    postgresql.orders("phone text", order(1, "'139-SECRET'"))
    with pytest.raises(SourceError) as caught:
        postgresql.pull(entry("query: select orders.*, phone::bigint as x from orders"))
    assert "139-SECRET" not in str(caught.value)
    assert "may be personal" in str(caught.value)


def test_no_file_of_a_landing_and_no_line_of_a_pull_holds_the_password(
    shop: DatabaseShop, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    shop.orders("", order(1))
    shop.pull(entry("table: orders", "deletes: compare"))
    shop.insert(order(2))
    shop.pull(entry("table: orders", "deletes: compare"))
    with pytest.raises(SourceError):
        shop.pull(entry("table: nowhere"))
    files = [path for path in shop.folder.rglob("*") if path.is_file()]
    assert len(files) >= 5
    for path in files:
        assert_no_secret(Path(path).read_bytes().decode("latin-1"))
    out, err = capfd.readouterr()
    assert_no_secret("\n".join([out, err, caplog.text, *shop.told]))
