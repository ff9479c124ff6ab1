"""What is held while a class falls: by hand, and what must be true of any sequence of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.hold import Held, hold_step

ORDER = ("diamond", "gold", "silver", "basic")
FIRST = date(2024, 1, 1)
NOTHING = Held(None, None)


@dataclass(frozen=True)
class Terms:
    """How long a fall waits, how far it goes at once, and when it is looked at."""

    days: int = 60
    steps: int = 1
    review_day: int | None = 25

    def step(self, held: Held, computed: str | None, before: date | None, day: date) -> Held:
        """What is held after a run."""
        return hold_step(
            *held,
            computed,
            before,
            day,
            days=self.days,
            steps=self.steps,
            review_day=self.review_day,
            order=ORDER,
        )

    def walk(self, runs: Sequence[tuple[date, str | None]]) -> list[Held]:
        """What is held after each of several runs."""
        held, before, walked = NOTHING, None, []
        for day, computed in runs:
            held = self.step(held, computed, before, day)
            before = day
            walked.append(held)
        return walked


def fall(since: date) -> Held:
    """Gold is held, and silver has been computed since a day."""
    return Held("gold", since)


def test_the_first_class_is_held_as_it_is_computed() -> None:
    assert Terms().step(NOTHING, "silver", None, FIRST) == Held("silver", None)


def test_a_rise_is_immediate_and_ends_a_fall() -> None:
    at_once = Terms().step(fall(FIRST), "diamond", FIRST, FIRST + timedelta(1))
    assert at_once == Held("diamond", None)
    assert Terms().step(fall(FIRST), "gold", FIRST, FIRST + timedelta(1)) == Held("gold", None)


def test_a_fall_waits_from_the_first_run_that_saw_it() -> None:
    day = date(2024, 3, 25)
    assert Terms().step(Held("gold", None), "silver", FIRST, day) == fall(day)


@pytest.mark.parametrize(
    ("since", "before", "day", "expected"),
    [
        (date(2024, 1, 25), date(2024, 3, 24), date(2024, 3, 25), Held("silver", None)),
        (date(2024, 1, 26), date(2024, 3, 24), date(2024, 3, 25), fall(date(2024, 1, 26))),
        (date(2024, 1, 25), date(2024, 3, 25), date(2024, 4, 24), fall(date(2024, 1, 25))),
        (date(2024, 1, 25), date(2024, 3, 25), date(2024, 4, 25), Held("silver", None)),
        (date(2024, 1, 25), date(2024, 3, 24), date(2024, 4, 10), Held("silver", None)),
        (date(2024, 1, 26), date(2024, 3, 24), date(2024, 4, 10), fall(date(2024, 1, 26))),
        (date(2024, 1, 25), date(2024, 3, 26), date(2024, 4, 10), fall(date(2024, 1, 25))),
    ],
)
def test_a_fall_of_60_days_goes_down_when_the_25th_lies_after_the_run_before(
    since: date, before: date, day: date, expected: Held
) -> None:
    assert Terms().step(fall(since), "silver", before, day) == expected


def test_a_deep_fall_goes_one_step_a_review_and_waits_no_second_time() -> None:
    held = Held("diamond", FIRST)
    down = Terms().step(held, "basic", date(2024, 3, 24), date(2024, 3, 25))
    assert down == Held("gold", FIRST)
    same_month = Terms().step(down, "basic", date(2024, 3, 25), date(2024, 3, 26))
    assert same_month == down
    next_month = Terms().step(down, "basic", date(2024, 4, 24), date(2024, 4, 25))
    assert next_month == Held("silver", FIRST)


def test_many_reviews_in_one_gap_are_one_review() -> None:
    held = Terms().step(Held("diamond", FIRST), "basic", date(2024, 2, 1), date(2024, 6, 30))
    assert held == Held("gold", FIRST)


def test_more_steps_go_no_deeper_than_what_is_computed() -> None:
    day = date(2024, 4, 25)
    terms = Terms(steps=3)
    assert terms.step(Held("diamond", FIRST), "silver", FIRST, day) == Held("silver", None)
    assert terms.step(Held("diamond", FIRST), "basic", FIRST, day) == Held("basic", None)


def test_without_a_review_day_every_run_is_a_review() -> None:
    terms = Terms(days=1, review_day=None)
    runs = [(FIRST + timedelta(n), code) for n, code in enumerate(["gold", *["basic"] * 3])]
    assert [held.code for held in terms.walk(runs)] == ["gold", "gold", "silver", "basic"]


@pytest.mark.parametrize("computed", [None, "unclassified"])
def test_nothing_is_held_outside_the_population_and_a_return_starts_anew(
    computed: str | None,
) -> None:
    held = Terms().step(fall(FIRST), computed, FIRST, FIRST + timedelta(1))
    assert held == NOTHING
    assert Terms().step(held, "basic", FIRST, FIRST + timedelta(2)) == Held("basic", None)


def test_a_class_that_the_policy_no_longer_has_is_not_held() -> None:
    held = Held("iron", FIRST)
    assert Terms().step(held, "basic", FIRST, FIRST + timedelta(1)) == Held("basic", None)


# Any sequence of runs: the days between them, and what is computed on each.
codes = st.sampled_from([*ORDER, *ORDER, None, "unclassified"])
runs = st.lists(st.tuples(st.integers(1, 70), codes), min_size=1, max_size=40).map(
    lambda gaps: [
        (FIRST + timedelta(sum(gap for gap, _ in gaps[: place + 1])), computed)
        for place, (_, computed) in enumerate(gaps)
    ]
)
terms = st.builds(
    Terms,
    days=st.integers(1, 120),
    steps=st.integers(1, 4),
    review_day=st.none() | st.integers(1, 28),
)


def rank(code: str | None) -> int:
    """0 for the best class."""
    assert code is not None
    return ORDER.index(code)


@given(terms, runs)
def test_what_is_held_is_never_below_what_is_computed(
    terms: Terms, runs: list[tuple[date, str | None]]
) -> None:
    for (_, computed), held in zip(runs, terms.walk(runs), strict=True):
        if computed in ORDER:
            assert rank(held.code) <= rank(computed)
            assert (held.below_since is None) == (held.code == computed)
        else:
            assert held == NOTHING


@given(terms, runs)
def test_a_rise_is_never_late(terms: Terms, runs: list[tuple[date, str | None]]) -> None:
    before = NOTHING
    for (_, computed), held in zip(runs, terms.walk(runs), strict=True):
        if computed in ORDER and before.code and rank(computed) <= rank(before.code):
            assert held == Held(computed, None)
        before = held


@given(terms, runs)
def test_nobody_falls_before_the_days_are_over_or_by_more_than_the_steps(
    terms: Terms, runs: list[tuple[date, str | None]]
) -> None:
    walked = terms.walk(runs)
    for place, (day, computed) in enumerate(runs):
        before, held = walked[place - 1] if place else NOTHING, walked[place]
        if computed not in ORDER or before.code is None or rank(held.code) <= rank(before.code):
            continue
        assert rank(held.code) - rank(before.code) <= terms.steps
        seen = [at for at, (ran, _) in enumerate(runs) if (day - ran).days >= terms.days]
        assert seen
        assert all(walked[at].below_since for at in range(seen[-1], place))


@given(terms.filter(lambda terms: terms.review_day is not None), runs)
def test_a_run_between_reviews_that_computes_the_same_changes_nothing(
    terms: Terms, runs: list[tuple[date, str | None]]
) -> None:
    ran = {day for day, _ in runs}
    more = [
        (day + timedelta(1), computed)
        for day, computed in runs
        if day + timedelta(1) not in ran and (day + timedelta(1)).day != terms.review_day
    ]
    days = sorted([*runs, *more], key=lambda run: run[0])
    held = {day: held for (day, _), held in zip(days, terms.walk(days), strict=True)}
    assert [held[day] for day, _ in runs] == terms.walk(runs)
