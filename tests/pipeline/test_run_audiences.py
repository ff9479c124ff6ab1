"""The files of the departments after a run, under the bundled rights."""

import duckdb
from small_company import SmallCompany


def test_a_scheme_brings_all_of_its_columns_and_no_other_scheme_comes_along(
    first_run: SmallCompany,
) -> None:
    folder = first_run.settings.served_database.parent
    columns = "select column_name from (describe customer_classes)"
    with duckdb.connect(folder / "audience_finance.duckdb", read_only=True) as finance:
        seen = {name for (name,) in finance.execute(columns).fetchall()}
    with duckdb.connect(folder / "audience_marketing.duckdb", read_only=True) as marketing:
        more = {name for (name,) in marketing.execute(columns).fetchall()}
    assert {"customer_id", "as_of_date", "pyramid"} <= seen & more
    assert {"rfm", "rfm_r", "rfm_f", "rfm_m", "rfm_score"} <= more
    assert not {name for name in seen if name.startswith("rfm")}


def test_a_scheme_that_is_off_or_sensitive_brings_nothing(first_run: SmallCompany) -> None:
    with duckdb.connect(first_run.settings.served_database, read_only=True) as release:
        shared, allowed, off = (
            {
                scheme
                for (scheme,) in release.execute(f"select distinct scheme from {rows}").fetchall()
            }
            for rows in (
                "audience_columns where scheme is not null",
                "scheme_catalogue where enabled and not sensitive",
                "scheme_catalogue where not enabled or sensitive",
            )
        )
    assert shared <= allowed
    assert "bank_wealth" in off
