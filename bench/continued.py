"""Measure a day that continues the warehouse, over a home that `bench.limited` has left.

    python -m bench.limited --orders 100000000 --memory-limit 2GiB
    python -m bench.continued --orders 100000000 --memory-limit 12GiB

The first day is built anew once more, under a limit of its own or none; then the small batch of the
next day arrives and is run. What both share, start-up and publishing included, is in both. Ends
with an error when published totals are not those that the generator knows. `bench.releasing` may
follow.
"""

import argparse
from dataclasses import asdict

from bench.company import AS_OF, TOMORROW
from bench.generate import Recipe
from bench.home import Home, models_of
from bench.results import keep

# Of staging and facts, the seconds in which at least one model was being built.
MEASURES = {
    "again": "everything anew",
    "next": "the next day, with a small batch",
    "anew_facts": "staging and facts, everything anew",
    "next_facts": "staging and facts of the next day",
}


def main() -> None:
    """Run, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.continued", description=__doc__)
    parser.add_argument("--orders", type=int, default=Recipe.orders)
    parser.add_argument("--memory-limit", help="of both days; none when left out")
    chosen = parser.parse_args()
    orders, memory_limit = chosen.orders, chosen.memory_limit
    home = Home(Recipe(orders), memory_limit=memory_limit)
    facts = models_of("staging", "facts")
    home.forget_warehouse()
    again = home.run_day(AS_OF)
    anew_facts = home.model_seconds(facts)
    home.bring_next_day()
    following = home.run_day(TOMORROW)
    next_facts = home.model_seconds(facts)
    print(f"{orders:,} orders: everything anew {again.seconds:.1f} s, the next day", end=" ")
    print(f"{following.seconds:.1f} s; staging and facts {anew_facts:.1f} s and {next_facts:.1f} s")
    found = {
        "orders": orders,
        "memory_limit": memory_limit,
        "again": asdict(again),
        "next": asdict(following),
        "anew_facts": anew_facts,
        "next_facts": next_facts,
    }
    keep(f"continued-{orders}", found)


if __name__ == "__main__":
    main()
