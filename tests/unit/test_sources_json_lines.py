"""jsonl: numbers as they are written, nested values as JSON, bad lines kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from source_maker import Shop, orders

from orchestration.sources.errors import SourceError
from orchestration.sources.json_lines import JsonLinesFile


def read(folder: Path, content: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    path = folder / "export.jsonl"
    path.write_bytes(content.encode())
    file = JsonLinesFile(path, None)
    rows = [tuple(row.values()) for batch in file.batches() for row in batch.to_pylist()]
    return file.columns, rows


@pytest.mark.parametrize(
    "number", ["1", "1.10", "-0.000", "12345678901234567890123", "1E5", "0.1000000000000000055"]
)
def test_a_number_is_the_text_it_is_written_in(tmp_path: Path, number: str) -> None:
    assert read(tmp_path, f'{{"a": {number}}}')[1] == [(1, None, number)]


def test_columns_are_the_keys_of_all_lines(tmp_path: Path) -> None:
    columns, rows = read(tmp_path, '{"a": "x"}\n\n{"b": true, "a": null}\r\n')
    assert columns == ("a", "b")
    assert rows == [(1, None, "x", None), (2, None, None, "true")]


def test_a_nested_value_is_json_text_with_its_numbers_exact(tmp_path: Path) -> None:
    _, rows = read(tmp_path, '{"a": [1.10, {"名": "x\\"y", "n": null, "t": true}]}')
    assert rows == [(1, None, '[1.10, {"名": "x\\"y", "n": null, "t": true}]')]


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[1]", "7", '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\u0000"}'),
        *('{"a": "\\ud800"}', '{"a": {"\\ud800": 1}}', '{"\\u0000": 1}'),
    ],
)
def test_a_line_that_is_no_object_of_text_is_malformed(tmp_path: Path, line: str) -> None:
    _, rows = read(tmp_path, f'{{"a": 1}}\n{line}\n{{"a": 2}}')
    assert rows == [(1, None, "1"), (2, line, None), (3, None, "2")]


def test_an_escape_may_write_any_text(tmp_path: Path) -> None:
    assert read(tmp_path, '{"a": "\\u5f20\\u4e09 \\\\u0000"}')[1] == [(1, None, "张三 \\u0000")]


@pytest.mark.parametrize("content", ["", '[\n{"a": 1}x\n]'])
def test_a_file_without_an_object_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="holds no JSON object"):
        read(tmp_path, content)


def test_a_file_of_several_batches_lands_in_order(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    line = '{{"order_id": {n}, "customer_id": "c", "ordered_at": "2017-01-01", "amount": {n}.50}}\n'
    shop.write("o.jsonl", "".join(line.format(n=number) for number in range(1, 120_001)))
    landed = shop.land(orders("o.jsonl"))
    assert [row["_row"] for row in landed] == list(range(1, 120_001))
    assert all(row["amount"] == f"{row['_row']}.50" for row in landed)


@pytest.mark.parametrize("depth", [101, 500, 980, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_line_that_nests_too_deep_is_malformed(
    tmp_path: Path, depth: int, opening: str, closing: str
) -> None:
    line = '{"a": ' + opening * depth + "1" + closing * depth + "}"
    assert read(tmp_path, f'{{"a": 1}}\n{line}')[1] == [(1, None, "1"), (2, line, None)]
    _, rows = read(tmp_path, '{"a": ' + opening * 99 + "1" + closing * 99 + "}")
    assert rows[0][1] is None


def test_a_file_of_many_columns_lands_in_smaller_batches(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    row = json.dumps({f"k{number}": number for number in range(4_000)})
    path.write_text(f"{row}\n" * 1_001)
    batches = list(JsonLinesFile(path, None).batches())
    assert [batch.num_rows for batch in batches] == [500, 500, 1]


def test_a_byte_order_mark_may_begin_any_line(tmp_path: Path) -> None:
    rows = read(tmp_path, '\ufeff{"a": 1}\n\ufeff{"a": 2}')[1]
    assert rows == [(1, None, "1"), (2, None, "2")]
