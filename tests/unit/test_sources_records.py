"""Cutting text into records: no line is lost, whatever its quotes do."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources import records
from orchestration.sources.delimited import DelimitedFile
from orchestration.sources.errors import SourceError
from orchestration.sources.records import Block, RecordCutter

FIELDS = st.text(alphabet='ab1 é单",;\n\r\t', max_size=6)
JUNK = st.text(alphabet='ab",\n\r', max_size=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv")


def cut(text: bytes, sizes: list[int], columns: int = 2) -> tuple[bytes, int]:
    """Everything that the cutter gives for a text handed over in pieces of these sizes."""
    pieces, position = [], 0
    for size in sizes:
        pieces.append(text[position : position + size])
        position += size
    blocks = list(RecordCutter(",", columns).cut([*pieces, text[position:]]))
    text = b"".join(block.text for block in blocks)
    # Where blank lines went is of no interest.
    return re.sub(rb"(\r?\n)+", b"\n", text).strip(), sum(block.records for block in blocks)


def read(folder: Path, text: str) -> list[tuple[Any, ...]]:
    path = folder / "file.csv"
    path.write_bytes(text.encode())
    return [
        tuple(row.values())
        for batch in DelimitedFile(path, None, ",").batches()
        for row in batch.to_pylist()
    ]


@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=12), st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_a_csv_writer_wrote_is_read_as_it_was(
    folder: Path, rows: list[tuple[str, str]], quote_all: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    writer.writerow(["a", "b"])
    writer.writerows(rows)
    expected = [
        (number, None, first or None, second or None)
        for number, (first, second) in enumerate(rows, start=1)
    ]
    assert read(folder, text.getvalue()) == expected


@given(JUNK, st.lists(st.integers(1, 20), max_size=8))
@settings(max_examples=500, deadline=None)
def test_records_do_not_depend_on_where_the_file_was_cut(text: str, sizes: list[int]) -> None:
    assert cut(text.encode(), sizes) == cut(text.encode(), [])


@given(JUNK)
@settings(max_examples=500, deadline=None)
def test_no_character_of_any_line_is_lost(folder: Path, text: str) -> None:
    landed = read(folder, "a,b\n" + text)
    kept = "".join(part or "" for row in landed for part in row[1:])
    for letter in "ab":
        assert kept.count(letter) == text.count(letter)
    assert [row[0] for row in landed] == list(range(1, len(landed) + 1))


def test_an_open_quote_costs_its_own_line_and_no_other(tmp_path: Path) -> None:
    landed = read(tmp_path, 'a,b\n1,x\n2,"open\n3,y\n4,"fine"\n')
    assert landed == [
        (1, None, "1", "x"),
        (2, '2,"open', None, None),
        (3, None, "3", "y"),
        (4, None, "4", "fine"),
    ]


def test_an_open_quote_that_nothing_closes_costs_one_line(tmp_path: Path) -> None:
    landed = read(tmp_path, 'a,b\n1,x\n2,"open\n' + "3,y\n" * 1000)
    assert [row for row in landed if row[1]] == [(2, '2,"open', None, None)]
    assert len(landed) == 1002


def test_an_open_quote_is_given_up_after_a_mebibyte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST_RECORD", 40)
    landed = read(tmp_path, 'a,b\n1,"open\n' + "2,y\n" * 30 + '3,"z"\n')
    assert [row[1] for row in landed if row[1]] == ['1,"open']
    assert len(landed) == 32


def test_text_after_a_closing_quote_is_malformed(tmp_path: Path) -> None:
    assert read(tmp_path, 'a,b\n1,"x"y\n2,z\n') == [(1, '1,"x"y', None, None), (2, None, "2", "z")]


def test_a_quote_inside_an_unquoted_field_is_a_character(tmp_path: Path) -> None:
    assert read(tmp_path, 'a,b\n1,5" pipe\n2,z\n') == [
        (1, None, "1", '5" pipe'),
        (2, None, "2", "z"),
    ]


@pytest.mark.parametrize("line", ["2", "2,x,y", "2,x,"])
def test_a_record_with_the_wrong_number_of_fields_is_malformed(tmp_path: Path, line: str) -> None:
    landed = read(tmp_path, f"a,b\n1,x\n{line}\n3,z\n")
    assert landed == [(1, None, "1", "x"), (2, line, None, None), (3, None, "3", "z")]


def test_a_bare_carriage_return_outside_quotes_is_malformed(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n1,x\ry,z\n2,w\n") == [
        (1, "1,x\ry,z", None, None),
        (2, None, "2", "w"),
    ]


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n\n1,x\r\n\r\n\n2,y") == [(1, None, "1", "x"), (2, None, "2", "y")]


def test_too_many_broken_quotes_are_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_BROKEN", 3)
    with pytest.raises(SourceError, match="broken quotes in more than 3 lines"):
        cut(b'1,"x"y\n' * 4, [])


def test_a_line_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST_LINE", 100)
    with pytest.raises(SourceError, match="a record ends with a line feed"):
        cut(b"x" * 300, [150])


def test_a_block_counts_its_records() -> None:
    first, last = RecordCutter(",", 2).cut([b'1,"a\nb"\n\n2,c\r\n3,d'])
    assert first == Block(b'1,"a\nb"\n\n2,c\r\n', 2)
    assert last == Block(b"3,d", 1)
