"""Parquet: every type as exact text, in the order of the file."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet
from source_maker import Shop, orders

from orchestration.sources.errors import SourceError
from orchestration.sources.parquet import ParquetFile

VALUES = {
    "9007199254740993": "9007199254740993",
    "0.1::double": "0.1",
    "5.0::double": "5",
    "1e16::double": "1e+16",
    "1.10::decimal(18, 4)": "1.1000",
    "true": "true",
    "'007'": "007",
    "date '2017-01-02'": "2017-01-02",
    "timestamp '2017-01-02 03:04:05'": "2017-01-02 03:04:05",
    "timestamptz '2017-01-02 03:04:05+08'": "2017-01-01 19:04:05+00",
    "encode('张三')": "张三",
    "'\\xFF\\x00'::blob": "\\xFF\\x00",
    "[1, 2]": "[1,2]",
    "{'a': 'x'}": '{"a":"x"}',
    "null::integer": None,
}


def test_every_type_lands_as_exact_text(tmp_path: Path) -> None:
    columns = ", ".join(f"{value} as v{n}" for n, value in enumerate(VALUES))
    duckdb.execute(
        "copy (select 1 as order_id, 2 as customer_id, 3 as ordered_at, 4 as amount,"
        f" {columns}) to '{tmp_path}/o.parquet'"
    )
    (row,) = Shop(tmp_path).land(orders("o.parquet"))
    assert [row[f"v{n}"] for n in range(len(VALUES))] == list(VALUES.values())


def test_rows_keep_the_order_of_the_file(tmp_path: Path) -> None:
    duckdb.execute(
        "copy (select 300000 - i as order_id, 1 as customer_id, '2017-01-01' as ordered_at,"
        f" 1 as amount from range(300000) as t(i)) to '{tmp_path}/o.parquet' (row_group_size 50000)"
    )
    landed = Shop(tmp_path).land(orders("o.parquet"))
    assert [row["_row"] for row in landed] == list(range(1, 300_001))
    assert all(int(row["order_id"]) == 300_001 - row["_row"] for row in landed)


def test_a_name_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    parquet.write_table(pa.table([[1], [2]], names=["a", "a"]), tmp_path / "o.parquet")
    with pytest.raises(SourceError, match=r"several columns of the same name, .*: 1 and 2"):
        ParquetFile(tmp_path / "o.parquet")


def test_another_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "o.parquet").write_text("a,b\n")
    with pytest.raises(SourceError, match="cannot be read as Parquet"):
        ParquetFile(tmp_path / "o.parquet")


ORDER = {"order_id": ["1"], "customer_id": ["c"], "ordered_at": ["2017-01-01"], "amount": ["2"]}


def test_only_what_the_file_holds_lands_whatever_its_folder_is_called(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    parquet.write_table(pa.table(ORDER), shop.write("order_id=77/day=3/o.parquet", ""))
    (row,) = shop.land(orders("'*/*/*.parquet'"))
    assert list(row.values()) == [1, None, "1", "c", "2017-01-01", "2"]


def test_a_column_may_be_called_as_the_engine_calls_its_own(tmp_path: Path) -> None:
    names = ("file_row_number", "filename", "file_index", "_row")
    parquet.write_table(pa.table(ORDER | {name: ["x"] for name in names}), tmp_path / "o.parquet")
    (row,) = Shop(tmp_path).land(orders("o.parquet"))
    assert list(row.values())[6:] == ["x"] * 4


@pytest.mark.parametrize("name", ["o*.parquet", "o[ab].parquet"])
def test_a_name_that_the_engine_takes_for_a_pattern_is_an_error(tmp_path: Path, name: str) -> None:
    for each in (name, "oa.parquet"):
        parquet.write_table(pa.table(ORDER), tmp_path / each)
    with pytest.raises(SourceError, match="has a name that fits other files too"):
        ParquetFile(tmp_path / name)


def test_text_that_is_not_utf_8_is_an_error_that_does_not_show_it(tmp_path: Path) -> None:
    text = pa.array([b"Jos\xe9"]).view(pa.string())
    parquet.write_table(pa.table(ORDER | {"name": text}), tmp_path / "o.parquet")
    with pytest.raises(SourceError, match=r"o\.parquet: holds a value .* Invalid") as caught:
        Shop(tmp_path).land(orders("o.parquet"))
    assert "Jos" not in str(caught.value)
