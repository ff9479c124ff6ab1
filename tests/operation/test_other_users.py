"""Another user of the machine reads releases, changes nothing, and reads nothing else."""

import os
import pwd
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from small_company import SmallCompany

from orchestration.private import OTHER_HOMES, kept_private
from orchestration.settings import PROJECT

pytestmark = pytest.mark.skipif(
    os.getuid() != 0, reason="only root can start a process of another user"
)
T = TypeVar("T")
STRANGER = pwd.getpwnam("nobody")


class Stranger:
    """A process of a user who owns nothing here.

    Forked, since the interpreter itself may lie where only its owner may enter.
    """

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def tries(self, action: Callable[[Path], T], path: Path) -> T | str:
        """What the action gives, or the name of its error."""
        try:
            return self._pool.submit(action, path).result()
        except OSError as error:
            return type(error).__name__


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    with ProcessPoolExecutor(1, get_context("forkserver"), become_stranger) as pool:
        yield Stranger(pool)


def become_stranger() -> None:
    os.setgroups([])
    os.setgid(STRANGER.pw_gid)
    os.setuid(STRANGER.pw_uid)


def count_customers(database: Path) -> int:
    with duckdb.connect(database, read_only=True) as con:
        return len(con.execute("from customer_classes").fetchall())


def write_into(file: Path) -> None:
    file.open("r+b")


def add_to(folder: Path) -> None:
    (folder / "new").touch()


def remove_from(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def look_into(path: Path) -> None:
    list(path.iterdir()) if path.is_dir() else path.open("rb")


@pytest.fixture
def reachable(again: SmallCompany) -> Iterator[SmallCompany]:
    """The company in a home whose parents everybody may enter, as it is with a home under /srv."""
    shut = [
        folder
        for folder in again.settings.home.parents
        if folder.owner() == "root" and not folder.stat().st_mode & stat.S_IXOTH
    ]
    for folder in shut:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    yield again
    for folder in shut:
        folder.chmod(folder.stat().st_mode & ~stat.S_IXOTH)


@pytest.mark.slow
def test_a_stranger_reads_the_release_and_can_change_nothing(
    reachable: SmallCompany, stranger: Stranger
) -> None:
    current = reachable.settings.releases / "current"
    assert stranger.tries(count_customers, current / "customer_tiers.duckdb") == 30
    for path in current.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
        assert stranger.tries(write_into, path) == "PermissionError"
    assert stranger.tries(add_to, current) == "PermissionError"
    assert stranger.tries(remove_from, current) == "PermissionError"


@pytest.mark.slow
def test_a_stranger_reads_nothing_else(reachable: SmallCompany, stranger: Stranger) -> None:
    """Although everything stood open before the run: it shuts what is not for readers."""
    private = [path for path in reachable.settings.home.iterdir() if path.name != "releases"]
    assert {"landing", "history", "warehouse.duckdb", "dagster_home"} <= {p.name for p in private}
    for path in private:
        assert stranger.tries(look_into, path) == "PermissionError", path.name
    assert stranger.tries(count_customers, reachable.settings.served_database) == 30


def test_what_is_written_meanwhile_is_shut_to_others_and_open_to_readers(tmp_path: Path) -> None:
    with kept_private(tmp_path):
        (tmp_path / "warehouse.duckdb").touch()
        (tmp_path / "landing").mkdir()
    after = tmp_path / "after"
    after.touch()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o007 for path in tmp_path.iterdir()}
    assert modes == {"releases": 0o005, "warehouse.duckdb": 0, "landing": 0, "after": 0o004}


def test_what_is_kept_on_another_disk_is_shut_and_a_way_to_a_release_is_left(
    tmp_path: Path,
) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "larger" / "landing"
    release = home / "releases" / "r1"
    for folder in (elsewhere, release):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    for name, target in (("landing", elsewhere), ("latest", release), ("gone", tmp_path / "gone")):
        (home / name).symlink_to(target)
    with kept_private(home):
        pass
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o750
    assert stat.S_IMODE(release.stat().st_mode) == 0o755


def test_readers_may_enter_whatever_the_umask_of_the_first_run(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with kept_private(tmp_path):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "releases").stat().st_mode) == 0o755


def test_who_shuts_the_releases_finds_them_shut_after_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir(mode=0o750)
    with kept_private(tmp_path):
        pass
    assert stat.S_IMODE((tmp_path / "releases").stat().st_mode) == 0o750


@pytest.mark.parametrize("mode", [0o755, 0o750])
def test_readers_reach_the_releases_of_other_companies_in_the_home_of_the_example(
    tmp_path: Path, mode: int
) -> None:
    assert f"/data/{OTHER_HOMES}/$(COMPANY)" in (PROJECT / "Makefile").read_text("utf-8")
    homes = tmp_path / OTHER_HOMES
    homes.mkdir()
    with kept_private(homes / "shop"):
        (homes / "shop" / "landing").mkdir()
    homes.chmod(mode)  # 0o750: as a run of the example once left it
    with kept_private(tmp_path):
        pass
    assert homes.stat().st_mode & stat.S_IXOTH
    shop = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o007 for path in homes.glob("shop/*")}
    assert shop == {"releases": 0o005, "landing": 0}
