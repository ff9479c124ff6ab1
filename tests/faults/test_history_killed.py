"""History, killed with SIGKILL at every moment: a day is committed whole, or not at all."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from killed import killed_before_change

from orchestration.history import Commit, commit_day, committed_days, drop_from

FIRST = date(2024, 6, 28)


def build(home: Path, day: date) -> None:
    """Build the warehouse of `home` for a day on which 500 customers changed."""
    (home / "warehouse.duckdb").unlink(missing_ok=True)
    with duckdb.connect(home / "warehouse.duckdb") as con:
        con.execute("create schema landing; create schema classification")
        con.execute(f"create table landing.run_parameters as select date '{day}' as as_of_date")
        for table, column in (
            ("classes_to_keep", "as_of_date"),
            ("class_changes", "as_of_date"),
            ("cuts_in_force", "computed_on"),
            ("scheme_versions", "as_of_date"),
        ):
            con.execute(
                f"create table classification.{table} as select 'C' || i as customer_id,"
                f" date '{day}' as {column} from range(500) as numbers(i)"
            )


def commit(home: Path, day: date, run: str) -> Commit:
    """Commit the day from the warehouse of `home`."""
    return commit_day(
        home / "warehouse.duckdb", home / "history", as_of=day, run_id=run, policy_hash="policy"
    )


def counting(home: Path) -> list[tuple[date, str]]:
    """Which run counts for which day; each of its files can be read whole."""
    commits = committed_days(home / "history")
    for kept in commits:
        for name, rows in kept.rows.items():
            with duckdb.connect() as con:
                file = str(kept.path / f"{name}.parquet")
                found = con.execute("from read_parquet(?)", [file]).fetchall()
            assert len(found) == rows == 500
    return [(kept.as_of, kept.run_id) for kept in commits]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with five committed days."""
    for number in range(5):
        build(tmp_path, FIRST + timedelta(days=number))
        commit(tmp_path, FIRST + timedelta(days=number), f"run{number}")
    return tmp_path


def test_a_kill_before_any_change_of_a_commit_leaves_the_day_whole_or_not_there(
    home: Path,
) -> None:
    before = counting(home)
    for number in itertools.count(1):
        day = before[-1][0] + timedelta(days=1)
        build(home, day)
        was_killed = killed_before_change(number, commit, home, day, "killed")
        after = [*before, (day, "killed")]
        assert counting(home) in ([before, after] if was_killed else [after])
        if not was_killed:
            break
        again = commit(home, day, "again")
        assert again.sequence > len(before)
        before = [*before, (day, "again")]
        assert counting(home) == before
        assert list((home / "history" / ".incoming").iterdir()) == []
    assert number > 6, "the moments of a commit were not seen"


def test_a_kill_before_any_change_of_a_drop_leaves_all_days_or_none(home: Path) -> None:
    whole = counting(home)
    since = FIRST + timedelta(days=2)
    kept = [(day, run) for day, run in whole if day < since]
    for number in itertools.count(1):
        was_killed = killed_before_change(number, drop_from, home / "history", since)
        found = counting(home)
        assert found in ([whole, kept] if was_killed else [kept])
        if not was_killed:
            break
        # Whatever comes next, a drop again or a commit, first finishes what was begun.
        if found == whole:
            drop_from(home / "history", since)
        for day in range(3):
            build(home, since + timedelta(days=day))
            commit(home, since + timedelta(days=day), f"again{number}")
        whole = counting(home)
        assert [run for _, run in whole] == ["run0", "run1", *[f"again{number}"] * 3]
        assert [path.name for path in (home / "history").glob(".*drop.*")] == []
    assert number > 6, "the moments of a drop were not seen"
