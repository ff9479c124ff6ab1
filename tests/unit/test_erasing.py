"""Who is erased, and which rows are theirs; when a request is done with."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest
from erasing_maker import ask_to_erase, erase_people, nobody_is_merged
from small_release import Company
from source_maker import Shop, rows

from orchestration.erasing.command import look_for
from orchestration.erasing.finding import find
from orchestration.erasing.recovery import recover, remove_disposable
from orchestration.erasing.releases import finish_requests, old_releases, refuse_old
from orchestration.erasing.requests import (
    FOLDER,
    ErasureError,
    keep,
    lift,
    requests,
    suppression,
)
from orchestration.landing import committed_loads, reject, rejected_loads
from orchestration.publishing import list_releases
from orchestration.run_lock import RunLocked, run_lock
from orchestration.settings import Settings

HEAD = "order_id,customer_id,ordered_at,amount,note\n"
ORDERS = "  orders:\n  - {from: files, path: 'o*.csv'}\n"
LINES = f"{ORDERS}  order_lines:\n  - {{from: files, path: 'l*.csv'}}\n"


def left(shop: Shop, table: str = "orders") -> list[str]:
    """The order_ids that are kept, in the order in which they landed."""
    loads = committed_loads(shop.landing, table)
    return [row["order_id"] or row["_malformed"] for load in loads for row in rows(load)]


@pytest.mark.parametrize(
    "row",
    [
        "1,K 7,2017-01-01,1,",
        "1,\u3000K 7\t,2017-01-01,1,",
        "1,K 7,never,much,",
        "1,,2017-01-01,1,K 7",
        "1,  ,K 7,1,",
        '1,"K 7",2017-01-01,1,,,,',
        "1;K 7;2017-01-01,1,,,,",
    ],
)
def test_a_row_is_the_persons_that_names_it_or_names_nobody_and_says_so(
    tmp_path: Path, row: str
) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}{row}\n2,K 8,2017-01-01,1,K 7\n3,k 7,2017-01-01,1,\n4,K,,1,7\n")
    shop.pull(ORDERS)
    erase_people(tmp_path, "K 7")
    assert left(shop) == ["2", "3", "4"]


def test_lines_and_refunds_go_by_the_order_that_was_the_persons_alone(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n2,q,,1,\n7,p,,1,\n7,q,,1,\n")
    shop.write("l1.csv", "order_id,line_no\n1,1\n2,1\n7,1\n")
    shop.pull(ORDERS)
    shop.pull(LINES, "order_lines")
    erase_people(tmp_path, "p")
    assert left(shop) == ["2", "7"]
    assert left(shop, "order_lines") == ["2", "7"]


def test_lines_that_land_before_their_order_go_when_it_comes(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n2,q,,1,\n")
    shop.pull(ORDERS)
    erase_people(tmp_path, "p")
    shop.write("l1.csv", "order_id,line_no\n2,1\n9,1\n")
    shop.pull(LINES, "order_lines")
    assert left(shop, "order_lines") == ["2", "9"]
    shop.write("o2.csv", f"{HEAD}9,p,,1,\n10,q,,1,\n")
    (load,) = shop.pull(ORDERS).landed
    assert (load.rows, load.erased_rows) == (2, 1)
    recover(Settings(home=tmp_path), print)
    assert left(shop, "order_lines") == ["2"]


def test_gate_1_never_sees_whom_is_erased(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n")
    shop.pull(ORDERS)
    erase_people(tmp_path, "p")
    shop.write("o2.csv", f"{HEAD}8,p,,1,\n2,q,,1,\n")
    seen: list[int] = []
    with duckdb.connect() as con:
        count = "select count(*) from read_parquet(?)"

        def audit(table: str, parquet: Path) -> None:
            seen.extend(con.execute(count, [str(parquet)]).fetchone() or ())

        shop.pull(ORDERS, audit=audit)
    assert seen == [1]


def test_a_rejected_load_is_cleaned_and_stays_rejected(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n2,q,,1,\n")
    (load,) = shop.pull(ORDERS).landed
    reject(shop.landing, load.load_id, "twice")
    erase_people(tmp_path, "p")
    (rejected,) = rejected_loads(shop.landing)
    assert [row["order_id"] for row in rows(rejected.load)] == ["2"]
    assert shop.pull(ORDERS).landed == ()


def test_whoever_was_merged_is_the_same_person(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,a,,1,\n2,b,,1,\n3,c,,1,\n4,d,,1,\n")
    shop.pull(ORDERS)
    settings = Settings(home=tmp_path)
    nobody_is_merged(settings.warehouse)
    with duckdb.connect(settings.warehouse) as con:
        con.execute("insert into staging.customer_merges values ('a', 'c'), ('b', 'c')")
    for asked in (["a"], ["b"], ["c"], ["a", " b "]):
        found = find(settings, asked)
        assert (found.ids, found.rows, len(found.people)) == (["a", "b", "c"], {"orders": 3}, 1)


def test_whom_nobody_knows_cannot_be_erased(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,a,,1,\n")
    shop.pull(ORDERS)
    nobody_is_merged(Settings(home=tmp_path).warehouse)
    with pytest.raises(ErasureError, match="--resume"):
        look_for(Settings(home=tmp_path), ["nobody"])


def test_whoever_is_let_in_again_lands_with_what_comes(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n2,q,,1,\n")
    shop.pull(ORDERS)
    erase_people(tmp_path, "p")
    assert lift(tmp_path / FOLDER, "q", by="Bo") == 0
    assert lift(tmp_path / FOLDER, "p", by="Bo") == 1
    (request,) = requests(tmp_path / FOLDER)
    assert ([*request.people], [each["by"] for each in request.lifted]) == ([], ["Bo"])
    shop.write("o2.csv", f"{HEAD}1,p,,1,\n")
    shop.pull(ORDERS)
    assert left(shop) == ["2", "1"]


def test_homes_hash_with_a_salt_of_their_own(tmp_path: Path) -> None:
    one, other = (suppression(tmp_path / name) for name in ("one", "other"))
    assert one.hash_of("customer_id", "c1") == one.hash_of("customer_id", " c1\u3000")
    assert one.hash_of("customer_id", "c1") != one.hash_of("order_id", "c1")
    assert one.hash_of("customer_id", "c1") != other.hash_of("customer_id", "c1")


def test_a_request_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n2,q,,1,\n")
    shop.pull(ORDERS)
    erase_people(tmp_path, "p")
    (path,) = (tmp_path / FOLDER).glob("2*.json")
    path.write_text("{}")
    shop.write("o2.csv", f"{HEAD}9,p,,1,\n")
    with pytest.raises(ErasureError, match="backup"):
        shop.pull(ORDERS)


def test_a_request_is_done_when_no_release_is_as_old(tmp_path: Path) -> None:
    company, settings = Company(tmp_path), Settings(home=tmp_path)
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n")
    shop.pull(ORDERS)
    for run in ("r1", "r2"):
        company.build(run=run)
        company.publish()
    company.warehouse.unlink()
    request = ask_to_erase(settings, "p")
    first, second = old_releases(settings)
    assert [*request.releases] == [first.id, second.id]
    with pytest.raises(ErasureError, match="--resume"):
        refuse_old(settings, first.id)
    assert finish_requests(settings) == []
    assert requests(tmp_path / FOLDER)[0].finished_at is None
    wait_for_a_later_second(request.asked_at)
    company.build(run="r3")
    third = company.publish()
    # The grace of a reader is an hour.
    assert [release.id for release in finish_requests(settings)] == [first.id, second.id]
    assert [release.id for release in list_releases(settings.releases)] == [third.id]
    assert requests(tmp_path / FOLDER)[0].finished_at is not None
    refuse_old(settings, third.id)


def test_a_release_that_stood_is_old_whatever_the_clock_of_who_built_it(tmp_path: Path) -> None:
    company, settings = Company(tmp_path), Settings(home=tmp_path)
    shop = Shop(tmp_path)
    shop.write("o1.csv", f"{HEAD}1,p,,1,\n")
    shop.pull(ORDERS)
    release = company.publish()
    company.warehouse.unlink()
    request = ask_to_erase(settings, "p")
    behind = replace(request, asked_at=release.created_at - timedelta(minutes=5))
    keep(settings.home / FOLDER, behind)
    assert [one.id for one in old_releases(settings)] == [release.id]
    assert finish_requests(settings) == []
    assert requests(tmp_path / FOLDER)[0].finished_at is None
    company.build(run="r2")
    newer = company.publish()
    assert [one.id for one in finish_requests(settings)] == [release.id]
    assert company.ids() == [newer.id]


def wait_for_a_later_second(moment: datetime) -> None:
    while datetime.now(UTC) < moment + timedelta(seconds=1):
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["preview", "evaluation"])
def test_what_is_being_built_beside_the_home_is_waited_for(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path)
    trial = tmp_path / name
    with run_lock(trial, f"tiers {name}"), pytest.raises(RunLocked, match=f"tiers {name}"):
        remove_disposable(settings)
    assert trial.exists()
    remove_disposable(settings)
    assert not trial.exists()


def test_what_a_killed_run_spilled_goes_with_the_next_and_with_an_erasure(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for remove in (partial(recover, settings, print), partial(remove_disposable, settings)):
        kill_while_it_spills(settings.warehouse)
        spilled = tmp_path / "warehouse.duckdb.tmp"
        assert any(spilled.iterdir())
        remove()
        assert not list(spilled.glob("*"))


def kill_while_it_spills(warehouse: Path) -> None:
    """Let a process end that has rows of a warehouse on the disk, as a kill ends it."""
    script = (
        "import duckdb, os, sys\n"
        "con = duckdb.connect(sys.argv[1], config={'threads': '1', 'memory_limit': '50MB'})\n"
        "rows = con.execute('select i, hash(i) as h from range(9000000) t(i) order by h')\n"
        "rows.fetchone()\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(warehouse)], check=False)
