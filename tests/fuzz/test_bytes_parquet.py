"""Damaged Parquet files: an error for people, or as many rows as the file says it has."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
from budget import examples
from hypothesis import given
from hypothesis import strategies as st
from landed import Landed, land
from mutations import Change, changed, changes
from pyarrow import parquet

ROWS = 20


def parquet_file(compression: str) -> bytes:
    """A file with columns of several kinds."""
    table = pa.table(
        {
            "customer_id": [f"c{number}" for number in range(ROWS)],
            "amount": [Decimal(number) / 4 for number in range(ROWS)],
            "at": [datetime(2017, 1, 1 + number, tzinfo=UTC) for number in range(ROWS)],
            "score": [number / 3 for number in range(ROWS)],
            "tags": [["a", str(number)] for number in range(ROWS)],
            "kind": pa.array(["x", "y"] * (ROWS // 2)).dictionary_encode(),
        }
    )
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression=compression, row_group_size=7)
    return buffer.getvalue()


FILES = {name: parquet_file(name) for name in ("none", "snappy", "zstd")}


@examples(150)
@given(st.sampled_from(sorted(FILES)), changes())
def test_a_file_that_was_damaged(compression: str, steps: list[Change]) -> None:
    landed = land(changed(FILES[compression], steps), "o.parquet")
    if isinstance(landed, Landed):
        assert not landed.malformed
        assert (
            len(landed.values)
            == parquet.read_metadata(io.BytesIO(changed(FILES[compression], steps))).num_rows
        )
