"""Every gap that is stated is true: applying it reaches the next class, one step less does not.

Held against the SQL of the theme that classifies, not against that of the explanations: its CASE is
evaluated again over customers with the one measure set, and all else as it is.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
import yaml
from explained import Explained, explained_in, write_policy
from oracle.workshop import Workshop

from orchestration.settings import Settings

POLICY = Path(__file__).with_name("awkward_policy.yml")
AMOUNTS = (-30, 5, 9.9999, 10, 20, 29.9999, 50, 60, 99.9999, 100)

# On which side of its bound a class is lost is told in words.
IS_LEAST = "contains(loses_en, ' falls below ')"


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Eighty customers, and a policy whose bounds lie between the steps of its columns."""
    folder = tmp_path_factory.mktemp("awkward")
    write_policy(folder / "policy", POLICY)
    chance = Random(3)
    customers = [f"c{number:02}" for number in range(80)]
    orders = [
        f"{who}-{number},{who},2024-0{chance.randrange(1, 7)}-11,{chance.choice(AMOUNTS)}"
        for who in customers
        for number in range(chance.randrange(6))
    ]
    exports = {"customers": ["customer_id", *customers]}
    exports["orders"] = ["order_id,customer_id,ordered_at,amount", *orders]
    for name, lines in exports.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    tables = {name: [{"from": "files", "path": f"{name}.csv"}] for name in exports}
    source = {"timezone": "UTC", "base_currency": "EUR", "tables": tables}
    (folder / "sources.yml").write_text(yaml.safe_dump(source), "utf-8")
    settings = Settings(home=folder / "home", policy_dir=folder / "policy")
    workshop = Workshop(settings, reasons=True)
    workshop.pull([folder / "sources.yml"])
    workshop.make(date(2024, 6, 30))
    return settings


@pytest.fixture(scope="module", params=["example", "synthetic", "awkward"])
def explained(request: pytest.FixtureRequest) -> Iterator[Explained]:
    with explained_in(request.getfixturevalue(request.param)) as opened:
        yield opened


def test_a_stated_gap_reaches_the_next_class_and_a_step_less_does_not(explained: Explained) -> None:
    stated = explained.measures("gap")
    assert len(stated) > 7
    for scheme, measure in stated:
        short = f"gap_bound - sign(gap) * {explained.step(measure)}"
        at_it = explained.reached(scheme, measure, "gap", "gap_bound")
        before = explained.reached(scheme, measure, "gap", short)
        missed = f"from {at_it} where reached is distinct from next_class limit 5"
        too_far = f"from {before} where reached is not distinct from next_class limit 5"
        assert explained.rows(missed) == [], (scheme, measure)
        assert explained.rows(too_far) == [], (scheme, measure)


def test_a_class_is_kept_up_to_the_stated_bound_and_lost_a_step_beyond_it(
    explained: Explained,
) -> None:
    stated = explained.measures("loses")
    assert len(stated) > 7
    for scheme, measure in stated:
        beyond = (
            f"loses_below + (case when {IS_LEAST} then -1 else 1 end) * {explained.step(measure)}"
        )
        at_it = explained.reached(scheme, measure, "loses", "loses_below")
        after = explained.reached(scheme, measure, "loses", beyond)
        lost = f"from {at_it} where reached is distinct from class_code limit 5"
        kept = f"from {after} where reached is distinct from loses_class limit 5"
        assert explained.rows(lost) == [], (scheme, measure)
        assert explained.rows(kept) == [], (scheme, measure)
