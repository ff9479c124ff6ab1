"""History: what a day decided is kept whole, exactly, and for good."""

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.history import Commit, HistoryError, commit_day, committed_days, drop_from

MONDAY, TUESDAY, WEDNESDAY = date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 3)


class Company:
    """A home whose warehouse decides days."""

    def __init__(self, home: Path) -> None:
        self.warehouse = home / "warehouse.duckdb"
        self.history = home / "history"

    def build(self, day: date, *, customers: int = 3, order: str = "hash(i)") -> None:
        """Build the warehouse for a day, with rows of the day before, which is history already."""
        self.warehouse.unlink(missing_ok=True)
        with duckdb.connect(self.warehouse) as con:
            con.execute("create schema landing; create schema classification")
            con.execute(f"create table landing.run_parameters as select date '{day}' as as_of_date")
            con.execute(
                "create table classification.classes_to_keep as"
                " select 'C' || i as customer_id, day as as_of_date, 'gold' as pyramid,"
                " case when i % 2 = 0 then 'new' end as lifecycle"
                f" from range({customers}) as numbers(i),"
                f" (values (date '{day}'), (date '{day}' - 1)) as days(day) order by {order}"
            )
            con.execute(
                "create table classification.class_changes as"
                " select customer_id, as_of_date, 'pyramid' as scheme, 'data' as cause"
                " from classification.classes_to_keep where customer_id = 'C0'"
            )
            con.execute(
                "create table classification.cuts_in_force as select * from (values"
                f" ('rfm', 2, 1.5, date '{day}'), ('rfm', 1, null, date '{day}'),"
                f" ('kept', 1, 1.5, date '{day}' - 1)) as cuts(scheme, band, bound, computed_on)"
            )
            con.execute(
                "create table classification.scheme_versions as"
                f" select 'rfm' as scheme, date '{day}' as as_of_date, 'h1' as conditions_hash"
            )

    def commit(self, day: date, run: str, *, threads: int = 2) -> Commit:
        """Build the warehouse for the day and commit it."""
        self.build(day)
        return self.keep(day, run, threads=threads)

    def keep(self, day: date, run: str, *, threads: int = 2) -> Commit:
        """Commit the day from the warehouse as it stands."""
        return commit_day(
            self.warehouse,
            self.history,
            as_of=day,
            run_id=run,
            policy_hash="policy1",
            config={"threads": str(threads)},
        )

    def counting(self) -> list[tuple[date, str]]:
        """Which run counts for which day."""
        return [(commit.as_of, commit.run_id) for commit in committed_days(self.history)]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def rows(commit: Commit, name: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return con.execute(
            "from read_parquet(?)", [str(commit.path / f"{name}.parquet")]
        ).fetchall()


def test_a_commit_keeps_the_rows_of_its_day_in_order(company: Company) -> None:
    commit = company.commit(TUESDAY, "run1")
    assert rows(commit, "classes") == [
        ("C0", TUESDAY, "gold", "new"),
        ("C1", TUESDAY, "gold", None),
        ("C2", TUESDAY, "gold", "new"),
    ]
    assert rows(commit, "changes") == [("C0", TUESDAY, "pyramid", "data")]
    assert [row[:2] for row in rows(commit, "cuts")] == [("rfm", 1), ("rfm", 2)]
    assert rows(commit, "scheme_versions") == [("rfm", TUESDAY, "h1")]
    assert commit.rows == {"classes": 3, "changes": 1, "cuts": 2, "scheme_versions": 1}


def test_the_receipt_says_what_was_committed(company: Company) -> None:
    commit = company.commit(TUESDAY, "run1")
    assert commit.path == company.history / "2024-07-02" / "run1"
    receipt = json.loads((commit.path / "commit.json").read_text("utf-8"))
    committed_at = receipt.pop("committed_at")
    assert committed_at.endswith("+00:00")
    assert receipt == {
        "as_of": "2024-07-02",
        "run_id": "run1",
        "policy_hash": "policy1",
        "rows": commit.rows,
        "sequence": 1,
    }
    assert committed_days(company.history) == [commit]


def test_of_a_repeated_day_the_newest_commit_counts(company: Company) -> None:
    company.commit(MONDAY, "z")
    company.commit(TUESDAY, "y")
    company.commit(TUESDAY, "x")
    company.commit(WEDNESDAY, "w")
    assert company.counting() == [(MONDAY, "z"), (TUESDAY, "x"), (WEDNESDAY, "w")]
    assert [commit.sequence for commit in committed_days(company.history)] == [1, 3, 4]


def test_equal_rows_give_equal_bytes(company: Company) -> None:
    """On one thread and two, in whatever order the warehouse computed them; several row groups."""
    company.build(TUESDAY, customers=200_000, order="md5(i::varchar)")
    one = company.keep(TUESDAY, "one", threads=1)
    company.build(TUESDAY, customers=200_000, order="hash(i)")
    two = company.keep(TUESDAY, "two", threads=2)
    for name in one.rows:
        file = f"{name}.parquet"
        assert (one.path / file).read_bytes() == (two.path / file).read_bytes(), name


def test_a_warehouse_of_another_day_is_not_kept(company: Company) -> None:
    company.build(MONDAY)
    with pytest.raises(
        HistoryError, match="built for 2024-07-01, so it cannot be kept as 2024-07-02"
    ):
        company.keep(TUESDAY, "run1")
    assert committed_days(company.history) == []


def test_a_warehouse_that_is_not_built_is_not_kept(company: Company) -> None:
    company.build(MONDAY)
    with duckdb.connect(company.warehouse) as con:
        con.execute("drop table classification.cuts_in_force")
    with pytest.raises(HistoryError, match="cuts_in_force does not exist"):
        company.keep(MONDAY, "run1")
    assert committed_days(company.history) == []


def test_a_day_before_a_committed_one_is_left_to_backfill(company: Company) -> None:
    company.commit(TUESDAY, "run1")
    company.commit(WEDNESDAY, "run2")
    with pytest.raises(HistoryError, match="`tiers backfill --from 2024-07-01`") as refusal:
        company.commit(MONDAY, "run3")
    assert "2 later days, up to 2024-07-03" in str(refusal.value)
    assert company.counting() == [(TUESDAY, "run1"), (WEDNESDAY, "run2")]


def test_a_run_commits_a_day_once(company: Company) -> None:
    first = company.commit(TUESDAY, "run1")
    with pytest.raises(HistoryError, match="Run run1 has committed 2024-07-02 already"):
        company.commit(TUESDAY, "run1")
    assert committed_days(company.history) == [first]


def test_dropping_takes_the_day_and_all_later_ones_and_keeps_them_for_a_look(
    company: Company,
) -> None:
    for number, day in enumerate((MONDAY, TUESDAY, TUESDAY, WEDNESDAY), start=1):
        company.commit(day, f"run{number}")
    dropped = drop_from(company.history, TUESDAY)
    assert company.counting() == [(MONDAY, "run1")]
    assert [(commit.as_of, commit.run_id) for commit in dropped] == [
        (TUESDAY, "run3"),
        (WEDNESDAY, "run4"),
    ]
    assert len(rows(dropped[0], "classes")) == 3
    assert sorted(path.name for path in company.history.iterdir() if path.name[0] != ".") == [
        "2024-07-01"
    ]
    company.commit(TUESDAY, "run5")
    assert company.counting() == [(MONDAY, "run1"), (TUESDAY, "run5")]


def test_dropping_twice_keeps_both(company: Company) -> None:
    company.commit(TUESDAY, "run1")
    (first,) = drop_from(company.history, MONDAY)
    company.commit(TUESDAY, "run1")
    (second,) = drop_from(company.history, TUESDAY)
    assert first.path.parent.parent != second.path.parent.parent
    assert len(rows(first, "classes")) == len(rows(second, "classes")) == 3


def test_dropping_days_that_nobody_committed_changes_nothing(company: Company) -> None:
    company.commit(MONDAY, "run1")
    before = sorted(company.history.rglob("*"))
    assert drop_from(company.history, TUESDAY) == []
    assert sorted(company.history.rglob("*")) == before


def test_there_is_no_history_before_the_first_day(tmp_path: Path) -> None:
    assert committed_days(tmp_path / "history") == []
    assert drop_from(tmp_path / "history", MONDAY) == []


@pytest.mark.parametrize("damage", ["receipt", "file", "moved", "no receipt"])
def test_a_damaged_day_is_an_error_and_never_a_day_less(company: Company, damage: str) -> None:
    company.commit(MONDAY, "run1")
    commit = company.commit(TUESDAY, "run2")
    if damage == "receipt":
        (commit.path / "commit.json").write_text('{"as_of": "2024-07-')
    elif damage == "no receipt":
        (commit.path / "commit.json").unlink()
    elif damage == "file":
        (commit.path / "cuts.parquet").unlink()
    else:
        shutil.copytree(commit.path.parent, company.history / "2024-07-09")
    last = "2024-07-09" if damage == "moved" else "2024-07-02"
    again = f"tiers backfill --from {last} --to {last}"
    with pytest.raises(HistoryError, match=rf"is damaged: .*{again}"):
        committed_days(company.history)
    with pytest.raises(HistoryError, match="is damaged"):
        company.commit(WEDNESDAY, "run3")


def test_other_things_in_the_folder_are_left_alone(company: Company) -> None:
    (company.history / "notes").mkdir(parents=True)
    (company.history / "README").write_text("ours")
    company.commit(MONDAY, "run1")
    (company.history / "2024-07-01" / ".DS_Store").write_text("theirs")
    drop_from(company.history, TUESDAY)
    assert company.counting() == [(MONDAY, "run1")]
    assert (company.history / "notes").is_dir()
    assert (company.history / "README").read_text() == "ours"
