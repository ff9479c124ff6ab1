"""Any bytes as .csv, .tsv or .txt: an error for people, or every record accounted for."""

import codecs
from unittest.mock import patch

from budget import examples
from hypothesis import given, note
from hypothesis import strategies as st
from landed import Landed, land
from mutations import WRAPPINGS, changed, changes, wrapped
from slow_csv import records

from orchestration.sources import text as blocks

CELLS = st.text(alphabet='ab1 é单😀",;\n\r\t\u2028\x85', max_size=6)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "utf-32", "latin-1")
NAMES = st.sampled_from(["o.csv", "o.tsv", "o.txt", "o.CSV"])
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A table, its cells quoted where they have to be and now and then where they need not be."""
    delimiter = draw(st.sampled_from(",;\t|"))
    columns = draw(st.integers(1, 4))
    names = [f"c{number}" for number in range(columns)]
    rows = draw(st.lists(st.lists(CELLS, min_size=columns, max_size=columns), max_size=8))
    quoting = draw(st.booleans())
    end = draw(st.sampled_from(["\n", "\r\n"]))

    def written(cell: str) -> str:
        quoted = quoting or any(sign in cell for sign in f'"\r\n{delimiter}')
        return '"' + cell.replace('"', '""') + '"' if quoted else cell

    lines = [delimiter.join(map(written, row)) for row in [names, *rows]]
    return end.join(lines) + draw(st.sampled_from(["", end]))


def text_of(content: bytes) -> str:
    """The text of a file that landed."""
    marks = [encoding for mark, encoding in MARKS.items() if content.startswith(mark)]
    for encoding in marks[:1] or ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("no text, and yet it landed")


def check(content: bytes, name: str) -> None:
    """Land a file; when it lands, every record of it did, and every field as it is."""
    note(repr(content))
    landed = land(content, name)
    if not isinstance(landed, Landed):
        return
    delimiter = landed.about.rpartition("delimiter ")[2].replace("tab", "\t")
    _, *expected = records(text_of(content).lstrip("\r\n"), delimiter)
    width = len(landed.columns)
    sound = [
        record.fields if record.fields and len(record.fields) == width else None
        for record in expected
    ]
    assert [tuple(row) for row in landed.values] == [row or (None,) * width for row in sound]
    assert landed.malformed == {
        number: record.text for number, record in enumerate(expected) if sound[number] is None
    }


@examples(80)
@given(st.binary(max_size=80), NAMES)
def test_any_bytes(content: bytes, name: str) -> None:
    check(content, name)


@examples(120)
@given(st.text(alphabet='ab,;"\n\r\t \x1c单', max_size=60), NAMES)
def test_any_text_of_awkward_signs(content: str, name: str) -> None:
    check(content.encode(), name)


@examples(250)
@given(texts(), st.sampled_from(ENCODINGS), changes(), st.booleans(), WRAPPINGS, NAMES)
def test_a_table_that_was_damaged(
    text: str,
    encoding: str,
    steps: list[tuple[str, float, float, bytes, int]],
    keep_header: bool,
    how: str,
    name: str,
) -> None:
    header = len(text.splitlines()[0].encode()) + 2 if keep_header else 0
    content = text.encode(encoding, errors="replace")
    check(wrapped(changed(content, steps, header), how), name)


@examples(80)
@given(texts(), changes())
def test_a_damaged_table_that_is_read_in_small_blocks(
    text: str, steps: list[tuple[str, float, float, bytes, int]]
) -> None:
    content = changed(text.encode(), steps, len(text.splitlines()[0]) + 1)
    with patch.object(blocks, "BLOCK", 24):
        check(content, "o.csv")
