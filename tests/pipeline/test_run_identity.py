"""A merge is published by the next run, and is as if it had never been once it is taken back."""

import duckdb
from small_company import SmallCompany

PUBLISHED = ("customer_facts.parquet", "customer_classes.parquet")
HEADER = "customer_id,into_customer_id,approved_by,approved_at,is_deleted\n"


def publish(company: SmallCompany, merges: str) -> dict[str, str]:
    """Run with one more state of the file of merges; the hashes of what is published."""
    (company.folder / "merges.csv").write_text(HEADER + merges, "utf-8")
    assert company.run().release.is_current
    return {name: company.served()[name] for name in PUBLISHED}


def customers(company: SmallCompany) -> dict[str, int]:
    """Published customers, with the number of their orders."""
    release = company.settings.releases / "current" / "customer_tiers.duckdb"
    with duckdb.connect(release, read_only=True) as con:
        rows = con.execute("select customer_id, order_count from customer_facts").fetchall()
    return dict(rows)


def test_customers_are_one_until_the_approval_is_taken_back(company: SmallCompany) -> None:
    before = {name: company.served()[name] for name in PUBLISHED}
    apart = customers(company)
    sources = {"orders": "orders_*.csv", "customer_merges": "merges.csv"}
    tables = {name: [{"from": "files", "path": path}] for name, path in sources.items()}
    company.describe(tables=tables, identity={"match": ["phone"], "phone_region": "CN"})

    assert publish(company, "c02,c01,ann,2024-05-25,\n") != before
    together = customers(company)
    assert together == {
        customer: count + (apart["c02"] if customer == "c01" else 0)
        for customer, count in apart.items()
        if customer != "c02"
    }

    assert publish(company, "c02,c01,ann,2024-05-25,yes\n") == before
