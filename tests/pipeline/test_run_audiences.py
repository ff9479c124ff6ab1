"""The files of the departments, under the bundled rights, and what gate 2 warns a policy of."""

from dataclasses import replace

import duckdb
import pytest
from small_company import NEXT_DAY, Listener, SmallCompany

from orchestration.publishing import Release

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
PLAYBOOK = """\
scheme,class_code,action_en,action_zh,channel,service_level,owner,budget_per_customer
level,high,Thank them,致谢,phone,standard,membership_manager,5
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


@pytest.fixture(scope="module")
def levels(
    first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Release, Listener]:
    """What a run published under a policy of one scheme, and what it said."""
    folder = tmp_path_factory.mktemp("levels")
    policy = folder / "policy"
    policy.mkdir()
    (policy / "levels.yml").write_text(POLICY, "utf-8")
    (policy / "levels.sql").write_text("{{ classify() }}", "utf-8")
    (policy / "themes.txt").write_text("levels", "utf-8")
    (policy / "seed_tier_playbook.csv").write_text(PLAYBOOK, "utf-8")
    company = first_run.copy(folder)
    company.settings = replace(company.settings, policy_dir=policy)
    listener = Listener()
    return company.run(NEXT_DAY, listener).release, listener


def test_rights_to_schemes_that_a_policy_does_not_have_are_warned_of_and_bring_nothing(
    levels: tuple[Release, Listener],
) -> None:
    release, listener = levels
    with duckdb.connect(release.path / "audience_marketing.duckdb", read_only=True) as marketing:
        columns = marketing.execute("describe customer_classes").fetchall()
    assert [column[0] for column in columns] == ["customer_id", "as_of_date"]
    (warning,) = [text for text in listener.said if "every_right_is_to_a_column" in text]
    assert ["customer_classes", "rfm", "3"] in [line.split() for line in warning.splitlines()]


def test_gate_2_warns_of_the_classes_that_nobody_owns(levels: tuple[Release, Listener]) -> None:
    """By the playbook beside the policy: in the bundled one no class of this policy stands."""
    _, listener = levels
    (warning,) = [text for text in listener.said if "every_class_has_an_owner" in text]
    told = [line.split() for line in warning.splitlines()]
    assert ["level", "low"] in told and ["level", "high"] not in told
    assert "seed_tier_playbook.csv" in warning
