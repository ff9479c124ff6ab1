"""Write a synthetic company as source exports, with a manifest of what is true about it.

    python -m bench.generate FOLDER --orders 1000000

Same seed, same bytes. The memory follows the number of orders only by some twenty bytes each.
"""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from pyarrow import csv, parquet

from bench import dirt
from bench.company import AS_OF, FIRST_DAY, LAST, NEXT, Company, Ints, found_company
from bench.orders import (
    BASE,
    SHOP,
    STORE,
    Batch,
    Rows,
    clean_rows,
    draw_orders,
    draw_rates,
    order_texts,
)
from bench.people import ORPHAN, draw_customers, draw_refunds, exchange_rates
from bench.texts import SECONDS_OF_DAY
from bench.truth import Truth

ENTRIES = {SHOP: "shop", STORE: "store"}
ROWS_PER_PART = 500_000
TIMEZONE = "Asia/Shanghai"
MANIFEST = "manifest.json"
EXPORTS = "exports"
NEXT_DAY = "next_day"


@dataclass(frozen=True)
class Recipe:
    """What is to be generated.

    Attributes:
        orders: how many; a tenth as many customers.
        dirt: share of the keys of each export that something is wrong with.
        seed: of everything that is drawn.
        format: parquet or csv.
    """

    orders: int = 1_000_000
    dirt: float = 0.01
    seed: int = 20250629
    format: str = "parquet"


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
            tables = [
                dirt.spoil(
                    order_texts(rows[rows["entry"] == entry], entry),
                    planted[rows["entry"] == entry],
                    dirt.ORDERS,
                )
                for rows, planted in (
                    (batch.rows, batch.planted),
                    (batch.doubled, batch.doubled_planted),
                )
            ]
            self.write(f"{name}_{suffix}", pa.concat_tables(tables))


def generate(folder: Path, recipe: Recipe) -> dict[str, Any]:
    """Write `exports/` with its sources.yml, `next_day/` and the manifest, which is returned.

    Raises FileExistsError when the folder is there already.
    """
    folder.mkdir(parents=True)
    company = found_company(recipe.seed, recipe.orders)
    rates = draw_rates(recipe.seed)
    truths = {day: Truth(day, len(company.created)) for day in (LAST, NEXT)}
    with ExitStack() as closing:
        exports = Exports(folder / EXPORTS, recipe.format, closing)
        sold = _write_orders(exports, company, rates, recipe, list(truths.values()))
        rng = np.random.default_rng([recipe.seed, 4])
        part = exchange_rates(rng, rates, recipe.dirt)
        exports.write("exchange_rates", part.table)
        for truth in truths.values():
            truth.count_rows("exchange_rates", part.planted, dirt.EXCHANGE_RATES)
        next_day = Exports(folder / NEXT_DAY, recipe.format, closing)
        batch, corrected = _next_day(rng, company, sold)
        next_day.write("orders_shop_next", order_texts(np.concatenate([batch.rows, corrected]), 0))
        truths[NEXT].add_orders(batch, rates)
        truths[NEXT].correct_orders(sold, corrected, rates)
        _write_customers(exports, company, recipe, list(truths.values()))
    (folder / EXPORTS / "sources.yml").write_text(yaml.safe_dump(_sources(recipe)), "utf-8")
    manifest = {
        "synthetic": True,
        **asdict(recipe),
        "customers": len(company.created),
        "days": {
            (FIRST_DAY + timedelta(day)).isoformat(): truth.described()
            for day, truth in truths.items()
        },
    }
    # Last, so that a folder with a manifest is whole.
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return manifest


def _write_orders(
    exports: Exports, company: Company, rates: Ints, recipe: Recipe, truths: Sequence[Truth]
) -> Rows:
    """Orders and their refunds; returns some of the last clean ones, to be corrected later."""
    for number, first in enumerate(range(0, len(company.day), ROWS_PER_PART)):
        rng = np.random.default_rng([recipe.seed, 2, number])
        part = slice(first, min(first + ROWS_PER_PART, len(company.day)))
        batch = draw_orders(rng, company, part, recipe.dirt)
        refunds = draw_refunds(rng, batch, rates, recipe.dirt)
        exports.write_orders("orders", batch)
        exports.write("refunds", refunds.table)
        for truth in truths:
            truth.add_orders(batch, rates)
            truth.add_refunds(refunds.day, refunds.amounts, refunds.planted, ORPHAN)
    is_clean = (batch.planted < 0) & (batch.rows["entry"] == SHOP)
    sold: Rows = batch.rows[is_clean][-max(recipe.orders // 10_000, 5) :]
    return sold


def _next_day(rng: np.random.Generator, company: Company, sold: Rows) -> tuple[Batch, Rows]:
    """The orders of the day after, and the corrected versions of those sold before."""
    count = 10 * len(sold)
    buyers = rng.choice(company.buyer, count)
    rows = clean_rows(rng, np.full(count, NEXT, np.int16), buyers, company.spend, len(company.day))
    rows["entry"] = SHOP
    corrected = sold.copy()
    corrected["cents"] += 1_000
    corrected["changed_second"] += SECONDS_OF_DAY
    none = np.empty(0, np.int64)
    return Batch(rows, np.full(count, -1), rows[:0], none), corrected


def _write_customers(
    exports: Exports, company: Company, recipe: Recipe, truths: Sequence[Truth]
) -> None:
    for number, first in enumerate(range(0, len(company.created), ROWS_PER_PART)):
        rng = np.random.default_rng([recipe.seed, 3, number])
        count = min(ROWS_PER_PART, len(company.created) - first)
        customers = draw_customers(rng, company, first, count, recipe.dirt)
        exports.write("customers", customers.table)
        for truth in truths:
            truth.add_customers(first, customers.day, customers.planted)


def _sources(recipe: Recipe) -> dict[str, Any]:
    def entry(path: str, **more: str) -> dict[str, str]:
        return {"from": "files", "path": f"{path}.{recipe.format}", **more}

    return {
        "timezone": TIMEZONE,
        "base_currency": BASE,
        "tables": {
            "customers": [entry("customers")],
            "orders": [entry(f"orders_{name}*", name=name) for name in ENTRIES.values()],
            "refunds": [entry("refunds")],
            "exchange_rates": [entry("exchange_rates")],
        },
    }


def main() -> None:
    """Generate as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--orders", type=int, default=Recipe.orders)
    parser.add_argument("--dirt", type=float, default=Recipe.dirt)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--format", choices=("parquet", "csv"), default=Recipe.format)
    arguments = vars(parser.parse_args())
    manifest = generate(arguments.pop("folder"), Recipe(**arguments))
    print(json.dumps(manifest["days"][AS_OF.isoformat()]["totals"], indent=2))


if __name__ == "__main__":
    main()
