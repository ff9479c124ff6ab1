"""What stands between the computed class and the final one: a hold, and what a person declared.

Three hundred customers spend at random over nine months of runs, some days apart, some months.
Every customer's path is held against the promises of the policy.
"""

import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml
from oracle.workshop import Workshop

from orchestration.settings import Settings

CUSTOMERS = 300
LEVELS = ("top", "high", "mid", "low")
BOUNDS = (300, 200, 100, None)
FIRST = date(2024, 11, 20)
# Days between runs: daily, weekly, and gaps that skip a review or two.
STEPS = (1, 4, 1, 23, 7, 1, 40, 1, 9, 15, 1, 61, 2, 30, 5, 26, 1, 45, 3, 20)
DAYS = [FIRST + timedelta(sum(STEPS[:count])) for count in range(len(STEPS) + 1)]
FLIP_DAYS = 90
DECLARED_DAYS = 30


@dataclass(frozen=True)
class Hold:
    """One hold of the policy, and the scheme that has it."""

    scheme: str
    days: int
    steps: int = 1
    review_day: int | None = None

    def as_policy(self) -> dict[str, int]:
        review = {"review_day": self.review_day} if self.review_day else {}
        return {"days": self.days, "steps": self.steps, **review}

    def is_due(self, since: date, before: date, day: date) -> bool:
        """Whether a review after one run and not after the next finds a fall old enough."""
        between = [before + timedelta(n) for n in range(1, (day - before).days + 1)]
        reviews = [each for each in between if each.day == self.review_day]
        found = reviews if self.review_day else [day]
        return any((review - since).days >= self.days for review in found)


HOLDS = (
    Hold("reviewed", days=60, steps=1, review_day=25),
    Hold("any_run", days=20, steps=2),
    Hold("short", days=1),
)


@dataclass(frozen=True)
class Seen:
    """One customer in one scheme after one run."""

    day: date
    computed: int
    held: int
    below_since: date | None


def write_policy(folder: Path) -> None:
    """A ladder by the spend of 30 days for each hold, and what a person may set, held or not."""
    ladder = {
        "kind": "ladder",
        "label": {"en": "Level", "zh": "等级"},
        "population": "order_count > 0",
        "by": "net_amount_30d",
        "classes": [
            {"code": code, "en": code, "zh": code} | ({"at_least": bound} if bound else {})
            for code, bound in zip(LEVELS, BOUNDS, strict=True)
        ],
    }
    declared = {"days": DECLARED_DAYS}
    schemes = [
        *({"id": hold.scheme, **ladder, "hold": hold.as_policy()} for hold in HOLDS),
        {"id": "set_by_hand", **ladder, "declared": declared},
        {"id": "held_too", **ladder, "hold": {"days": 60}, "declared": declared},
    ]
    theme = {"name": "levels", "config": {"meta": {"schemes": schemes}}}
    folder.mkdir()
    (folder / "levels.yml").write_text(yaml.safe_dump({"models": [theme]}), "utf-8")
    (folder / "levels.sql").write_text("{{ classify() }}\n", "utf-8")
    (folder / "themes.txt").write_text("levels\n", "utf-8")


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def write_company(folder: Path) -> list[tuple[str, str, date, str, date | None]]:
    """Orders on the days of runs; returns what was declared: customer, scheme, day, class, end."""
    chance = Random(7)
    customers = [f"c{number:03}" for number in range(CUSTOMERS)]
    orders = [
        (f"{customer}-{day}", customer, day, chance.choice([20, 60, 110, 180, 260, 350]))
        for day in DAYS
        for customer in customers
        if day == FIRST or chance.random() < 0.5
    ]
    write_csv(folder / "orders.csv", ("order_id", "customer_id", "ordered_at", "amount"), orders)
    declared = {}
    for _ in range(400):
        day = chance.choice(DAYS) - timedelta(chance.randrange(3))
        end = day + timedelta(chance.randrange(40)) if chance.random() < 0.3 else None
        scheme = chance.choice(["set_by_hand", "held_too"])
        key = (chance.choice(customers), scheme, day)
        declared[key] = (chance.choice([*LEVELS, "golden"]), end)
    rows = [(*key, code, end) for key, (code, end) in declared.items()]
    header = "customer_id", "scheme", "declared_at", "class_code", "valid_to", "author", "reason"
    written = [(*row[:4], row[4] or "", "a manager", "a visit") for row in rows]
    write_csv(folder / "declared.csv", header, written)
    source = {
        "timezone": "UTC",
        "base_currency": "EUR",
        "tables": {
            "orders": [{"from": "files", "path": "orders.csv"}],
            "declared_classes": [{"from": "files", "path": "declared.csv"}],
        },
    }
    (folder / "sources.yml").write_text(yaml.safe_dump(source), "utf-8")
    return rows


@dataclass(frozen=True)
class Story:
    """What was declared, and every row of customer_classes after each run, by day and customer."""

    declared: list[tuple[str, str, date, str, date | None]]
    rows: dict[date, dict[str, dict[str, object]]]
    changes: list[dict[str, object]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("levels")
    write_policy(folder / "policy")
    declared = write_company(folder)
    settings = Settings(home=folder / "home", policy_dir=folder / "policy")
    workshop = Workshop(settings, selection=("--select", "+class_history", "+class_changes"))
    workshop.pull([folder / "sources.yml"])
    rows = {}
    for day in DAYS:
        workshop.make(day)
        workshop.commit(day)
        read = asked(workshop, "select * from classification.customer_classes")
        rows[day] = {str(row["customer_id"]): row for row in read}
    changes = asked(workshop, "select * from classification.class_changes")
    return Story(declared, rows, changes)


def asked(workshop: Workshop, query: str) -> list[dict[str, object]]:
    with duckdb.connect(workshop.settings.warehouse, read_only=True) as warehouse:
        found = warehouse.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def path_of(story: Story, customer: str, scheme: str) -> list[Seen]:
    seen = []
    for day, rows in story.rows.items():
        row = rows[customer]
        since = row[f"{scheme}_below_since"]
        assert since is None or isinstance(since, date)
        computed, held = (
            LEVELS.index(str(row[f"{scheme}_{which}"])) for which in ("computed", "held")
        )
        seen.append(Seen(day, computed, held, since))
    return seen


def customers_of(story: Story) -> list[str]:
    return sorted(story.rows[FIRST])


@pytest.mark.parametrize("hold", HOLDS, ids=lambda hold: hold.scheme)
def test_a_rise_is_immediate_and_a_fall_waits_and_keeps_to_its_steps(
    hold: Hold, story: Story
) -> None:
    falls = 0
    for customer in customers_of(story):
        path = path_of(story, customer, hold.scheme)
        assert path[0].held == path[0].computed
        for before, now in itertools.pairwise(path):
            if now.computed <= before.held:
                assert now.held == now.computed, "a rise is never late"
                continue
            if hold.is_due(before.below_since or now.day, before.day, now.day):
                falls += 1
                assert now.held == min(before.held + hold.steps, now.computed)
            else:
                assert now.held == before.held, "no fall before its days, or without a review"
    assert falls > 100, "the story has to try what it tests"


@pytest.mark.parametrize("hold", HOLDS, ids=lambda hold: hold.scheme)
def test_the_date_of_a_wait_is_the_first_run_below_and_goes_when_it_ends(
    hold: Hold, story: Story
) -> None:
    for customer in customers_of(story):
        first_below = None
        for seen in path_of(story, customer, hold.scheme):
            first_below = (first_below or seen.day) if seen.computed > seen.held else None
            assert seen.below_since == first_below


@pytest.mark.parametrize("hold", HOLDS[:2], ids=lambda hold: hold.scheme)
def test_a_hold_lets_fewer_customers_flip(
    hold: Hold, story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [path_of(story, customer, hold.scheme) for customer in customers_of(story)]
    without = sum(flips([(seen.day, seen.computed) for seen in path]) for path in paths)
    with_hold = sum(flips([(seen.day, seen.held) for seen in path]) for path in paths)
    with capsys.disabled():
        print(
            f"\n{hold.scheme} ({hold.as_policy()}): {without} flips within {FLIP_DAYS} days "
            f"without the hold, {with_hold} with it"
        )
    assert with_hold < without


def flips(path: Sequence[tuple[date, int]]) -> int:
    """How often a customer is back in a class that it left at most so many days ago."""
    left: dict[int, date] = {}
    count = 0
    for (_, before), (day, now) in itertools.pairwise(path):
        if now != before:
            count += now in left and (day - left[now]).days <= FLIP_DAYS
            left[before] = day
    return count


@pytest.mark.parametrize("scheme", ["set_by_hand", "held_too"])
def test_a_declaration_wins_until_it_expires_and_the_hold_goes_on_beneath_it(
    scheme: str, story: Story
) -> None:
    in_force = 0
    for day, rows in story.rows.items():
        for customer, row in rows.items():
            declared = declared_at(story, customer, scheme, day)
            in_force += declared is not None
            assert row[f"{scheme}_declared"] == declared
            beneath = row["held_too_held"] if scheme == "held_too" else row[f"{scheme}_computed"]
            assert row[scheme] == (declared or beneath)
    assert in_force > 100, "the story has to try what it tests"


def declared_at(story: Story, customer: str, scheme: str, day: date) -> str | None:
    made = [
        (begin, code, end)
        for who, what, begin, code, end in story.declared
        if (who, what) == (customer, scheme) and begin <= day and code in LEVELS
    ]
    if not made:
        return None
    begin, code, end = max(made, key=lambda each: each[0])
    is_over = day >= begin + timedelta(DECLARED_DAYS) or (end is not None and day > end)
    return None if is_over else code


def test_each_change_says_whether_data_a_hold_or_a_declaration_caused_it(story: Story) -> None:
    causes = {
        scheme: {row["cause"] for row in story.changes if row["scheme"] == scheme}
        for scheme in ("reviewed", "set_by_hand", "held_too")
    }
    # A hold makes all falls of its scheme; data makes the rises.
    assert causes["reviewed"] == {"data", "hold"}
    assert causes["set_by_hand"] == {"data", "declared"}
    assert causes["held_too"] == {"data", "declared", "hold"}
    for row in story.changes:
        if row["scheme"] == "reviewed":
            fell = LEVELS.index(str(row["to_class"])) > LEVELS.index(str(row["from_class"]))
            assert fell == (row["cause"] == "hold")
