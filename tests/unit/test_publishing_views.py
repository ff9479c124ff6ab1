"""A view is published as SQL over the published tables, and over nothing else."""

import json
from pathlib import Path

import duckdb
import pytest
from small_release import CUSTOMERS, CUTS, INFO, Company

from orchestration.publishing import PublicTable, PublishError

SPENDERS = PublicTable(
    schema="classification",
    name="spenders",
    kind="view",
    key=("customer_id",),
    description="One row per customer who spends.",
    columns={"customer_id": "Who.", "said": "In words."},
)
ALL = (CUSTOMERS, SPENDERS, CUTS, INFO)
QUERY = """
with facts as (select * from warehouse.facts.customer_facts),
    cuts as (select count(*) as cuts from classification.scheme_cuts)
select customer_id, customer_id || '：“facts.customer_facts”' as said, cuts
from facts cross join cuts where net_amount > 13
"""


@pytest.fixture
def company(tmp_path: Path) -> Company:
    company = Company(tmp_path)
    company.build()
    return company


def define(company: Company, query: str) -> None:
    """Make the view in the warehouse."""
    with duckdb.connect(company.warehouse) as con:
        con.execute(f"create or replace view classification.spenders as {query}")


def test_a_view_shows_what_it_shows_in_the_warehouse(company: Company) -> None:
    define(company, QUERY)
    release = company.publish(tables=ALL)
    expected = [("C1", "C1：“facts.customer_facts”", 3), ("C2", "C2：“facts.customer_facts”", 3)]
    for name in ("release", "any_name"):
        with duckdb.connect() as con:
            con.execute(f"attach '{release.database}' as {name} (read_only)")
            assert con.execute(f"from {name}.main.spenders order by all").fetchall() == expected


def test_a_view_has_comments_but_no_file_no_rows_and_no_hash(company: Company) -> None:
    without = company.publish()
    define(company, QUERY)
    release = company.publish(tables=ALL)
    assert release.views == ("spenders",)
    assert json.loads((release.path / "manifest.json").read_text("utf-8"))["views"] == ["spenders"]
    assert "spenders" not in release.rows
    assert not (release.path / "spenders.parquet").exists()
    assert release.content == without.content
    with duckdb.connect(release.database, read_only=True) as con:
        told = con.execute("select comment from duckdb_views() where not internal").fetchall()
        columns = con.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'spenders'"
        ).fetchall()
    assert told == [("One row per customer who spends.",)]
    assert columns == [("customer_id", "Who."), ("said", "In words."), ("cuts", None)]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select customer_id, '' as said from classification.secrets", "classification.secrets"),
        (
            "select customer_id, '' as said from facts.customer_facts"
            " where customer_id in (select customer_id from classification.secrets)",
            "classification.secrets",
        ),
        ("select customer_id, said from read_csv('{csv}')", "function"),
    ],
)
def test_a_view_of_what_is_not_published_is_refused(
    company: Company, tmp_path: Path, query: str, told: str
) -> None:
    (tmp_path / "people.csv").write_text("customer_id,said\nC1,secret\n", "utf-8")
    with duckdb.connect(company.warehouse) as con:
        con.execute("create table classification.secrets as select 'C1' as customer_id")
    define(company, query.format(csv=tmp_path / "people.csv"))
    with pytest.raises(PublishError, match=told):
        company.publish(tables=ALL)
    assert not (company.releases / "current").exists()


def test_a_view_that_the_warehouse_lacks_is_refused(company: Company) -> None:
    with duckdb.connect(company.warehouse) as con:
        con.execute(f"create table classification.spenders as {QUERY}")
    with pytest.raises(PublishError, match="no such view"):
        company.publish(tables=ALL)
