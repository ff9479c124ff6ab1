"""The files of a generated company, and the source file that describes them."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from pyarrow import csv, parquet

from bench import dirt
from bench.orders import BASE, SHOP, STORE, Batch, order_texts

ENTRIES = {SHOP: "shop", STORE: "store"}
TIMEZONE = "Asia/Shanghai"
SOURCES = "sources.yml"


class Exports:
    """The files of a folder, each written part by part."""

    def __init__(self, folder: Path, suffix: str, closing: ExitStack) -> None:
        """Make the folder; `closing` closes the files."""
        folder.mkdir(parents=True)
        self._folder, self._suffix, self._closing = folder, suffix, closing
        self._writers: dict[str, Any] = {}

    def write(self, name: str, table: pa.Table) -> None:
        """Append rows to the file of this name."""
        if name not in self._writers:
            path = self._folder / f"{name}.{self._suffix}"
            kind = parquet.ParquetWriter if self._suffix == "parquet" else csv.CSVWriter
            self._writers[name] = self._closing.enter_context(kind(path, table.schema))
        self._writers[name].write_table(table)

    def write_orders(self, name: str, batch: Batch) -> None:
        """Append the orders of a batch to the file of each entry."""
        for entry, suffix in ENTRIES.items():
            here = batch.rows["entry"] == entry
            first = order_texts(batch.rows[here], entry)
            second = order_texts(batch.doubled[batch.doubled["entry"] == entry], entry)
            spoilt = dirt.spoil(first, batch.planted[here], dirt.ORDERS)
            self.write(f"{name}_{suffix}", pa.concat_tables([spoilt, second]))


def write_sources(folder: Path, suffix: str) -> None:
    """Write the source file of the exports that lie in `folder`."""

    def entry(path: str, **more: str) -> dict[str, str]:
        return {"from": "files", "path": f"{path}.{suffix}", **more}

    described = {
        "timezone": TIMEZONE,
        "base_currency": BASE,
        "tables": {
            "customers": [entry("customers")],
            "orders": [entry(f"orders_{name}*", name=name) for name in ENTRIES.values()],
            "refunds": [entry("refunds")],
            "exchange_rates": [entry("exchange_rates")],
        },
    }
    (folder / SOURCES).write_text(yaml.safe_dump(described), "utf-8")
