"""A pull that is killed leaves each load whole or not at all, and the next pull goes on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.landing import committed_loads, pull_table, reject, rejected_loads
from orchestration.sources.source_file import load_source_file

SOURCE = """
timezone: UTC
base_currency: EUR
tables:
  orders:
  - {from: files, path: "*.csv"}
"""
CHILD = """
import os, signal, sys
from pathlib import Path
from orchestration import landing
from orchestration.landing import commits
from orchestration.sources.source_file import load_source_file

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

folder, moment = Path(sys.argv[1]), sys.argv[2]
audit = die if moment == "audit" else lambda table, parquet: None
if moment == "commit":
    commits.commit_folder = die
if moment == "reject":
    commits.commit_folder = die
    landing.reject(folder / "landing", sys.argv[3], "wrong")
print("begin", flush=True)
landing.pull_table(
    "orders", load_source_file(folder / "s.yml"), folder / "landing", audit=audit, report=print
)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "s.yml").write_text(SOURCE)
    for name in ("a", "b", "c"):
        lines = "".join(f"{name}{n},c{n % 99},2017-01-01,{n}.50\n" for n in range(200_000))
        (tmp_path / f"{name}.csv").write_text("order_id,customer_id,ordered_at,amount\n" + lines)
    return tmp_path


def child(shop: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(shop), *arguments], stdout=subprocess.PIPE, text=True
    )


def pull(shop: Path) -> None:
    pull_table(
        "orders",
        load_source_file(shop / "s.yml"),
        shop / "landing",
        audit=lambda table, parquet: None,
        report=lambda text: None,
    )


def whole(shop: Path) -> int:
    """How many loads are committed; each of them is complete."""
    loads = committed_loads(shop / "landing")
    for load in loads:
        with duckdb.connect() as con:
            landed = con.execute(f"select count(*) from '{load.path}'").fetchone()
        assert landed == (load.rows,)
        assert load.rows == 200_000
    return len(loads)


@pytest.mark.parametrize("moment", ["audit", "commit"])
def test_a_kill_before_the_rename_leaves_no_load(shop: Path, moment: str) -> None:
    assert child(shop, moment).wait() == -signal.SIGKILL
    assert whole(shop) == 0
    assert list((shop / "landing" / ".incoming").iterdir())
    pull(shop)
    assert whole(shop) == 3
    assert not list((shop / "landing" / ".incoming").iterdir())


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.4, 0.7])
def test_a_kill_at_any_moment_leaves_whole_loads(shop: Path, delay: float) -> None:
    process = child(shop, "never")
    assert process.stdout
    assert process.stdout.readline() == "begin\n"
    time.sleep(delay)
    process.kill()
    process.wait()
    before = whole(shop)
    pull(shop)
    assert whole(shop) == 3 >= before


def test_a_kill_inside_a_rejection_rejects_all_the_same(shop: Path) -> None:
    pull(shop)
    load = committed_loads(shop / "landing")[0]
    assert child(shop, "reject", load.load_id).wait() == -signal.SIGKILL
    assert load.path.exists()
    assert len(committed_loads(shop / "landing")) == 2
    assert [each.load_id for each in rejected_loads(shop / "landing")] == [load.load_id]
    pull(shop)
    assert not load.path.exists()
    assert [each.reason for each in rejected_loads(shop / "landing")] == ["wrong"]
    assert reject(shop / "landing", committed_loads(shop / "landing")[0].load_id, "too").reason
