"""Columns become ours, and everything that is not ours stays beside them."""

from pathlib import Path

import pytest
from source_maker import ORDERS, Shop, orders

from orchestration.sources.errors import SourceError

EXPORT = "编号,客户,时间,金额,状态\n1,c,2017/1/5 7:05,9.90, 已完成 \n2,c,bad,x,Open\n3,c,,1,未知\n"
MAPPED = (
    "columns: {order_id: 编号, customer_id: 客户, ordered_at: 时间, amount: 金额, status: 状态}"
)


def shop(folder: Path, content: str = EXPORT) -> Shop:
    made = Shop(folder)
    made.write("o.csv", content)
    return made


def test_columns_values_constants_and_formats_apply_when_landing(tmp_path: Path) -> None:
    landed = shop(tmp_path).land(
        orders(
            "o.csv",
            MAPPED,
            "values: {status: {已完成: completed, OPEN: waiting, 未知: }}",
            "constants: {currency: CNY}",
            'formats: {ordered_at: "%Y/%m/%d %H:%M"}',
        )
    )
    assert [tuple(row.values())[2:] for row in landed] == [
        ("1", "c", "2017-01-05 07:05:00", "9.90", "completed", "CNY"),
        ("2", "c", "bad", "x", "waiting", "CNY"),
        ("3", "c", None, "1", None, "CNY"),
    ]
    assert list(landed[0]) == [
        *("_row", "_malformed", "order_id", "customer_id", "ordered_at", "amount", "status"),
        "currency",
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "landed"),
    [
        ("%d.%m.%Y", "05.01.2017", "2017-01-05"),
        ("%Y%m%d", " 20170105 ", "2017-01-05"),
        ("%d.%m.%Y", "31.02.2017", "31.02.2017"),
        ("%Y-%m-%d %H:%M:%S %z", "2017-01-05 08:00:00 +0800", "2017-01-05 00:00:00+00"),
        ("%d/%m/%Y %-H:%M", "05/01/2017 7:05", "2017-01-05 07:05:00"),
        ("epoch_ms", " 1614065919394 ", "2021-02-23 07:38:39.394+00:00"),
        ("epoch_ms", "-1", "1969-12-31 23:59:59.999+00:00"),
        ("epoch_ms", "1614065919394.125", "2021-02-23 07:38:39.394125+00:00"),
        ("epoch_s", "1614065919", "2021-02-23 07:38:39+00:00"),
        ("epoch_s", "1614065919.5", "2021-02-23 07:38:39.5+00:00"),
        ("epoch_s", "2021-02-23", "2021-02-23"),
        ("epoch_s", "99999999999999999999", "99999999999999999999"),
    ],
)
def test_a_format_makes_iso_text_and_keeps_an_offset(
    tmp_path: Path, pattern: str, text: str, landed: str
) -> None:
    made = shop(tmp_path, f"{ORDERS}\n1,c,{text},1\n")
    (row,) = made.land(orders("o.csv", f'formats: {{ordered_at: "{pattern}"}}'))
    assert row["ordered_at"] == landed


def test_a_counted_day_lands_as_its_moment(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.write("c.csv", "customer_id,birth_date\n1,957542400000\n2,soon\n")
    entry = "  customers:\n  - {from: files, path: c.csv, formats: {birth_date: epoch_ms}}\n"
    landed = made.land(entry, "customers")
    assert [row["birth_date"] for row in landed] == ["2000-05-05 16:00:00+00:00", "soon"]


def test_a_column_that_is_not_there_is_named_with_its_neighbours(tmp_path: Path) -> None:
    mapped = MAPPED.replace("金额", "金 额")
    with pytest.raises(SourceError) as caught:
        shop(tmp_path).pull(orders("o.csv", mapped))
    assert "o.csv has no column '金 额'" in str(caught.value)
    assert "Did you mean 金额? It has: 编号, 客户, 时间, 金额, 状态." in str(caught.value)
    assert caught.value.field == "tables.orders[1].columns.amount"
    assert caught.value.line == 7


def test_a_required_column_that_nobody_has_is_an_error_before_anything_lands(
    tmp_path: Path,
) -> None:
    made = shop(tmp_path, f"{ORDERS}\n1,c,2017-01-01,1\n")
    made.write("p.csv", "order_id,customer_id,ordered_at\n")
    with pytest.raises(SourceError, match=r"orders needs amount, which p.csv does not have"):
        made.pull(orders('"*.csv"'))
    assert not (made.landing / "orders").exists()


def test_extra_columns_stay_under_a_name_that_is_free(tmp_path: Path) -> None:
    made = shop(tmp_path, "no,who,at,paid,status,_row,note,Status\n1,c,2017-01-01,2,s,r,n,S\n")
    (load,) = made.pull(
        orders("o.csv", "columns: {order_id: no, customer_id: who, ordered_at: at, amount: paid}")
    ).landed
    assert load.columns == ("order_id", "customer_id", "ordered_at", "amount")
    assert load.extra_columns == ("source_status", "source__row", "note", "source_Status_")


def test_one_source_column_may_feed_two_of_ours(tmp_path: Path) -> None:
    made = shop(tmp_path, "id,at,paid\n1,2017-01-01,2\n")
    mapped = "columns: {order_id: id, customer_id: id, ordered_at: at, amount: paid}"
    (row,) = made.land(orders("o.csv", mapped))
    assert (row["order_id"], row["customer_id"]) == ("1", "1")


def test_a_malformed_record_has_nothing_but_its_text(tmp_path: Path) -> None:
    made = shop(tmp_path, f"{ORDERS},note\n1,c,2017-01-01\n")
    (row,) = made.land(orders("o.csv", "constants: {currency: CNY}"))
    assert row.pop("_malformed") == "1,c,2017-01-01"
    assert row.pop("_row") == 1
    assert set(row.values()) == {None}


def test_text_from_outside_cannot_become_sql(tmp_path: Path) -> None:
    made = shop(tmp_path, 'o\'id,who,at,paid,"x""; drop"\n1,c,2017-01-01,2,3\n')
    mapped = 'columns: {order_id: "o\'id", customer_id: who, ordered_at: at, amount: paid}'
    (row,) = made.land(
        orders(
            "o.csv", mapped, 'constants: {channel: "it\'s; --"}', 'values: {amount: {"2": "\'"}}'
        )
    )
    assert (row["order_id"], row["channel"], row["amount"]) == ("1", "it's; --", "'")
    assert row['x"; drop'] == "3"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1001,Zhang San,13800138000", "has it a header line?"),
        ("1001,Zhang San,13800138000,Zhang San,13800138000", "counted from 1: 2 and 4; 3 and 5"),
        ("client_id_1001,Zhang San,13800138000", "has it a header line?"),
    ],
    ids=["as it comes", "with a value twice", "with an id like the name of its column"],
)
def test_a_first_line_that_is_no_header_is_not_told(
    tmp_path: Path, line: str, expected: str
) -> None:
    made = Shop(tmp_path)
    made.write("people.csv", f"{line}\n1002,Li Si,13900139000\n")
    mapped = "columns: {customer_id: client_id, name: full_name}"
    tables = f"  customers:\n  - from: files\n    path: people.csv\n    {mapped}\n"
    with pytest.raises(SourceError) as refused:
        made.pull(tables, "customers")
    assert expected in str(refused.value)
    assert not any(value in str(refused.value) for value in line.split(","))
