"""Any bytes as .jsonl: an error for people, or every line accounted for."""

import json

from budget import examples
from hypothesis import given, note
from hypothesis import strategies as st
from landed import Landed, land
from mutations import WRAPPINGS, Change, changed, changes, wrapped
from test_bytes_delimited import text_of

PIECES = (
    *(b'"', b"{", b"}", b"[", b"]", b":", b",", b"\\", b"\\u0000", b"\\ud800", b"\\ud83d\\ude00"),
    *(b"\n", b"\r", b"\r\n", b"\x0c", b"\x0b", b"\x00", b"\x1f", "\u2028\x85".encode()),
    *(b"NaN", b"-Infinity", b"1e400", b"-0", b"9" * 5000, b"1.", b"01", b"null", b"true", b"tru"),
    *(b"[" * 500 + b"]" * 500, b'{"a":' * 120 + b"1" + b"}" * 120, "é".encode("latin-1")),
    b"\xef\xbb\xbf",
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='ab"\\\n\t\x00é单😀', max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=6,
)
AWKWARD = st.text(alphabet='{}[]":,ab1.e-\\u0\n', max_size=60)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "编号", "A", "", "a b"]), VALUES, max_size=4)


class Pairs(list[tuple[str, object]]):
    """An object before it is known whether its keys are different."""


def meant(line: str) -> dict[str, object] | None:
    """The object of a line, numbers as they are written; None when the line is malformed."""
    try:
        pairs = json.loads(
            line,
            parse_int=lambda text: ("number", text),
            parse_float=lambda text: ("number", text),
            parse_constant=lambda text: float("nan"),
            object_pairs_hook=Pairs,
        )
        value = _plain(pairs)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _plain(value: object, depth: int = 0) -> object:
    """The value with its objects as dictionaries. ValueError: it is none that can land."""
    if depth > 100 or isinstance(value, float):
        raise ValueError("too deep, or NaN")
    if isinstance(value, Pairs):
        if len({key for key, _ in value}) < len(value):
            raise ValueError("a key stands twice")
        return {_text(key): _plain(inner, depth + 1) for key, inner in value}
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    text.encode()
    return text


def check(content: bytes) -> None:
    """Land a file; when it lands, every line did, and every value says what was written."""
    note(repr(content[:3000]))
    landed = land(content, "o.jsonl")
    if not isinstance(landed, Landed):
        return
    lines = [line.strip("\r") for line in text_of(content).split("\n")]
    lines = [line for line in lines if line.encode().strip()]
    assert len(lines) == len(landed.values)
    for number, (line, row) in enumerate(zip(lines, landed.values, strict=True)):
        # Files that were put together have a mark inside.
        record = None if number in landed.malformed else meant(line.removeprefix("\ufeff"))
        if record is None:
            assert landed.malformed[number] == line
            continue
        by_name = {key.strip(): value for key, value in record.items()}
        for name, text in zip(landed.columns, row, strict=True):
            unnamed = name not in by_name and name.startswith("column_")
            check_value(by_name.get("" if unnamed else name), text)


def check_value(value: object, text: str | None) -> None:
    """A value of JSON against the text that landed for it."""
    match value:
        case None:
            assert text is None
        case str():
            assert text == value
        case ("number", str(written)):
            assert text == written
        case bool():
            assert text == ("true" if value else "false")
        case _:
            assert text is not None
            assert _plain_of(text) == value


def _plain_of(text: str) -> object:
    value = meant('{"value": ' + text + "}")
    assert value is not None
    return value["value"]


@examples(60)
@given(st.binary(max_size=60) | AWKWARD.map(str.encode))
def test_any_bytes(content: bytes) -> None:
    check(content)


@examples(150)
@given(
    st.lists(OBJECTS, min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    changes(PIECES),
    WRAPPINGS,
)
def test_lines_that_were_damaged(
    objects: list[dict[str, object]], ascii_only: bool, encoding: str, steps: list[Change], how: str
) -> None:
    lines = [json.dumps(each, ensure_ascii=ascii_only) for each in [{"a": "first"}, *objects]]
    check(wrapped(changed("\n".join(lines).encode(encoding), steps), how))
