"""A policy that is edited between two days: what the days before know nothing of, or of no more."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml
from oracle.workshop import Found, Statement, Workshop
from replayed_company import small_policy

from orchestration.policy import load_policy
from orchestration.settings import Settings

# What dbt sends to the engine for each policy, by its hash: it depends on nothing else.
SENT: dict[str, dict[Found, Sequence[Statement]]] = {}
FIRST = date(2024, 5, 10)
NEEDS = {"big": "net_amount > 100", "any": "order_count > 0"}


def labels(needs: dict[str, str]) -> dict[str, object]:
    """A scheme where several classes may fit."""
    classes = [{"code": code, "en": code, "zh": code, "when": when} for code, when in needs.items()]
    label = {"en": "Need", "zh": "需求"}
    return {"id": "need", "kind": "rules", "many": True, "label": label, "classes": classes}


def ladder(scheme: str, bound: int, **more: object) -> dict[str, object]:
    """Two classes by the spend of a year."""
    classes = [{"code": "high", "en": "High", "zh": "高", "at_least": bound}]
    rest = {"code": "low", "en": "Low", "zh": "低"}
    label = {"en": scheme, "zh": scheme}
    by = {"by": "net_amount_365d", "classes": [*classes, rest]}
    return {"id": scheme, "kind": "ladder", "label": label, **by, **more}


PLAIN, HELD = ladder("held", 40), ladder("held", 40, hold={"days": 30})
OTHER = ladder("other", 1000)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One home for all tests of this module: dbt parses the project once per policy."""
    folder = tmp_path_factory.mktemp("edited")
    return Settings(home=folder / "home", policy_dir=small_policy(folder / "policy"))


class Edited:
    """Two customers who bought for 150 and for 50, and a policy that is another on each day."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.buy(FIRST, a=150, b=50)
        orders = {"orders": [{"from": "files", "path": "orders_*.csv"}]}
        source = {"timezone": "UTC", "base_currency": "EUR", "tables": orders}
        (folder / "sources.yml").write_text(yaml.safe_dump(source), "utf-8")
        self.workshop = Workshop(
            settings, selection=("--select", "+class_history", "+class_changes")
        )
        self.workshop.pull([folder / "sources.yml"])

    def buy(self, day: date, **amounts: int) -> None:
        """One order of each customer; it may be a credit note."""
        rows = [f"{who}-{day},{who},{day},{amount}" for who, amount in amounts.items()]
        lines = ["order_id,customer_id,ordered_at,amount", *rows, ""]
        (self.folder / f"orders_{day}.csv").write_text("\n".join(lines), "utf-8")

    def run(self, days: int, *schemes: dict[str, object]) -> None:
        """Decide a day, so many after the first, by these schemes."""
        theme = {"name": "small", "config": {"meta": {"schemes": list(schemes)}}}
        file = self.workshop.settings.policy_dir / "small.yml"
        file.write_text(yaml.safe_dump({"models": [theme]}), "utf-8")
        self.workshop.policy = load_policy(self.workshop.settings.policy_dir)
        self.workshop.statements = SENT.setdefault(self.workshop.policy.hash, {})
        self.workshop.land(self.folder / "sources.yml")
        self.workshop.make(FIRST + timedelta(days))
        self.workshop.commit(FIRST + timedelta(days))

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(self.workshop.settings.warehouse, read_only=True) as warehouse:
            return warehouse.execute(query).fetchall()


@pytest.fixture
def edited(settings: Settings, tmp_path: Path) -> Edited:
    return Edited(tmp_path, settings)


def test_a_label_that_is_new_takes_none_away_from_who_had_others(edited: Edited) -> None:
    edited.run(0, labels(NEEDS))
    edited.run(1, labels({"great": "net_amount > 120"} | NEEDS))

    moves = edited.ask("select customer_id, from_class, to_class from classification.class_changes")
    assert moves == [("a", "big; any", "great; big; any")]


@pytest.mark.parametrize("between", ["no scheme", "no hold"])
def test_what_was_held_comes_back_for_all_or_none_after_a_day_without(
    between: str, edited: Edited
) -> None:
    edited.run(0, HELD, OTHER)
    # Another scheme writes the row of one of them on the day between.
    edited.buy(FIRST + timedelta(1), a=1000)
    edited.run(1, *([PLAIN] if between == "no hold" else []), OTHER)
    edited.buy(FIRST + timedelta(2), a=-1140, b=-40)
    edited.run(2, HELD, OTHER)

    assert edited.ask("select held_computed, held from classification.customer_classes") == [
        ("low", "low"),
        ("low", "low"),
    ]


def test_a_day_without_a_scheme_is_one_without_its_classes(edited: Edited) -> None:
    edited.run(0, PLAIN, OTHER)
    edited.run(1, OTHER)
    edited.run(2, PLAIN, OTHER)

    found = edited.ask(
        "select customer_id, as_of_date - date '2024-05-10', held"
        " from classification.class_history order by all"
    )
    assert found == [
        ("a", 0, "high"),
        ("a", 1, None),
        ("a", 2, "high"),
        ("b", 0, "high"),
        ("b", 1, None),
        ("b", 2, "high"),
    ]
