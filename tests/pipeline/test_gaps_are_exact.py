"""Every gap that is stated is true: applying it reaches the next class, one step less does not.

Held against the SQL of the theme that classifies, not against that of the explanations: its CASE is
evaluated again over customers with the one measure set, and all else as it is.
"""

from collections.abc import Iterator

import pytest
from explained import Explained, explained_in

# On which side of its bound a class is lost is told in words.
IS_LEAST = "contains(loses_en, ' falls below ')"


@pytest.fixture(scope="module", params=["example", "synthetic"])
def explained(request: pytest.FixtureRequest) -> Iterator[Explained]:
    with explained_in(request.getfixturevalue(request.param)) as opened:
        yield opened


def test_a_stated_gap_reaches_the_next_class_and_a_step_less_does_not(explained: Explained) -> None:
    stated = explained.measures("gap")
    assert len(stated) > 20
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
    assert len(stated) > 20
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
