"""A department's file holds what its rights name, and nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from small_release import Company

from orchestration.publishing import PublicTable, PublishError, Release

HIDDEN, SHOWN = "hidden-from-marketing", "shown-to-marketing"
CUSTOMER = {"customer_id": "Who."}
TABLES = [
    PublicTable("facts", name, "table", key, f"One row per {name}.", columns)
    for name, key, columns in (
        ("customer_facts", ("customer_id",), CUSTOMER | {"city": "Where it lives."}),
        ("customer_classes", ("customer_id",), CUSTOMER),
        ("class_changes", ("customer_id", "scheme"), CUSTOMER),
        ("scheme_catalogue", ("scheme",), {}),
        ("audiences", ("audience",), {}),
        ("audience_columns", ("audience", "table_name", "column_name"), {}),
    )
]
RIGHTS = [
    ("marketing", "customer_facts", "city", None),
    ("marketing", "customer_classes", "rfm_r", "rfm"),
    ("marketing", "customer_classes", "rfm", "rfm"),
    ("marketing", "class_changes", "to_class", None),
    ("marketing", "scheme_catalogue", "label", None),
    ("finance", "customer_facts", "note", None),
    ("finance", "customer_classes", "credit", "credit"),
    ("finance", "class_changes", "to_class", None),
]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Three customers; the second opted out, of the third nothing is known about it."""
    made = Company(tmp_path)
    with duckdb.connect(made.warehouse) as con:
        con.execute(
            f"""
            create schema facts;
            create table facts.customer_facts as from (values
                ('C1', '{SHOWN}', '{HIDDEN}', false),
                ('C2', 'Harbin', '', true),
                ('C3', 'Xian', '', null)
            ) as facts (customer_id, city, note, is_opted_out);
            create table facts.customer_classes as
            select customer_id, 5 as rfm_r, 'lost' as rfm, 'poor' as credit
            from facts.customer_facts;
            create table facts.class_changes as
            select customer_id, scheme, 'new' as to_class
            from facts.customer_facts cross join (values ('rfm'), ('credit')) as schemes (scheme);
            create table facts.scheme_catalogue as from (values
                ('credit', 'Credit'), ('rfm', 'RFM')
            ) as catalogue (scheme, label);
            create table facts.audiences as from (values
                ('marketing', true), ('finance', false)
            ) as audiences (audience, without_opted_out);
            create table facts.audience_columns (
                audience varchar, table_name varchar, column_name varchar, scheme varchar
            );
            """
        )
    allow(made, RIGHTS)
    return made


def allow(company: Company, rights: Sequence[tuple[str, str, str, str | None]]) -> None:
    with duckdb.connect(company.warehouse) as con:
        con.executemany("insert into facts.audience_columns values (?, ?, ?, ?)", rights)


def read(release: Release, audience: str, sql: str) -> list[tuple[object, ...]]:
    file = release.path / f"audience_{audience}.duckdb"
    with duckdb.connect(file, read_only=True) as con:
        return con.execute(sql).fetchall()


COLUMNS = (
    "select table_name, column_name from duckdb_columns() where not internal"
    " order by table_name, column_index"
)


def test_an_audience_gets_its_columns_and_the_keys_and_no_other(company: Company) -> None:
    release = company.publish(tables=TABLES)
    assert read(release, "marketing", COLUMNS) == [
        ("class_changes", "customer_id"),
        ("class_changes", "scheme"),
        ("class_changes", "to_class"),
        ("customer_classes", "customer_id"),
        ("customer_classes", "rfm_r"),
        ("customer_classes", "rfm"),
        ("customer_facts", "customer_id"),
        ("customer_facts", "city"),
        ("scheme_catalogue", "scheme"),
        ("scheme_catalogue", "label"),
    ]
    assert {path.stem for path in release.path.glob("audience_*.duckdb")} == {
        "audience_marketing",
        "audience_finance",
    }


def test_what_an_audience_may_not_see_is_not_in_the_bytes_of_its_file(company: Company) -> None:
    release = company.publish(tables=TABLES)
    marketing = (release.path / "audience_marketing.duckdb").read_bytes()
    finance = (release.path / "audience_finance.duckdb").read_bytes()
    assert (SHOWN.encode() in marketing, HIDDEN.encode() in marketing) == (True, False)
    assert (SHOWN.encode() in finance, HIDDEN.encode() in finance) == (False, True)


def test_customers_who_opted_out_are_left_out_where_the_audience_says_so(company: Company) -> None:
    release = company.publish(tables=TABLES)
    for table in ("customer_facts", "customer_classes", "class_changes"):
        seen = f"select distinct customer_id from {table} order by all"
        assert read(release, "marketing", seen) == [("C1",), ("C3",)]
        assert read(release, "finance", seen) == [("C1",), ("C2",), ("C3",)]
    assert read(release, "marketing", "select scheme from scheme_catalogue") == [
        ("credit",),
        ("rfm",),
    ]


def test_who_has_left_the_customers_is_left_out_with_those_who_opted_out(company: Company) -> None:
    with duckdb.connect(company.warehouse) as con:
        con.execute("insert into facts.class_changes values ('C0', 'rfm', 'new')")
    release = company.publish(tables=TABLES)
    seen = "select distinct customer_id from class_changes order by all"
    assert read(release, "marketing", seen) == [("C1",), ("C3",)]


def test_changes_of_a_scheme_that_the_audience_does_not_see_are_left_out(company: Company) -> None:
    release = company.publish(tables=TABLES)
    seen = "select distinct scheme from class_changes"
    assert read(release, "marketing", seen) == [("rfm",)]
    assert read(release, "finance", seen) == [("credit",)]


def test_tables_and_columns_carry_their_comments(company: Company) -> None:
    release = company.publish(tables=TABLES)
    tables = "select comment from duckdb_tables() where table_name = 'customer_facts'"
    columns = "select comment from duckdb_columns() where table_name = 'customer_facts'"
    assert read(release, "marketing", tables) == [("One row per customer_facts.",)]
    assert read(release, "marketing", columns) == [("Who.",), ("Where it lives.",)]


def test_the_manifest_lists_each_file_with_its_rows(company: Company) -> None:
    release = company.publish(tables=TABLES)
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    assert manifest["audiences"]["marketing"] == {
        "file": "audience_marketing.duckdb",
        "rows": {
            "class_changes": 2,
            "customer_classes": 2,
            "customer_facts": 2,
            "scheme_catalogue": 2,
        },
    }
    assert manifest["audiences"]["finance"]["rows"]["customer_facts"] == 3
    assert {"audience_marketing.duckdb", "audience_finance.duckdb"} <= set(manifest["files"])


def test_the_rows_of_a_file_stand_in_the_order_of_the_release(company: Company) -> None:
    # Fewer rows stay in order by themselves.
    with duckdb.connect(company.warehouse) as con:
        con.execute(
            "insert into facts.customer_facts"
            " select 'D' || i, 'Xian', '', false from range(300000) as numbers (i) order by hash(i)"
        )
    rows = read(
        company.publish(tables=TABLES), "marketing", "select customer_id from customer_facts"
    )
    assert len(rows) == 300002
    assert rows == sorted(rows)


@pytest.mark.parametrize(
    ("table", "column"),
    [("customer_facts", "ctiy"), ("customer_classes", "pyramidd"), ("customers", "email")],
)
def test_a_right_to_what_is_not_published_stops_the_release(
    company: Company, table: str, column: str
) -> None:
    company.publish(tables=TABLES)
    before = company.served()
    allow(company, [("finance", table, column, None)])
    with pytest.raises(PublishError, match=rf"not published: finance {table}\.{column}\.") as error:
        company.publish(tables=TABLES)
    assert "seed_audience_columns.csv" in str(error.value)
    assert "`current` was not touched" in error.value.__notes__[0]
    assert company.served() == before


def test_an_audience_cannot_write_its_file_elsewhere(company: Company) -> None:
    with duckdb.connect(company.warehouse) as con:
        con.execute("insert into facts.audiences values ('../finance', false)")
    with pytest.raises(PublishError, match=r"'\.\./finance'; its file needs a name"):
        company.publish(tables=TABLES)


def test_a_release_without_rights_has_no_such_file(tmp_path: Path) -> None:
    assert not list(Company(tmp_path).publish().path.glob("audience_*"))
