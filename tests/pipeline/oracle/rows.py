"""A table as one dictionary per row."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

Row = dict[str, Any]


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Every row of a frame of objects, in order, by column name."""
    columns = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        yield dict(zip(columns, values, strict=True))
