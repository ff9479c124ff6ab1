"""csv: header, delimiter, and the fields as text."""

from pathlib import Path

import pytest
from source_maker import ORDERS, Shop, orders

from orchestration.sources.delimited import DelimitedFile
from orchestration.sources.errors import SourceError


def opened(folder: Path, content: str, delimiter: str | None = None) -> DelimitedFile:
    path = folder / "export.csv"
    path.write_text(content, newline="")
    return DelimitedFile(path, None, delimiter)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    file = opened(tmp_path, f'"a, b; c | d"{delimiter}e\n')
    assert file.columns == ("a, b; c | d", "e")


def test_a_delimiter_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Say which: delimiter") as caught:
        opened(tmp_path, "a,b;c\n")
    assert caught.value.line == 1
    assert opened(tmp_path, "a,b;c\n", ";").columns == ("a,b", "c")


def test_a_file_of_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    file = opened(tmp_path, "customer_id\n007\n\n8\n")
    (batch,) = file.batches()
    assert batch.column("c0").to_pylist() == ["007", "8"]


def test_header_names_are_trimmed_and_unnamed_columns_are_numbered(tmp_path: Path) -> None:
    assert opened(tmp_path, " a , ,b,\n").columns == ("a", "column_2", "b", "column_4")


def test_a_name_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"several columns of the same name, .*: 1 and 3"):
        opened(tmp_path, "amount,id,amount\n")
    with pytest.raises(SourceError, match=r"several columns of the same name, .*: 2 and 3"):
        opened(tmp_path, "id,column_3,\n")


@pytest.mark.parametrize("content", ["", "\n\r\n"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="is empty"):
        opened(tmp_path, content)


@pytest.mark.parametrize("content", ["a,b\r1,2\r", 'a,"b\n1,2\n'])
def test_a_header_that_does_not_end_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="header that does not end"):
        opened(tmp_path, content)


def test_a_header_may_hold_line_ends_inside_quotes(tmp_path: Path) -> None:
    file = opened(tmp_path, '"order\nid",b\n1,2\n')
    assert file.columns == ("order\nid", "b")
    (batch,) = file.batches()
    assert batch.num_rows == 1


def test_text_lands_as_it_is_and_empty_is_null(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o.csv", f'{ORDERS},note\n007, x ,2017-01-01,1.10,""\n8,NULL,,NaN,"a\nb"\n')
    first, second = shop.land(orders("o.csv"))
    assert list(first.values()) == [1, None, "007", " x ", "2017-01-01", "1.10", None]
    assert list(second.values()) == [2, None, "8", "NULL", None, "NaN", "a\nb"]


def test_a_file_with_a_header_only_lands_no_rows(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o.csv", f"{ORDERS}\n")
    assert shop.land(orders("o.csv")) == []


def test_columns_may_differ_by_case_alone(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o.csv", f"{ORDERS},Note,NOTE\n1,c,2017-01-01,1,x,y\n")
    (row,) = shop.land(orders("o.csv"))
    assert (row["Note"], row["source_NOTE"]) == ("x", "y")


def test_a_header_without_a_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no header"):
        opened(tmp_path, "  \na,b\n1,2\n")


def test_a_header_has_its_limits(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="header of more than 128 KiB"):
        opened(tmp_path, "a," + "b" * 200_000 + "\n1,2\n")
    with pytest.raises(SourceError, match="has 5,001 columns; the most is 5,000"):
        opened(tmp_path, ",".join(f"c{number}" for number in range(5_001)))


def test_a_byte_order_mark_inside_a_file_is_a_character(tmp_path: Path) -> None:
    (batch,) = opened(tmp_path, "\ufeffa,b\n\ufeff1,2\n").batches()
    assert batch.column("c0").to_pylist() == ["\ufeff1"]
