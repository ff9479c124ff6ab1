"""A fitted model alone gives no class to a customer who opted out; a person may."""

import shutil
from dataclasses import replace

import duckdb
import pytest
from small_company import FIRST_DAY, SmallCompany

from orchestration.building import build_warehouse
from orchestration.inputs import register_inputs
from orchestration.policy import load_policy
from orchestration.settings import DBT_PROJECT
from orchestration.sources.source_file import load_source_file

pytestmark = pytest.mark.slow
THEME = """
models:
- name: trial
  config:
    meta:
      metrics: {risk: "100 * churn_probability", twice: "2 * risk", busy: "risk + order_count"}
      schemes:
      - id: leaving
        kind: ladder
        label: {en: Leaving, zh: 流失}
        population: order_count > 0
        by: twice
        declared: {days: 90}
        classes:
        - {code: soon, en: Soon, zh: 很快, at_least: 100}
        - {code: late, en: Late, zh: 以后}
      - id: care
        kind: rules
        label: {en: Care, zh: 关怀}
        classes:
        - {code: call, en: Call, zh: 联系, when: "leaving = 'soon' or segment_code = 'region'"}
        - {code: wait, en: Wait, zh: 等待, otherwise: true}
      - id: mixed
        kind: ladder
        label: {en: Mixed, zh: 混合}
        by: busy
        classes:
        - {code: high, en: High, zh: 高, at_least: 1}
        - {code: low, en: Low, zh: 低}
"""
Classes = dict[str, tuple[str | None, ...]]
CLASSED = "select customer_id, leaving, care, mixed from classification.trial order by customer_id"


@pytest.fixture(scope="module")
def classed(first_run: SmallCompany, tmp_path_factory: pytest.TempPathFactory) -> Classes:
    """The classes of three customers: one opted out and is declared, one opted out, one did not.

    The columns of a model, and the metrics of them, are NULL while nobody fits one. So a model
    stands in behind the views that dbt made of the policy.
    """
    folder = tmp_path_factory.mktemp("model")
    company = first_run.copy(folder)
    policy = shutil.copytree(DBT_PROJECT / "policy", folder / "policy")
    (policy / "trial.yml").write_text(THEME, "utf-8")
    (policy / "trial.sql").write_text("{{ classify() }}", "utf-8")
    (policy / "themes.txt").write_text("value\ntrial", "utf-8")
    (policy / "value.yml").write_text(
        THEME.replace("name: trial", "name: value").partition("      metrics")[0]
        + "      schemes: [{id: place, kind: attribute, label: {en: P, zh: 地}, by: city}]\n",
        "utf-8",
    )
    settings = replace(company.settings, policy_dir=policy)
    source = load_source_file(settings.sources)
    register_inputs(settings, source, load_policy(policy), as_of=FIRST_DAY, run_id="trial")
    build_warehouse(settings, tests=False)
    with duckdb.connect(settings.warehouse) as con:
        con.execute(
            "create table classification.stand_in as"
            " select * replace (0.9 as churn_probability, 'region' as segment_code,"
            " 180 as twice, 101 as busy,"
            " customer_id in ('c01', 'c02') as is_opted_out,"
            " case when customer_id = 'c01' then 'late' end as leaving__declared)"
            " from classification.customer_inputs where customer_id <= 'c03';"
            "drop view classification.customer_inputs;"
            "alter table classification.stand_in rename to customer_inputs"
        )
        listed = con.execute(
            "select distinct scheme from policy.catalogue where enabled and is_from_model_alone"
        ).fetchall()
        assert sorted(listed) == [("care",), ("leaving",)]
        return {row[0]: row[1:] for row in con.execute(CLASSED).fetchall()}


def test_who_opted_out_gets_no_class_of_a_model_directly_or_through_others(
    classed: Classes,
) -> None:
    assert classed["c02"][:2] == (None, None)
    assert classed["c03"][:2] == ("soon", "call")


def test_a_declared_class_of_who_opted_out_counts(classed: Classes) -> None:
    assert classed["c01"][:2] == ("late", None)


def test_a_scheme_that_asks_for_more_than_a_model_classes_everybody(
    classed: Classes,
) -> None:
    assert {classes[2] for classes in classed.values()} == {"high"}


def test_of_the_bundled_schemes_those_of_one_theme_are_left_to_a_model_and_it_is_off() -> None:
    rows = load_policy(DBT_PROJECT / "policy").catalogue()
    left = {(row["theme"], row["enabled"]) for row in rows if row["is_from_model_alone"]}
    assert left == {("predicted", False)}
