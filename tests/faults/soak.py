"""Many days of a busy shop in one process, measured day by day, and checked at the end."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import duckdb
from busy_shop import COLUMNS, BusyShop
from same_state import content, decided, landed
from small_company import FIRST_DAY, SmallCompany

from orchestration.progress import Silent
from orchestration.running import backfill
from orchestration.settings import Settings

PAGE = os.sysconf("SC_PAGE_SIZE")
REPLAYED = 5
FACTS = ("customer_facts",)
KEPT_IN = ("landing", "history", "warehouse.duckdb", "releases", "dagster_home", "dbt")


@dataclass(frozen=True)
class Day:
    """What one run took, and what lay in its home afterwards.

    Attributes:
        seconds: of processor time, that of all threads: the clock tells of the machine's load too.
        memory: resident bytes of the process.
        files: how many it has open.
        disk: bytes below each folder of the home.
    """

    seconds: float
    memory: int
    files: int
    disk: dict[str, int]


class Soak:
    """A busy shop that has run for some days."""

    def __init__(self, folder: Path, new_home: Callable[[Path], Settings], seed: int = 1) -> None:
        self._folder, self._new_home = folder, new_home
        self.company = SmallCompany(folder / "exports", new_home(folder / "home"))
        self.company.folder.mkdir(parents=True)
        self.company.describe()
        self.shop = BusyShop(seed)
        self.last = FIRST_DAY
        self.days: list[Day] = []

    def run(self, days: int, tell: Callable[[str], None] = lambda text: None) -> None:
        """Live through so many days: export, run, measure."""
        for number in range(days):
            self.last = FIRST_DAY + timedelta(number)
            self._export(self.last)
            started = time.process_time()
            self.company.run(self.last)
            self.days.append(_measure(self.company.settings, time.process_time() - started))
            tell(f"day {number + 1} of {days}: {self.days[-1]}")

    def _export(self, day: date) -> None:
        path = self.company.export(f"{day}", self.shop.export(day), COLUMNS)
        if day.day % 10 == 0:  # the same bytes once more, under another name
            (self.company.folder / f"orders_{day}_again.csv").write_bytes(path.read_bytes())

    def lost_orders(self) -> int:
        """How many orders of the shop the published facts lack. Their money has to agree, too."""
        with duckdb.connect(self.company.settings.served_database, read_only=True) as con:
            row = con.execute(
                "select sum(order_count), sum(gross_amount) from customer_facts"
            ).fetchone()
        assert row
        count, cents = self.shop.standing
        assert round(row[1] * 100) == cents
        return count - int(row[0])

    def rebuild(self) -> None:
        """The warehouse deleted and the last day repeated publishes what was published."""
        settings, before = self.company.settings, content(self.company.settings)
        settings.warehouse.unlink()
        self.company.run(self.last)
        assert content(settings) == before

    def land_at_once(self) -> None:
        """A home that lands all the files on the last day finds the same facts and rows."""
        settings = self._new_home(self._folder / "at_once")
        other = SmallCompany(self.company.folder, settings)
        other.run(self.last)
        mine, others = content(self.company.settings), content(settings)
        assert [mine[name] for name in FACTS] == [others[name] for name in FACTS]
        assert landed(settings) == landed(self.company.settings)

    def replay(self) -> None:
        """A backfill of the last days counts what stood, and decides the same each time.

        Not what the days had decided: orders of theirs have come late since, and are seen now.
        """
        settings, stood = self.company.settings, content(self.company.settings)
        first = max(FIRST_DAY, self.last - timedelta(REPLAYED - 1))
        backfill(settings, first, None, Silent())
        found = content(settings), decided(settings)
        assert [found[0][name] for name in FACTS] == [stood[name] for name in FACTS]
        settings.warehouse.unlink()
        backfill(settings, first, None, Silent())
        assert (content(settings), decided(settings)) == found


def middle(of: Callable[[Day], float], days: Sequence[Day]) -> float:
    """The median of a measure."""
    return median(map(of, days))


def check_growth(days: Sequence[Day]) -> None:
    """The last twenty days take what the days 21 to 40 took, and leave no more behind each day.

    Loads and days in history are read by every run, so a run may get slower with their number.
    """
    early, late = days[20:40], days[-20:]
    assert middle(lambda day: day.seconds, late) < 1.5 * middle(lambda day: day.seconds, early)
    assert middle(lambda day: day.memory, late) < 1.5 * middle(lambda day: day.memory, early)
    assert middle(lambda day: day.files, late) <= middle(lambda day: day.files, early) + 2
    for name in ("warehouse.duckdb", "releases", "dbt"):
        assert late[-1].disk[name] < 2 * early[-1].disk[name], name
    for name in ("landing", "history", "dagster_home"):
        daily = [(part[-1].disk[name] - part[0].disk[name]) for part in (early, late)]
        assert daily[1] < 1.5 * daily[0], name


def _measure(settings: Settings, seconds: float) -> Day:
    statm = Path("/proc/self/statm").read_text("ascii").split()
    disk = {name: _bytes(settings.home / name) for name in KEPT_IN}
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    return Day(round(seconds, 2), int(statm[1]) * PAGE, open_files, disk)


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [one for one in path.rglob("*") if not one.is_symlink()]
    return sum(file.stat().st_size for file in files if file.is_file())
