"""A new scheme needs a block of YAML, and nothing else: it shows wherever schemes show."""

from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from paced_policy import write_paced_policy
from small_company import SmallCompany

from orchestration.instance import open_instance


@pytest.fixture
def paced(company: SmallCompany, tmp_path: Path) -> SmallCompany:
    """A company whose policy has one block more, after a run that knew it."""
    policy = write_paced_policy(tmp_path / "policy")
    company.settings = replace(company.settings, policy_dir=policy)
    company.run()
    return company


def test_a_block_of_yaml_is_a_scheme_everywhere(paced: SmallCompany) -> None:
    with duckdb.connect(paced.settings.served_database, read_only=True) as con:

        def ask(query: str) -> list[tuple[object, ...]]:
            return con.execute(query).fetchall()

        assert ask("select distinct pace from customer_classes order by 1") == [
            ("fast",),
            ("slow",),
        ]
        assert ask("select class_zh from scheme_catalogue where scheme = 'pace' order by position")
        assert ask("select band from scheme_cuts where scheme = 'pace'") == [("top 30%",)]
        assert ask("select dimension from cut_drift where scheme = 'pace'") == [
            ("order_count_90d",)
        ]
        counted = "select sum(customers) from scheme_distribution where scheme = 'pace'"
        assert ask(counted) == ask("select count(*) from customer_facts where order_count > 0")
        assert ask("select count(pace) from class_history") != [(0,)]
        reasons = "select count(*), count(reason_en), count(reason_zh) from customer_class_reasons"
        explained = ask(f"{reasons} where scheme = 'pace'")
        assert explained == ask(
            "select count(pace), count(pace), count(pace) from customer_classes"
        )
    with open_instance(paced.settings) as instance:
        history = dg.AssetKey(["classification", "history"])
        event = instance.get_latest_materialization_event(history)
        assert event
        assert event.asset_materialization
        shown = event.asset_materialization.metadata["schemes"]
        assert isinstance(shown, dg.TableMetadataValue)
        assert "pace" in {record.data["scheme"] for record in shown.records}
