"""A home in which one day's run is broken, and how it has to look afterwards."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import duckdb
from real_job import Command, Ended, Moment
from same_state import Rows, content, decided, landed
from small_company import SmallCompany, orders_of

from orchestration.publishing import current_release
from orchestration.publishing.current import check_content
from orchestration.settings import Settings

ONE_RELEASE = """
select count(*)
from (select as_of_date from release_info union select as_of_date from customer_facts)
"""


@dataclass(frozen=True)
class Truth:
    """What an undisturbed run of the day ends with."""

    content: Mapping[str, str]
    landed: Mapping[str, Rows]
    decided: Mapping[str, Rows]

    @classmethod
    def of(cls, settings: Settings) -> "Truth":
        return cls(content(settings), landed(settings), decided(settings))


class Arena:
    """A small company whose next day has come and has not been run."""

    def __init__(self, company: SmallCompany, day: date, truth: Truth | None = None) -> None:
        self.company, self.settings, self.day = company, company.settings, day
        self._truth = truth
        self._numbers = count(1)
        self._before = company.served()
        self.reads = self.torn_reads = 0
        self.backup: dict[Path, bytes] = {}

    @classmethod
    def prepare(cls, company: SmallCompany, last: date) -> "Arena":
        """The day after the last that was run, with its exports: new, late and changed orders."""
        day = last + timedelta(1)
        company.export(f"{day}", [*orders_of(day, range(1, 9)), *orders_of(last, range(20, 25))])
        return cls(company, day)

    def copy(self, folder: Path) -> "Arena":
        """The same in another place."""
        return Arena(self.company.copy(folder), self.day, self._truth)

    def learn(self, folder: Path, *first: str) -> Ended:
        """Run a copy undisturbed, after this command if any: what a trial has to end with."""
        calm = self.copy(folder)
        if first:
            calm.tiers(*first)
        ended = calm.tiers()
        assert ended.code == 0, ended.told
        self._truth = Truth.of(calm.settings)
        return ended

    def start(
        self,
        *words: str,
        moment: Moment | None = None,
        prepare: Callable[[], None] | None = None,
        **environment: str,
    ) -> Command:
        """Start `tiers`; by default the run of the day."""
        given = {
            "TIERS_HOME": str(self.settings.home),
            "TIERS_SOURCES": str(self.settings.sources),
            "COLUMNS": "200",
            **environment,
        }
        words = words or ("run", "--as-of", self.day.isoformat())
        output = self.company.folder / f"output_{next(self._numbers)}.txt"
        return Command(words, given, output, moment, prepare)

    def tiers(self, *words: str, reading: bool = True, **how: object) -> Ended:
        """Run `tiers` to its end, while somebody reads what is published."""
        command = self.start(*words, **how)  # type: ignore[arg-type]
        return command.wait(self._read if reading else lambda: None)

    def _read(self) -> None:
        self.reads += 1
        try:
            with duckdb.connect(self.settings.served_database, read_only=True) as con:
                row = con.execute(ONE_RELEASE).fetchone()
            self.torn_reads += row != (1,)
        except (duckdb.Error, OSError):
            self.torn_reads += 1

    def check_current(self) -> None:
        """What is served is what was served before, or the whole release of the day."""
        served = self.company.served()
        if served["current"] != self._before["current"]:
            release = current_release(self.settings.releases)
            assert release and release.as_of == self.day
            check_content(release)
        else:
            assert served == self._before
        self._read()

    def check_end(self) -> int:
        """The day is published as by an undisturbed run. Returns how many landed rows are lost."""
        assert self._truth, "learn() comes first"
        release = current_release(self.settings.releases)
        assert release and release.as_of == self.day
        check_content(release)
        found = Truth.of(self.settings)
        lost = sum(
            (Counter(rows) - Counter(found.landed.get(table, []))).total()
            for table, rows in self._truth.landed.items()
        )
        assert (lost, found.landed) == (0, self._truth.landed)
        assert found.content == self._truth.content
        assert found.decided == self._truth.decided
        self._read()
        return lost
