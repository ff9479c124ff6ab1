"""A release: what is in it, who may read it, and what keeps one from being made."""

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from small_release import CUSTOMERS, CUTS, INFO, Company

from orchestration.publishing import STEPS, PublicTable, PublishError, list_releases


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def read(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(database, read_only=True, config={"enable_external_access": False}) as con:
        return con.execute(sql).fetchall()


def test_current_serves_the_public_tables_ordered_by_their_keys(company: Company) -> None:
    release = company.publish()
    served = company.releases / "current" / "customer_tiers.duckdb"
    assert read(served, "from customer_facts") == read(
        served, "from customer_facts order by customer_id"
    )
    assert read(served, "select scheme, dimension from scheme_cuts") == [
        ("amount_level", "net"),
        ("rfm", None),
        ("rfm", "r"),
    ]
    assert release.rows == {"customer_facts": 3, "scheme_cuts": 3, "release_info": 1}
    assert [path.name for path in release.path.glob("*.wal")] == []


def test_tables_and_columns_carry_their_comments(company: Company) -> None:
    cuts = replace(CUTS, measures={"bound": "Where it cuts.", "gap": "Not in this table."})
    database = company.publish(tables=(CUSTOMERS, cuts, INFO)).database
    assert read(
        database, "select comment from duckdb_tables() where table_name='customer_facts'"
    ) == [("One row per customer; it's what the tests read.",)]
    comments = "select column_name, comment from duckdb_columns() where table_name = 'scheme_cuts'"
    assert dict(read(database, comments)) == {  # type: ignore[arg-type]
        "scheme": "Which scheme.",
        "dimension": None,
        "bound": "Where it cuts.",
    }


def test_readers_as_old_as_1_4_can_open_the_file(company: Company) -> None:
    """The storage version stands in the file: in its tags, and as the number in its header."""
    database = company.publish().database
    tags = "select tags['storage_version'] from duckdb_databases() where not internal"
    assert read(database, tags) == [("v1.4.0+",)]
    with duckdb.connect(
        company.releases / "1.4.duckdb", config={"storage_compatibility_version": "v1.4.0"}
    ):
        pass
    by_1_4 = (company.releases / "1.4.duckdb").read_bytes()[8:20]
    by_itself = company.warehouse.read_bytes()[8:20]
    assert database.read_bytes()[8:20] == by_1_4 != by_itself


def test_parquet_holds_the_same_rows_in_the_same_order(company: Company) -> None:
    release = company.publish()
    for table in release.rows:
        with duckdb.connect() as con:
            file = str(release.path / f"{table}.parquet")
            parquet = con.execute("from read_parquet(?)", [file]).fetchall()
        assert parquet == read(release.database, f"from {table}")


def test_content_hashes_depend_on_the_rows_alone(company: Company) -> None:
    """Not on threads, not on the order of computing, not on the run; several row groups."""
    company.build(customers=300_000)
    first = company.publish(threads=1)
    with duckdb.connect(company.warehouse) as con:
        con.execute(
            "create or replace table facts.customer_facts as"
            " from facts.customer_facts order by md5(customer_id)"
        )
        con.execute("update classification.release_info set run_id = 'another'")
    second = company.publish(threads=2)
    assert second.content == first.content
    assert second.content_hash == first.content_hash
    assert set(first.content) == {"customer_facts", "scheme_cuts"}
    assert first.database.read_bytes() != second.database.read_bytes()


def test_one_changed_amount_changes_the_content_hash(company: Company) -> None:
    first = company.publish()
    company.build(amount="12.5001")
    second = company.publish()
    assert second.content_hash != first.content_hash
    assert second.content["scheme_cuts"] == first.content["scheme_cuts"]


def test_manifest_says_what_the_release_is(company: Company) -> None:
    release = company.publish(audit=lambda database: {"evaluated": 4})
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    assert manifest["release"] == release.id == "2017-12-31T000001-run00001"
    assert manifest["as_of"] == "2017-12-31"
    assert manifest["quality"] == {"warehouse": {"evaluated": 9}, "published": {"evaluated": 4}}
    assert set(manifest["files"]) == {path.name for path in release.path.iterdir()} - {
        "manifest.json"
    }


def test_a_document_lies_in_the_release_and_its_manifest(company: Company) -> None:
    release = company.publish(documents={"model_card.md": "所学\n"})
    assert (release.path / "model_card.md").read_text("utf-8") == "所学\n"
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    assert manifest["files"]["model_card.md"]["bytes"] == 7
    assert "model_card.md" not in {path.name for path in company.publish().path.iterdir()}


def test_every_file_is_read_only_whatever_the_umask(company: Company) -> None:
    before = os.umask(0o077)
    try:
        release = company.publish()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in release.path.iterdir()}
    assert set(modes.values()) == {0o444}
    assert stat.S_IMODE(release.path.stat().st_mode) == 0o755


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_can_read_and_cannot_write(open_folder: Path) -> None:
    Company(open_folder).publish()
    served = open_folder / "releases" / "current" / "customer_tiers.duckdb"
    # Python itself may live where only its owner can enter: first import, then change the user.
    script = (
        "import duckdb, os, sys\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "with duckdb.connect(sys.argv[1], read_only=True) as con:\n"
        "    print(con.execute('select count(*) from customer_facts').fetchone()[0])\n"
        "try:\n    duckdb.connect(sys.argv[1])\n"
        "except duckdb.Error as error:\n    print('Permission denied' in str(error))\n"
    )
    command = [sys.executable, "-c", script, str(served)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.split() == ["3", "True"], done.stderr


def test_every_step_is_reported_in_order_as_it_begins(company: Company) -> None:
    told: list[str] = []
    company.publish(report=told.append)
    steps = [text.partition(": ")[0] for text in told]
    assert list(dict.fromkeys(steps)) == list(STEPS)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (replace(CUSTOMERS, name="absent"), "no table facts.absent"),
        (replace(CUSTOMERS, columns={"segment": "Gone."}), "Missing columns: segment"),
        (replace(CUSTOMERS, key=("customer",)), "Missing columns: customer"),
        (replace(CUSTOMERS, key=()), "every public table needs one"),
        (replace(CUTS, key=("scheme",)), "1 values of its key (scheme)"),
    ],
)
def test_a_table_that_is_not_as_described_is_not_published(
    company: Company, table: PublicTable, complaint: str
) -> None:
    company.publish()
    before = company.served()
    with pytest.raises(PublishError) as refusal:
        company.publish(tables=[CUSTOMERS, table] if table.name != "customer_facts" else [table])
    assert complaint in str(refusal.value)
    assert "`current` was not touched" in refusal.value.__notes__[0]
    assert company.served() == before


def test_a_refused_release_leaves_current_byte_identical(company: Company) -> None:
    company.publish()
    before, ids = company.served(), company.ids()

    def refuse(database: Path) -> None:
        assert read(database, "select count(*) from customer_facts") == [(3,)]
        raise ValueError("gate 3 says no")

    company.build(amount="99.0")
    with pytest.raises(ValueError, match="gate 3 says no"):
        company.publish(audit=refuse)
    assert (company.served(), company.ids()) == (before, ids)
    assert len(list_releases(company.releases)) == 1


def test_a_release_without_its_page_is_none(company: Company) -> None:
    company.publish()
    before, ids = company.served(), company.ids()

    def fail(database: Path, manifest: Mapping[str, object], config: Mapping[str, str]) -> Path:
        assert manifest["release"] == database.parent.name
        raise ValueError("no page")

    with pytest.raises(ValueError, match="no page") as refusal:
        company.publish(write_page=fail)
    assert "`current` was not touched" in refusal.value.__notes__[0]
    assert (company.served(), company.ids()) == (before, ids)


def test_an_audit_that_writes_into_the_release_is_refused(company: Company) -> None:
    with pytest.raises(PublishError, match=r"left notes\.txt in the release"):
        company.publish(audit=lambda database: database.with_name("notes.txt").write_text("x"))


def test_the_warehouse_is_left_as_it_was_and_may_be_published_again(company: Company) -> None:
    company.build()
    before = company.warehouse.read_bytes()
    first = company.publish()
    second = company.publish(tables=[CUSTOMERS, INFO], as_of=date(2018, 1, 1))
    assert company.warehouse.read_bytes() == before
    assert [release.sequence for release in (first, second)] == [1, 2]
    assert not (second.path / "scheme_cuts.parquet").exists()
