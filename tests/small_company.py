"""A company of thirty customers who buy now and then, quick enough to run for many days."""

import csv
import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import yaml

from orchestration.definitions import build_definitions
from orchestration.instance import open_instance
from orchestration.progress import Progress, Silent
from orchestration.running import Finished, run_day
from orchestration.settings import Settings

FIRST_DAY = date(2024, 5, 25)
NEXT_DAY = FIRST_DAY + timedelta(1)
# A customer who comes on the next day.
NEWCOMER = "Zq-7731-Erzuk"
CUSTOMERS = 30
COLUMNS = ("order_id", "customer_id", "ordered_at", "amount")
Row = tuple[str, str, str, str]


class SmallCompany:
    """Its source file and exports lie in `folder`, what runs make of them in `settings.home`."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = replace(settings, sources=folder / "sources.yml")

    @classmethod
    def found(cls, folder: Path, settings: Settings) -> "SmallCompany":
        """A new one, with the orders of a hundred days."""
        folder.mkdir(parents=True)
        company = cls(folder, settings)
        company.describe()
        company.export("old", orders_until(FIRST_DAY))
        return company

    def copy(self, folder: Path) -> "SmallCompany":
        """The same in another place, with all that its runs have left."""
        shutil.copytree(self.folder, folder / "exports")
        shutil.copytree(self.settings.home, folder / "home", symlinks=True)
        return SmallCompany(folder / "exports", replace(self.settings, home=folder / "home"))

    def describe(self, **more: object) -> None:
        """Write the source file."""
        orders = [{"from": "files", "path": "orders_*.csv"}]
        described = {
            "timezone": "Asia/Shanghai",
            "base_currency": "CNY",
            "tables": {"orders": orders},
            **more,
        }
        self.settings.sources.write_text(yaml.safe_dump(described), "utf-8")

    def export(
        self, name: str, rows: Iterable[Sequence[str]], columns: Sequence[str] = COLUMNS
    ) -> Path:
        """One more file of orders."""
        path = self.folder / f"orders_{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        return path

    def run(self, day: date = FIRST_DAY, progress: Progress | None = None) -> Finished:
        """Run the daily job for one day."""
        return run_day(self.settings, day, progress or Silent())

    def served(self) -> dict[str, str]:
        """What readers see: where `current` leads, and the hash of each file there."""
        current = self.settings.releases / "current"
        files = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in current.iterdir()
        }
        return {"current": str(current.readlink()), **files}

    def begin(self, job: str) -> dg.DagsterRun:
        """The record of a run of this job that has begun."""
        definition = build_definitions(self.settings).resolve_job_def(job)
        with open_instance(self.settings) as instance:
            return instance.create_run_for_job(definition, status=dg.DagsterRunStatus.STARTED)

    def runs(self) -> list[dg.DagsterRun]:
        """Dagster's records of the runs, the latest first."""
        with open_instance(self.settings) as instance:
            return list(instance.get_runs())


def orders_until(last: date) -> list[Row]:
    """Every customer buys on some of the last hundred days: customer n every n + 2 days."""
    rows = []
    for customer in range(1, CUSTOMERS + 1):
        for ago in range(100 - customer, -1, -(customer + 2)):
            day = last - timedelta(ago)
            amount = f"{customer * 7 + ago}.50"
            rows.append((f"o{customer}-{day}", f"c{customer:02}", f"{day} 12:00:00", amount))
    return rows


def orders_of(day: date, customers: Iterable[int]) -> list[Row]:
    """One order of each of these customers, on one day."""
    return [
        (f"p{customer}-{day}", f"c{customer:02}", f"{day} 09:30:00", f"{customer * 40}.00")
        for customer in customers
    ]


def orders_of_next_day() -> list[Row]:
    """A row with a word for its amount, then an order of every customer, and of one who is new."""
    return [
        ("q1", "c01", f"{NEXT_DAY} 10:00:00", "a secret amount"),
        *orders_of(NEXT_DAY, range(1, CUSTOMERS + 1)),
        (f"order of {NEWCOMER}", NEWCOMER, f"{NEXT_DAY} 10:00:00", "900.00"),
    ]


class Listener(Silent):
    """Remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


class Poisoner(Silent):
    """Spoils the warehouse when gate 2 has let it pass, so that only gate 3 can see it."""

    def __init__(self, settings: Settings, customer: str) -> None:
        self._settings, self._customer = settings, customer

    def say(self, text: str) -> None:
        if text.startswith("history:"):
            with duckdb.connect(self._settings.warehouse) as warehouse:
                warehouse.execute(
                    "delete from classification.customer_classes where customer_id = ?",
                    [self._customer],
                )
