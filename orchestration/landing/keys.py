"""The keys that a source tells beside its rows, mapped as its rows are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.duckdb_sql import quote_name, quote_text
from orchestration.sources.engine import Resources, confined
from orchestration.sources.reading import Reading
from orchestration.sources.rows import PARQUET


def key_of(reading: Reading) -> list[str]:
    """The columns of the table's key that an entry supplies."""
    return [name for name in reading.found.table.key if name in reading.plan.columns]


def key_sources(reading: Reading) -> list[str]:
    """The source columns of the same; a constant has none."""
    return [reading.plan.sources[name] for name in key_of(reading) if name in reading.plan.sources]


def spool_keys(
    reading: Reading, batches: Iterator[pa.RecordBatch], target: Path, resources: Resources
) -> Path:
    """Write keys, given as batches of `key_sources`, into the Parquet file `target`.

    Raises SourceError when they cannot all be read.
    """
    plan = reading.plan
    positions = [reading.rows.columns.index(column) for column in key_sources(reading)]
    schema = pa.schema([(f"c{position}", pa.string()) for position in positions])
    renamed = (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in batches)
    reader = pa.RecordBatchReader.from_batches(schema, renamed)
    mapped = ", ".join(
        f"{plan.expressions[column]} as {quote_name(column)}" for column in key_of(reading)
    )
    given = "(select *, cast(null as varchar) as _malformed from given)"
    copy = f"copy (select distinct {mapped} from {given}) to {quote_text(target)} ({PARQUET})"

    def prepare(engine: duckdb.DuckDBPyConnection) -> None:
        engine.register("given", reader)

    with reading.told(), confined(resources, [target], prepare) as engine:
        engine.execute(copy)
    return target
