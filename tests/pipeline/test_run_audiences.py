"""The files of the departments after a run, under the bundled rights."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
from small_company import FIRST_DAY, Listener, SmallCompany

POLICY = """
models:
- name: levels
  config:
    meta:
      schemes:
      - id: level
        kind: ladder
        label: {en: Level, zh: 等级}
        by: net_amount_365d
        classes: [{code: high, en: High, zh: 高, at_least: 100}, {code: low, en: Low, zh: 低}]
"""


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


def test_rights_to_schemes_that_a_policy_does_not_have_are_warned_of_and_bring_nothing(
    company: SmallCompany, tmp_path: Path
) -> None:
    policy = tmp_path / "policy"
    policy.mkdir()
    (policy / "levels.yml").write_text(POLICY, "utf-8")
    (policy / "levels.sql").write_text("{{ classify() }}", "utf-8")
    (policy / "themes.txt").write_text("levels", "utf-8")
    company.settings = replace(company.settings, policy_dir=policy)
    listener = Listener()
    release = company.run(FIRST_DAY + timedelta(1), listener).release
    with duckdb.connect(release.path / "audience_marketing.duckdb", read_only=True) as marketing:
        columns = marketing.execute("describe customer_classes").fetchall()
    assert [column[0] for column in columns] == ["customer_id", "as_of_date"]
    (warning,) = [text for text in listener.said if "every_right_is_to_a_column" in text]
    assert ["customer_classes", "rfm", "3"] in [line.split() for line in warning.splitlines()]
