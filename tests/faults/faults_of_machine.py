"""What the machine does to a run: its disk, its memory, its rights, its clock, other runs."""

import os
import re
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from arena import Arena
from moved_clock import a_year_ahead, a_year_back
from real_job import BALLAST, Moment
from trials import DONE, FAILED, LOCKED, Case, Fault

RUN_AGAIN = "run again"


def may_mount() -> bool:
    """Whether this process may mount a disk in memory."""
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return os.geteuid() == 0 and tried.returncode == 0


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


@contextmanager
def _unmounted_after(place: Path) -> Iterator[None]:
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


@contextmanager
def _small_disk(arena: Arena) -> Iterator[None]:
    """The home on a disk that has as much space again, until what lies on it is moved back."""
    home = arena.settings.home
    aside = home.rename(home.with_name("aside"))
    used = sum(path.stat().st_size for path in aside.rglob("*") if path.is_file())
    home.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={2 * used + (64 << 20)}", "tmpfs", str(home))
    with _unmounted_after(home):
        shutil.copytree(aside, home, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(aside)
        yield
        (home / BALLAST).unlink()
        shutil.copytree(home, aside, symlinks=True)
    home.rmdir()
    aside.rename(home)


def _read_only(part: str) -> Callable[[Arena], AbstractContextManager[None]]:
    @contextmanager
    def mounted(arena: Arena) -> Iterator[None]:
        place = arena.settings.home / part
        _mount("--bind", str(place), str(place))
        with _unmounted_after(place):
            _mount("-o", "remount,ro,bind", str(place))
            yield

    return mounted


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def _little_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + (64 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _beside(*words: str) -> Callable[[Arena], AbstractContextManager[None]]:
    """Another command has begun, and goes on until its end."""

    @contextmanager
    def beside(arena: Arena) -> Iterator[None]:
        day = arena.day.isoformat()
        other = arena.start(*(word.format(day=day) for word in words))
        other.wait_for("landing/attributes")
        yield
        ended = other.wait(lambda: None)
        assert ended.code == DONE, ended.told

    return beside


def _roll_back_to_the_first(arena: Arena) -> tuple[str, ...]:
    releases = sorted(path.name for path in arena.settings.releases.glob("2*"))
    return "rollback", releases[0]


def _backfill_the_day(arena: Arena) -> tuple[str, ...]:
    return "backfill", "--from", arena.day.isoformat()


def _dated(moved: timedelta) -> Callable[[Arena], None]:
    """Every file of the home and of the exports was written then."""

    def dated(arena: Arena) -> None:
        then = (datetime.now() + moved).timestamp()
        for folder in (arena.settings.home, arena.company.folder):
            for path in folder.rglob("*"):
                os.utime(path, (then, then), follow_symlinks=False)

    return dated


def _received(moved: timedelta) -> Callable[[Arena], None]:
    """Every receipt and ledger line tells of another time."""

    def received(arena: Arena) -> None:
        moments = re.compile(r'("(?:\w+_at|at)": ")(\d{4}-[^"]+)"')

        def later(found: re.Match[str]) -> str:
            return f'{found[1]}{(datetime.fromisoformat(found[2]) + moved).isoformat()}"'

        for name in ("load.json", "commit.json", "manifest.json", "ledger.jsonl"):
            for path in arena.settings.home.rglob(name):
                if "dbt" not in path.parts:
                    told = moments.sub(later, path.read_text("utf-8"))
                    path.unlink()
                    path.write_text(told, "utf-8")

    return received


FULL = (
    "landing/attributes",
    "landing/orders: reading",
    "landing/run_parameters:",
    "customer_facts",
    "gate 2: auditing",
    "history:",
    *(f"publishing: {step}:" for step in ("database", "parquet", "manifest", "commit")),
)
LOCKED_OUT = r"has worked here since[\s\S]*Wait until it is done"
YEAR = timedelta(365)

FAULTS = (
    Fault(
        "Disk full",
        "the run ends with a message; the next one recovers when there is space again",
        {
            f"at {report.strip(':')}": Case(
                _small_disk,
                FAILED,
                rf"disk is full[\s\S]*{RUN_AGAIN}",
                moments=[Moment(report, fills=True)],
            )
            for report in FULL
        },
        possible=may_mount,
    ),
    Fault(
        "File size limited",
        "the run ends with a message; the next one recovers when the limit is gone",
        {"to a megabyte": Case(ends=FAILED, says=RUN_AGAIN, prepare=_small_files)},
    ),
    Fault(
        "Too little memory",
        "the run ends with a message, or dies of it; the next one recovers when there is more",
        {
            "TIERS_MEMORY_LIMIT of 4MB": Case(
                ends=FAILED,
                says=rf"TIERS_MEMORY_LIMIT[\s\S]*{RUN_AGAIN}",
                environment={"TIERS_MEMORY_LIMIT": "4MB"},
            ),
            "a limit of the process": Case(
                ends=FAILED, says=RUN_AGAIN, prepare=_little_memory, may_die=True
            ),
        },
    ),
    Fault(
        "Folder read-only",
        "the run ends with a message; the next one recovers when it may write again",
        {
            place or "the home": Case(
                _read_only(place), FAILED, rf"may not be written[\s\S]*{RUN_AGAIN}"
            )
            for place in ("", "landing", "history", "releases", "dagster_home")
        },
        possible=may_mount,
    ),
    Fault(
        "Two at once",
        "one gets in, the other is told who is at work; nothing is mixed",
        {
            "two runs": Case(_beside("run", "--as-of", "{day}"), LOCKED, LOCKED_OUT),
            "a backfill beside a run": Case(
                _beside("run", "--as-of", "{day}"), LOCKED, LOCKED_OUT, words=_backfill_the_day
            ),
            "a run beside a backfill": Case(
                _beside("backfill", "--from", "{day}", "--to", "{day}"), LOCKED, LOCKED_OUT
            ),
            "a rollback beside a run": Case(
                _beside("run", "--as-of", "{day}"),
                LOCKED,
                LOCKED_OUT,
                words=_roll_back_to_the_first,
            ),
        },
        ("two runs",),
    ),
    Fault(
        "Clock moved",
        "the run goes on, and decides the day as it always would",
        {
            "a year back": Case(prepare=a_year_back, repeats=True),
            "a year ahead": Case(prepare=a_year_ahead, repeats=True),
            "files dated a year back": Case(_dated(-YEAR)),
            "files dated a year ahead": Case(_dated(YEAR)),
            "receipts of a year ago": Case(_received(-YEAR)),
            "receipts of next year": Case(_received(YEAR)),
        },
    ),
)
