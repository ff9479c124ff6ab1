"""Values of every Arrow type in Parquet: each lands as text that says exactly that value."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from budget import examples
from hypothesis import given
from hypothesis import strategies as st
from landed import Landed, land
from pyarrow import parquet
from test_cells_text import TEXT

MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))
DECIMALS = st.decimals(-(10**20), 10**20, places=7, allow_nan=False)


class Kind(NamedTuple):
    """One Arrow type: values of it, and what the text that lands has to say of each.

    Attributes:
        says: the value that a landed text means.
        value: what it should mean, given what was written.
    """

    type: Any
    values: st.SearchStrategy[Any]
    says: Callable[[str], object] = str
    value: Callable[[Any], object] = str


def integers(bits: int, *, signed: bool) -> st.SearchStrategy[int]:
    return (
        st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        if signed
        else st.integers(0, 2**bits - 1)
    )


def double(text: str) -> object:
    """A double by its bits, so that NaN and -0 are told apart; whole ones have no point."""
    assert not text.endswith(".0")
    return repr(float(text))


def single(text: str) -> object:
    assert not text.endswith(".0")
    return repr(np.float32(text))


def moment(text: str) -> object:
    return datetime.fromisoformat(text.removesuffix("+00"))


def escaped(content: bytes) -> str:
    """Bytes that are not UTF-8, as the engine shows them."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        plain = {*range(32, 127)} - {*b"\"'\\"}
        return "".join(chr(byte) if byte in plain else f"\\x{byte:02X}" for byte in content)


def nested(text: str) -> object:
    return json.loads(text, parse_float=Decimal)


def timestamp(unit: str, zone: str | None = None) -> Kind:
    kept = {"ms": 1000, "us": 1, "ns": 1}[unit]
    values = MOMENTS
    if unit == "ns":
        values = st.datetimes(datetime(1678, 1, 1), datetime(2262, 1, 1))
    values = values.map(lambda at: at.replace(microsecond=at.microsecond // kept * kept))
    return Kind(pa.timestamp(unit, zone), values, moment, lambda at: at)


KINDS = {
    **{
        f"{'' if signed else 'u'}int{bits}": Kind(
            getattr(pa, f"{'' if signed else 'u'}int{bits}")(), integers(bits, signed=signed)
        )
        for bits in (8, 16, 32, 64)
        for signed in (True, False)
    },
    "text": Kind(pa.string(), TEXT),
    "large text": Kind(pa.large_string(), TEXT),
    "dictionary": Kind(pa.dictionary(pa.int32(), pa.string()), TEXT),
    "boolean": Kind(pa.bool_(), st.booleans(), value=lambda truth: str(truth).lower()),
    "double": Kind(pa.float64(), st.floats(), double, lambda number: repr(float(number))),
    "single": Kind(
        pa.float32(), st.floats(width=32), single, lambda number: repr(np.float32(number))
    ),
    "decimal": Kind(pa.decimal128(38, 7), DECIMALS, value=lambda number: f"{number:.7f}"),
    "date": Kind(pa.date32(), st.dates(), value=date.isoformat),
    "time": Kind(pa.time64("us"), st.times(), time.fromisoformat, lambda clock: clock),
    "binary": Kind(pa.binary(), st.binary(max_size=6), value=escaped),
    "bytes of one length": Kind(pa.binary(3), st.binary(min_size=3, max_size=3), value=escaped),
    "null": Kind(pa.null(), st.none()),
    **{f"timestamp {unit}": timestamp(unit) for unit in ("ms", "us", "ns")},
    "timestamp of a zone": timestamp("us", "Asia/Shanghai"),
    "list": Kind(
        pa.list_(pa.int64()), st.lists(st.none() | integers(64, signed=True)), nested, list
    ),
    "decimals": Kind(pa.list_(pa.decimal128(38, 7)), st.lists(DECIMALS), nested, list),
    "struct": Kind(
        pa.struct({"a": pa.string(), "b": pa.list_(pa.bool_())}),
        st.fixed_dictionaries({"a": st.none() | TEXT, "b": st.lists(st.booleans())}),
        nested,
        dict,
    ),
    "map": Kind(
        pa.map_(pa.string(), pa.int64()),
        st.dictionaries(TEXT, integers(64, signed=True)).map(lambda pairs: list(pairs.items())),
        nested,
        dict,
    ),
}


@st.composite
def columns(draw: st.DrawFn) -> dict[str, list[Any]]:
    """A few kinds, each with as many values."""
    names = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4, unique=True))
    size = draw(st.integers(1, 4))
    return {
        name: draw(st.lists(st.none() | KINDS[name].values, min_size=size, max_size=size))
        for name in names
    }


@examples(120)
@given(columns(), st.sampled_from(["none", "snappy", "zstd"]))
def test_a_value_lands_as_text_that_says_it(values: dict[str, list[Any]], compression: str) -> None:
    table = pa.table({name: pa.array(cells, KINDS[name].type) for name, cells in values.items()})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression=compression)
    landed = land(buffer.getvalue(), "o.parquet")
    assert isinstance(landed, Landed)
    assert list(landed.columns) == list(values)
    for place, (name, cells) in enumerate(values.items()):
        texts = [row[place] for row in landed.values]
        kind = KINDS[name]
        means = [None if text is None else kind.says(text) for text in texts]
        assert means == [None if cell is None else kind.value(cell) for cell in cells], texts
