"""A policy outside the clone is linked into a project of its own."""

from pathlib import Path

from orchestration.dbt_project import dbt_project
from orchestration.settings import DBT_PROJECT, Settings


def test_the_bundled_policy_is_built_in_the_clone(tmp_path: Path) -> None:
    assert dbt_project(Settings(home=tmp_path)) == DBT_PROJECT


def test_another_policy_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    policies = [tmp_path / "one", tmp_path / "two"]
    for policy in policies:
        policy.mkdir()
        project = dbt_project(Settings(home=tmp_path / "home", policy_dir=policy))
        assert (project / "policy").resolve() == policy
        assert (project / "models").resolve() == DBT_PROJECT / "models"
        assert not (project / "target").exists()
