"""A policy outside the clone is linked into a project of its own."""

from pathlib import Path

import yaml

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


def test_a_seed_beside_another_policy_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", policy_dir=tmp_path / "policy")
    settings.policy_dir.mkdir()
    own = settings.policy_dir / "seed_tier_playbook.csv"
    own.write_text("scheme,class_code\n", "utf-8")
    (settings.policy_dir / "customers.csv").write_text("customer_id\n", "utf-8")
    seeds = dbt_project(settings) / "seeds"
    bundled = DBT_PROJECT / "seeds"
    assert {path.name for path in seeds.iterdir()} == {path.name for path in bundled.iterdir()}
    assert (seeds / own.name).resolve() == own
    assert (seeds / "seed_positions.csv").resolve() == bundled / "seed_positions.csv"

    own.unlink()
    assert (dbt_project(settings) / "seeds" / own.name).resolve() == bundled / own.name


def test_a_policy_elsewhere_says_beside_it_which_themes_are_on(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", policy_dir=tmp_path / "policy")
    settings.policy_dir.mkdir()
    bundled = (DBT_PROJECT / "dbt_project.yml").read_text("utf-8")
    themes = settings.policy_dir / "themes.txt"
    themes.write_text("behaviour\nindustry_bank\n", "utf-8")

    def switched_on() -> object:
        config = (dbt_project(settings) / "dbt_project.yml").read_text("utf-8")
        return yaml.safe_load(config)["vars"]["themes"]

    assert switched_on() == ["behaviour", "industry_bank"]
    themes.unlink()
    assert switched_on() == yaml.safe_load(bundled)["vars"]["themes"]
    themes.write_text("value\n", "utf-8")
    assert switched_on() == ["value"]
    assert (DBT_PROJECT / "dbt_project.yml").read_text("utf-8") == bundled
