"""Whether two files hold the same table: a checksum per column, whatever the order of rows."""

from pathlib import Path

import duckdb


def checksums(parquet: Path) -> dict[str, tuple[int, int]]:
    """Per column how many rows have a value, and a hash over all values with their customer_id."""
    with duckdb.connect() as con:
        columns = con.read_parquet(str(parquet)).columns
        # One text: the hash of two values is one that an exchange of them does not change.
        parts = ", ".join(
            f"count({name}), bit_xor(hash(concat_ws('=', customer_id, {name})))" for name in columns
        )
        (found,) = con.execute(f"select {parts} from '{parquet}'").fetchall()
    return dict(zip(columns, zip(found[::2], found[1::2], strict=True), strict=True))


def different_columns(parquet: Path, published: Path) -> list[str]:
    """The names of the columns that differ, or that only one of the two files has."""
    first, second = checksums(parquet), checksums(published)
    names = first.keys() | second.keys()
    return sorted(name for name in names if first.get(name) != second.get(name))
