"""Whole numbers to the texts of an export, exactly."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bench.company import FIRST_DAY

SECONDS_OF_DAY = 86_400
EPOCH_DAY = (FIRST_DAY - date(1970, 1, 1)).days


def keys(prefix: str, numbers: npt.NDArray[np.integer]) -> pa.Array:
    """`c17` …"""
    return _joined(pa.scalar(prefix), pa.array(numbers).cast(pa.string()))


def decimals(numbers: npt.NDArray[np.integer], scale: int) -> pa.Array:
    """`12.50` for 1250 at scale 2."""
    whole = pa.array(numbers.astype(np.int64)).cast(pa.decimal128(19, 0))
    # The same digits, read with a point in them.
    shifted = pa.Array.from_buffers(
        pa.decimal128(19, scale), len(whole), [None, whole.buffers()[1]], offset=whole.offset
    )
    return shifted.cast(pa.string())


def days(numbers: npt.NDArray[np.integer]) -> pa.Array:
    """`2024-05-31` for a day counted from FIRST_DAY."""
    return pa.array((numbers + EPOCH_DAY).astype(np.int32)).cast(pa.date32()).cast(pa.string())


def moments(
    day: npt.NDArray[np.integer], second: npt.NDArray[np.integer], offset: str = ""
) -> pa.Array:
    """`2024-05-31 18:30:00`, and the offset after it."""
    seconds = (day.astype(np.int64) + EPOCH_DAY) * SECONDS_OF_DAY + second
    texts = pa.array(seconds).cast(pa.timestamp("s")).cast(pa.string())
    return _joined(texts, pa.scalar(offset)) if offset else texts


def words(codes: npt.NDArray[np.integer], choices: Sequence[str | None]) -> pa.Array:
    """The word at each code."""
    return pa.array(choices, pa.string()).take(pa.array(codes))


def only_where(present: npt.NDArray[np.bool_], texts: pa.Array) -> pa.Array:
    """No value where there is none."""
    return choose(present, texts, pa.scalar(None, pa.string()))


def choose(
    is_first: npt.NDArray[np.bool_], first: pa.Array | pa.Scalar, second: pa.Array | pa.Scalar
) -> pa.Array:
    """Per row the first or the second."""
    return pc.if_else(pa.array(is_first), first, second)


def _joined(first: pa.Array | pa.Scalar, second: pa.Array | pa.Scalar) -> pa.Array:
    return pc.binary_join_element_wise(first, second, "")
