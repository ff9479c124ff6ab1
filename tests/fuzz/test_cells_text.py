"""Any text in the cells of csv and jsonl: it lands as it is."""

import csv
import io
import json

import pytest
from budget import examples
from hypothesis import given
from hypothesis import strategies as st
from landed import Landed, land

# No text has NUL; half a surrogate pair cannot be written.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAMES = st.lists(TEXT, min_size=1, max_size=5, unique_by=str.strip).filter(
    lambda names: any(name.strip() for name in names)
)
TABLES = NAMES.flatmap(
    lambda names: st.tuples(
        st.just(names), st.lists(st.lists(TEXT, min_size=len(names), max_size=len(names)))
    )
)
LONG = '长 text, "quoted"\n' * 40_000  # just below a mebibyte


def named(names: list[str]) -> list[str]:
    """The names as columns have them."""
    return [name.strip() or f"column_{place}" for place, name in enumerate(names, start=1)]


def csv_of(rows: list[list[str]], encoding: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    return buffer.getvalue().encode(encoding)


def landed_rows(content: bytes, name: str, **options: str) -> Landed:
    landed = land(content, name, **options)
    assert isinstance(landed, Landed)
    assert not landed.malformed
    return landed


@examples(100)
@given(TABLES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]))
def test_a_cell_of_a_csv_file_lands_as_it_is(
    table: tuple[list[str], list[list[str]]], encoding: str
) -> None:
    names, rows = table
    landed = landed_rows(
        csv_of([names, *rows], encoding), "o.csv", delimiter=",", encoding=encoding
    )
    assert list(landed.columns) == named(names)
    assert landed.values == [[cell or None for cell in row] for row in rows]


@examples(60)
@given(TABLES, st.booleans())
def test_a_cell_of_a_json_line_lands_as_it_is(
    table: tuple[list[str], list[list[str]]], ascii_only: bool
) -> None:
    names, rows = table
    lines = [
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=ascii_only)
        for row in [names, *rows]
    ]
    landed = landed_rows("\n".join(lines).encode(), "o.jsonl")
    assert list(landed.columns) == named(names)
    assert landed.values == [names, *rows]


@pytest.mark.parametrize("name", ["o.csv", "o.jsonl"])
def test_a_cell_of_a_megabyte_lands_as_it_is(name: str) -> None:
    if name == "o.csv":
        content = csv_of([["a", "b"], ["1", LONG], ["2", "x" * 1_000_000]], "utf-8")
    else:
        content = b"\n".join(
            json.dumps({"a": row, "b": text}).encode()
            for row, text in (("1", LONG), ("2", "x" * 1_000_000))
        )
    assert landed_rows(content, name).values == [["1", LONG], ["2", "x" * 1_000_000]]
