"""Every kind of value lands as the server's own exact text, and none of them stops a pull."""

from collections.abc import Mapping
from typing import Any

import pytest
from database_shop import DatabaseShop, entry, order

from orchestration.landing import committed_loads
from orchestration.sources.errors import SourceError

# Type and value in SQL, and the text that lands.
BOTH = {
    "whole": ("bigint", "9223372036854775807", "9223372036854775807"),
    "exact": ("numeric(38,18)", "12345678901234567890.123456789012345678", None),
    "zeros": ("numeric(10,4)", "5", "5.0000"),
    "double": ("double precision", "0.1", "0.1"),
    "tiny": ("double precision", "2.2250738585072014e-308", "2.2250738585072014e-308"),
    "third": ("double precision", "0.3333333333333333", "0.3333333333333333"),
    "day": ("date", "'2017-02-28'", "2017-02-28"),
    "year_9999": ("date", "'9999-12-31'", "9999-12-31"),
    "padded": ("char(5)", "'ab'", "ab"),
    "zeros_in_front": ("varchar(9)", "'007'", "007"),
    "blanks": ("varchar(9)", "' a  '", " a  "),
    "empty": ("varchar(9)", "''", ""),
    "nothing": ("varchar(9)", "null", None),
    "word_null": ("varchar(9)", "'NULL'", "NULL"),
    "emoji": ("varchar(9)", "'李雷 🎁'", "李雷 🎁"),
    "lines": ("varchar(9)", "'a\nb\tc'", "a\nb\tc"),
    "windows_lines": ("varchar(9)", "'a\r\nb'", "a\r\nb"),
    "comma": ("varchar(9)", "','", ","),
    "end_of_data": ("varchar(9)", "concat(chr(92), chr(46))", "\\."),
    "word_nan": ("varchar(9)", "'NaN'", "NaN"),
    "quotes": ("varchar(9)", "'\"''%s'", "\"'%s"),
}
POSTGRESQL = {
    "truth": ("boolean", "true", "true"),
    "numeric_nan": ("numeric", "'NaN'", "NaN"),
    "endless": ("double precision", "'-infinity'", "-Infinity"),
    "float": ("real", "19.99", "19.99"),
    "naive": ("timestamp", "'2017-02-28 23:59:59.123456'", "2017-02-28 23:59:59.123456"),
    "instant": ("timestamptz", "'2017-02-28 23:59:59+08'", "2017-02-28 15:59:59+00"),
    "year_10000": ("date", "'10000-01-01'", "10000-01-01"),
    "before_christ": ("date", "'0044-03-15 BC'", "0044-03-15 BC"),
    "moment_bc": ("timestamp", "'0044-03-15 10:00 BC'", "0044-03-15 10:00:00 BC"),
    "for_ever": ("timestamptz", "'infinity'", "infinity"),
    "never": ("date", "'-infinity'", "-infinity"),
    "hour": ("time", "'24:00:00'", "24:00:00"),
    "span": ("interval", "'1 month 2 days'", "1 mon 2 days"),
    "json": ("json", "'{\"a\":  1}'", '{"a":  1}'),
    "jsonb": ("jsonb", "'{\"a\":  1}'", '{"a": 1}'),
    "uuid": (
        "uuid",
        "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    ),
    "bits": ("bit(4)", "b'0101'", "0101"),
    "bytes": ("bytea", "'\\xdeadbeef'", "\\xdeadbeef"),
    "list": ("text[]", "array['a', null, 'b,c']", '{a,NULL,"b,c"}'),
    "choice": ("mood", "'happy'", "happy"),
    "money": ("money", "12.5", "$12.50"),
    "address": ("inet", "'10.0.0.1/24'", "10.0.0.1/24"),
    "many": ("int4range", "'[1,5)'", "[1,5)"),
}
MARIADB = {
    "truth": ("boolean", "true", "1"),
    "unsigned": ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
    "float": ("float", "16777216", "16777216"),
    "half": ("float", "0.5", "0.5"),
    "naive": ("datetime(6)", "'2017-02-28 23:59:59.123456'", "2017-02-28 23:59:59.123456"),
    "instant": ("timestamp", "'2017-02-28 23:59:59'", "2017-02-28 23:59:59+00:00"),
    "zero": ("date", "'0000-00-00'", "0000-00-00"),
    "zero_moment": ("datetime", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"),
    "no_day": ("date", "'2017-02-00'", "2017-02-00"),
    "hours": ("time", "'838:59:59'", "838:59:59"),
    "year": ("year", "2017", "2017"),
    "json": ("json", "'{\"a\":  1}'", '{"a":  1}'),
    "uuid": (
        "uuid",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    ),
    "bits": ("bit(4)", "b'0101'", "5"),
    "bytes": ("blob", "x'deadbeef'", "0xDEADBEEF"),
    "id_of_bytes": ("binary(4)", "x'00ff00ff'", "0x00FF00FF"),
    "long": ("longtext", "repeat('长', 30000)", "长" * 30000),
    "choice": ("enum('happy', 'sad')", "'happy'", "happy"),
    "several": ("set('a', 'b')", "'a,b'", "a,b"),
    "point": ("point", "point(1, 2)", "0x000000000101000000000000000000F03F0000000000000040"),
}


def wanted(values: Mapping[str, tuple[str, str, str | None]]) -> dict[str, str | None]:
    exact = {"exact": BOTH["exact"][1]}
    return {name: text for name, (_, _, text) in values.items()} | exact


def landed(shop: DatabaseShop, values: Mapping[str, tuple[str, str, str | None]]) -> dict[str, Any]:
    columns = ", ".join(f"t_{name} {kind} null" for name, (kind, _, _) in values.items())
    shop.orders(columns)
    shop.insert(order(1, *(sql for _, sql, _ in values.values())))
    (row,) = shop.land(entry("table: orders"))
    return {name.removeprefix("t_"): value for name, value in row.items() if name[:2] == "t_"}


def test_every_kind_of_value_of_postgresql_lands_exactly(postgresql: DatabaseShop) -> None:
    postgresql.execute("create type mood as enum ('happy', 'sad')")
    values = BOTH | POSTGRESQL
    assert landed(postgresql, values) == wanted(values)


def test_every_kind_of_value_of_mariadb_lands_exactly(mariadb: DatabaseShop) -> None:
    values = BOTH | MARIADB
    assert landed(mariadb, values) == wanted(values)


def test_settings_of_a_database_do_not_change_how_values_are_written(
    postgresql: DatabaseShop,
) -> None:
    name = postgresql.database.url.rpartition("/")[2]
    for setting in ("datestyle = 'German'", "timezone = 'Asia/Tokyo'", "bytea_output = 'escape'"):
        postgresql.execute(f"alter database {name} set {setting}")
    values: dict[str, tuple[str, str, str | None]] = {}
    values |= {name: POSTGRESQL[name] for name in ("naive", "instant", "bytes")}
    values |= {name: BOTH[name] for name in ("day", "exact")}
    assert landed(postgresql, values) == wanted(values)


def test_a_database_in_another_encoding_lands_as_unicode(shop: DatabaseShop) -> None:
    shop.orders("city varchar(20)" + ("" if shop.is_postgresql else " character set latin1"))
    shop.insert(order(1, "'Zürich'"))
    (row,) = shop.land(entry("table: orders"))
    assert row["city"] == "Zürich"


def test_a_byte_order_mark_is_a_character_of_its_value_in_whatever_row(shop: DatabaseShop) -> None:
    shop.orders("", *(f"'\ufeff{number}', 'c', '2017-01-01', 1" for number in (1, 2)))
    assert shop.ids(shop.pull(entry("table: orders"))) == ["\ufeff1", "\ufeff2"]


@pytest.mark.parametrize(
    ("before", "after"), [("int", "varchar(9)"), ("varchar(9)", "int"), ("int", "date")]
)
def test_a_column_that_becomes_of_another_kind_is_refused(
    shop: DatabaseShop, before: str, after: str
) -> None:
    value = {"int": "7", "varchar(9)": "'7'", "date": "'2017-01-01'"}
    shop.orders(f"code {before}", order(1, value[before]))
    columns = "columns: {order_id: order_id, customer_id: customer_id, ordered_at: ordered_at"
    mapped = entry("table: orders", columns + ", amount: amount, promo_code: code}")
    shop.pull(mapped)
    shop.execute("alter table orders drop column code", f"alter table orders add code {after}")
    shop.execute("delete from orders")
    shop.insert(order(2, value[after]))
    with pytest.raises(SourceError, match="promo_code was"):
        shop.pull(mapped)
    assert len(committed_loads(shop.landing)) == 1
