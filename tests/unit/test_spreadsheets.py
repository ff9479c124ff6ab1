"""What leaves as CSV computes nothing in a spreadsheet."""

import ast
import csv
import io
from decimal import Decimal

import pytest

from orchestration.settings import PROJECT
from orchestration.spreadsheets import FORMULA, write_csv

SYNTHETIC = PROJECT / "orchestration" / "sources" / "synthetic"


def written(*cells: object) -> list[str]:
    stream = io.StringIO(newline="")
    write_csv(stream, [f"c{place}" for place in range(len(cells))], [cells])
    stream.seek(0)
    return list(csv.reader(stream))[1]


@pytest.mark.parametrize("sign", FORMULA)
def test_a_text_that_begins_like_a_formula_is_text(sign: str) -> None:
    (cell,) = written(f'{sign}HYPERLINK("https://example.com","you won")')
    assert cell == f'\'{sign}HYPERLINK("https://example.com","you won")'


@pytest.mark.parametrize("cell", ["", "C-001", "7=7", "a@example.com", "李娜", "'=1"])
def test_another_text_stays_as_it_is(cell: str) -> None:
    assert written(cell, "next") == [cell, "next"]


def test_a_number_below_zero_stays_a_number() -> None:
    assert written(-3, Decimal("-1.50"), None) == ["-3", "-1.50", ""]


def test_no_other_module_writes_csv() -> None:
    """But the maker of a synthetic company, whose files are sources and come back in."""
    writers = set()
    for path in {*(PROJECT / "orchestration").rglob("*.py")} - {*SYNTHETIC.iterdir()}:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter", "to_csv"}:
                writers.add(path.name)
    assert writers == {"spreadsheets.py"}
