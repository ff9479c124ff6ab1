"""Write a synthetic company as source exports, with a manifest of what is true about it.

    python -m bench.generate FOLDER --orders 1000000

Same seed, same bytes. Rows are written part by part; of all orders only day and buyer stay in
memory.
"""

import argparse
import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench import dirt
from bench.company import AS_OF, FIRST_DAY, LAST, NEXT, Company, Ints, found_company
from bench.exports import Exports, write_sources
from bench.orders import SHOP, Batch, Rows, clean_rows, draw_orders, draw_rates, order_texts
from bench.people import ORPHAN, draw_customers, draw_refunds, exchange_rates
from bench.texts import SECONDS_OF_DAY
from bench.truth import Truth

ROWS_PER_PART = 500_000
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


def generate(folder: Path, recipe: Recipe) -> dict[str, Any]:
    """Write `exports/` with its sources.yml, `next_day/` and the manifest, which is returned.

    Raises FileExistsError when the folder is there already.
    """
    folder.mkdir(parents=True)
    drawn = _Drawing(recipe)
    with ExitStack() as closing:
        exports = Exports(folder / EXPORTS, recipe.format, closing)
        sold = drawn.orders(exports)
        drawn.rates_of_days(exports)
        drawn.next_day(Exports(folder / NEXT_DAY, recipe.format, closing), sold)
        # After all orders: who has ordered is a customer.
        drawn.customers(exports)
    write_sources(folder / EXPORTS, recipe.format)
    manifest = drawn.manifest()
    # Last, so that a folder with a manifest is whole.
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return manifest


class _Drawing:
    """One company being drawn and written, and the truth about each of its two days."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._company: Company = found_company(recipe.seed, recipe.orders)
        self._rates: Ints = draw_rates(recipe.seed)
        self._truths = {day: Truth(day, len(self._company.created)) for day in (LAST, NEXT)}

    def orders(self, exports: Exports) -> Rows:
        """Orders and their refunds; returns some of the last clean ones, to be corrected later."""
        count = len(self._company.day)
        for first in range(0, count, ROWS_PER_PART):
            rng = np.random.default_rng([self._recipe.seed, 2, first])
            part = slice(first, min(first + ROWS_PER_PART, count))
            batch = draw_orders(rng, self._company, part, self._recipe.dirt)
            refunds = draw_refunds(rng, batch, self._rates, self._recipe.dirt)
            exports.write_orders("orders", batch)
            exports.write("refunds", refunds.table)
            for truth in self._truths.values():
                truth.add_orders(batch, self._rates)
                truth.add_refunds(refunds.day, refunds.amounts, refunds.planted, ORPHAN)
        is_clean = (batch.planted < 0) & (batch.rows["entry"] == SHOP)
        sold: Rows = batch.rows[is_clean][-max(count // 10_000, 5) :]
        return sold

    def rates_of_days(self, exports: Exports) -> None:
        """The exchange rates."""
        rng = np.random.default_rng([self._recipe.seed, 3])
        part = exchange_rates(rng, self._rates, self._recipe.dirt)
        exports.write("exchange_rates", part.table)
        for truth in self._truths.values():
            truth.count_rows("exchange_rates", part.planted, dirt.EXCHANGE_RATES)

    def next_day(self, exports: Exports, sold: Rows) -> None:
        """The orders of the day after, and corrected versions of those sold before."""
        rng = np.random.default_rng([self._recipe.seed, 4])
        count = 10 * len(sold)
        day = np.full(count, NEXT, np.int16)
        buyers = rng.choice(self._company.buyer, count)
        new = clean_rows(rng, day, buyers, self._company.spend, len(self._company.day))
        new["entry"] = SHOP
        corrected = sold.copy()
        corrected["cents"] += 1_000
        corrected["changed_second"] += SECONDS_OF_DAY
        exports.write("orders_shop_next", order_texts(np.concatenate([new, corrected]), SHOP))
        truth = self._truths[NEXT]
        truth.add_orders(Batch(new, np.full(count, -1), new[:0]), self._rates)
        truth.correct_orders(sold, corrected, self._rates)

    def customers(self, exports: Exports) -> None:
        """The customers."""
        count = len(self._company.created)
        for first in range(0, count, ROWS_PER_PART):
            rng = np.random.default_rng([self._recipe.seed, 5, first])
            part = min(ROWS_PER_PART, count - first)
            customers = draw_customers(rng, self._company, first, part, self._recipe.dirt)
            exports.write("customers", customers.table)
            for truth in self._truths.values():
                truth.add_customers(first, customers.day, customers.planted)

    def manifest(self) -> dict[str, Any]:
        """What was drawn, and what is true about it."""
        return {
            "synthetic": True,
            **asdict(self._recipe),
            "customers": len(self._company.created),
            "days": {
                (FIRST_DAY + timedelta(day)).isoformat(): truth.described()
                for day, truth in self._truths.items()
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
