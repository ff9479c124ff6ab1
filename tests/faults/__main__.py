"""`make faults`: break the daily job in every way of the table, and write docs/RELIABILITY.md."""

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from arena import Arena
from fault_table import FAULTS
from readers import watch
from reliability_page import write_faults, write_readers, write_soak
from small_company import FIRST_DAY, SmallCompany
from soak import Soak, check_growth
from trials import Fault, Tally, try_case

from orchestration.settings import Settings

READERS, PUBLISHES, READS = 16, 100, 10_000
DAYS = 200
# Of fewer nothing can be said about growth.
DAYS_THAT_TELL = 60


def prepare(folder: Path) -> Arena:
    """A company that has run for two days, and knows how its third ends."""
    company = SmallCompany.found(folder / "exports", Settings(home=folder / "home"))
    company.run()
    arena = Arena.prepare(company, FIRST_DAY)
    company.run(arena.day)
    arena = Arena.prepare(company, arena.day)
    ended = arena.learn(folder / "calm")
    print(f"an undisturbed run takes {ended.seconds:.0f} s", flush=True)
    return arena


def try_fault(fault: Fault, arena: Arena) -> Tally:
    """Every case of a fault, each in a copy of its own."""
    tally = Tally()
    for name, case in fault.cases.items():
        with tempfile.TemporaryDirectory(prefix="fault-") as folder:
            try:
                try_case(case, arena.copy(Path(folder) / "trial"), tally)
                print(f"  {name}: as promised", flush=True)
            except Exception:
                print(f"  {name}: NOT as promised\n{traceback.format_exc()}", flush=True)
    return tally


def try_faults(words: str) -> bool:
    """Every fault whose name contains the words; whether all went as promised."""
    tallies = {}
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        arena = prepare(Path(folder))
        for fault in FAULTS:
            if words not in fault.name.lower():
                continue
            print(fault.name, flush=True)
            if not fault.possible():
                print("  not tried: this machine does not let it be made", flush=True)
            else:
                tallies[fault.name] = try_fault(fault, arena)
                write_faults(tallies)
    return all(tally.survived == tally.tried for tally in tallies.values())


def try_readers() -> bool:
    """Many readers of many publishes."""
    with tempfile.TemporaryDirectory(prefix="readers-") as folder:
        watched = watch(Path(folder), PUBLISHES, READERS, READS)
    write_readers(READERS, PUBLISHES, watched)
    print(f"readers: {watched}", flush=True)
    return not watched.torn and not watched.backwards and watched.last == {PUBLISHES}


def soak(days: int) -> bool:
    """Many days, and what has to be true after them."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        # So many days pass in an hour that its grace would keep most releases.
        lived = Soak(Path(folder), lambda home: Settings(home=home, release_grace_minutes=0))
        lived.run(days, lambda text: print(text, flush=True))
        lost = lived.lost_orders()
        for check in (lived.rebuild, lived.land_at_once, lived.replay):
            print(f"soak: {check.__name__}", flush=True)
            check()
        write_soak(lived.days, lost)
        if days >= DAYS_THAT_TELL:
            check_growth(lived.days)
    return lost == 0


def main() -> int:
    """Exit code 0 when everything was as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("faults", "readers", "soak"))
    parser.add_argument("--only", default="", help="faults whose name contains this")
    parser.add_argument("--days", type=int, default=DAYS, help="of the soak")
    given = parser.parse_args()
    parts: dict[str, Callable[[], bool]] = {
        "readers": try_readers,
        "faults": lambda: try_faults(given.only.lower()),
        "soak": lambda: soak(given.days),
    }
    results = [do() for name, do in parts.items() if given.part in (None, name)]
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
