"""Measure a first run of many orders under a limit of memory.

    python -m bench.limited --orders 100000000 --memory-limit 2GiB

The limit is that of TIERS_MEMORY_LIMIT: of the engine, in dbt and beside it. What the process holds
at most is what is told: Python and what the engine does not count come to most of a GiB more, so
2GiB is for a process that is to stay within 3. Ends with an error when the published totals are not
those that the generator knows. The home stays, for `bench.releasing`.
"""

import argparse
from dataclasses import asdict

from bench.company import AS_OF
from bench.generate import Recipe
from bench.home import Home
from bench.results import keep


def main() -> None:
    """Run, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.limited", description=__doc__)
    parser.add_argument("--orders", type=int, default=Recipe.orders)
    parser.add_argument("--memory-limit", default="2GiB")
    chosen = parser.parse_args()
    home = Home(Recipe(chosen.orders), memory_limit=chosen.memory_limit)
    home.begin()
    took = home.run_day(AS_OF)
    print(
        f"{chosen.orders:,} orders with TIERS_MEMORY_LIMIT={chosen.memory_limit}:"
        f" {took.seconds:.1f} s, {took.cpu_seconds:.1f} CPU s, {took.peak_gib:.2f} GiB at most"
    )
    found = {"orders": chosen.orders, "memory_limit": chosen.memory_limit, **asdict(took)}
    keep(f"limited-{chosen.orders}", found)


if __name__ == "__main__":
    main()
