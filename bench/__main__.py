"""Measure the daily job against the script and its peers, over generated companies.

    python -m bench --orders 100000 1000000 10000000

For each size: generates the company once, runs its first day from the exports to `published`, the
script and the peers over the same landing, the same day with the warehouse built anew, and the next
day with a small batch, which continues it; prints what each took, and keeps it for
docs/PERFORMANCE.md. Ends with an error when the tables of the script differ in a byte, when a
checksum of a peer's facts does, or when the published totals are not those that the generator
knows.
"""

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from bench.company import AS_OF, TOMORROW
from bench.generate import Recipe
from bench.home import Home, models_of
from bench.measure import Measured
from bench.results import keep

# What classifies, once the facts are there: the models, and the parts of the script.
CLASSIFYING = ("fact_cuts", "score_cuts", "customer_classes")
SCRIPT_CLASSIFYING = ("cuts", "classes")
PEERS = ("polars", "pandas")
NAMES = {
    "script": "script: landing to two tables",
    "polars": "polars: landing to the facts",
    "pandas": "pandas: landing to the facts",
    "first": "first run: exports to published",
    "again": "the same day, everything anew",
    "next": "the next day, with a small batch",
    "models": "models of the first run",
    "script_facts": "  of the script: facts",
    "script_classes": "  of the script: cuts and classes",
    "model_classes": "  of the models: cuts and classes",
    "anew_facts": "staging and facts, everything anew",
    "next_facts": "staging and facts of the next day",
}
# What a part is held against, if not against the whole script.
AGAINST = {
    "polars": "script_facts",
    "pandas": "script_facts",
    "script_facts": "script_facts",
    "script_classes": "script_classes",
    "model_classes": "script_classes",
    "anew_facts": "anew_facts",
    "next_facts": "anew_facts",
}


def contest(home: Home) -> dict[str, Measured | float]:
    """What each part took: a process as a whole, a part of one in seconds."""
    home.begin()
    first = home.run_day(AS_OF)
    models, classes = home.model_seconds(), home.model_seconds(CLASSIFYING)
    found: dict[str, Measured | float] = {"script": home.run_script()}
    found |= {peer: home.run_peer(peer) for peer in PEERS}
    home.forget_warehouse()
    found |= {"first": first, "again": home.run_day(AS_OF)}
    facts = models_of("staging", "facts")
    found["anew_facts"] = home.model_seconds(facts)
    home.bring_next_day()
    return found | {
        "next": home.run_day(TOMORROW),
        "next_facts": home.model_seconds(facts),
        "models": models,
        "script_facts": home.script_seconds(("staging", "sums", "facts")),
        "script_classes": home.script_seconds(SCRIPT_CLASSIFYING),
        "model_classes": classes,
    }


def table(orders: int, found: Mapping[str, Measured | float]) -> str:
    """What was found, for people."""
    lines = [f"{orders:,} orders, {orders // 10:,} customers, generated."]
    lines += [f"{'':34}{'seconds':>9}{'ratio':>7}{'CPU s':>8}{'peak GiB':>10}"]
    for name, title in NAMES.items():
        took = found[name]
        ratio = seconds(took) / seconds(found[AGAINST.get(name, "script")])
        more = f"{took.cpu_seconds:8.1f}{took.peak_gib:10.2f}" if isinstance(took, Measured) else ""
        lines.append(f"{title:34}{seconds(took):9.1f}{ratio:7.2f}{more}")
    return "\n".join(lines)


def seconds(took: Measured | float) -> float:
    """Wall seconds."""
    return took.seconds if isinstance(took, Measured) else took


def main() -> None:
    """Measure each size, print it and keep it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[Recipe.orders])
    parser.add_argument("--dirt", type=float, default=Recipe.dirt)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    chosen = parser.parse_args()
    for orders in chosen.orders:
        found = contest(Home(Recipe(orders, chosen.dirt, chosen.seed)))
        print(table(orders, found), flush=True)
        parts = {
            name: asdict(took) if isinstance(took, Measured) else took
            for name, took in found.items()
        }
        keep(f"orders-{orders}", {"orders": orders, **parts})
    print("Script and job wrote the same bytes, the peers the same facts; all totals are true.")


if __name__ == "__main__":
    main()
