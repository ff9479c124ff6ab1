"""dbt projects with no more than a policy and the columns of customer_facts."""

import shutil
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from orchestration.policy import Policy, PolicyError, fact_columns, load_policy


class PolicyProject:
    """A project in a folder; every theme that is written is switched on, in that order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policy = folder / "policy"
        self.policy.mkdir(parents=True)
        facts = folder / "models" / "facts" / "customer_facts.yml"
        facts.parent.mkdir(parents=True)
        facts.write_text(described_facts(), "utf-8")
        self.themes: list[str] = []

    def add(self, file: Path) -> None:
        """Take a policy file over as it is."""
        shutil.copyfile(file, self.policy / file.name)
        self._switch_on(file.stem)

    def write(self, theme: str, meta: str) -> None:
        """Write a theme whose `config.meta` is this YAML."""
        content = {"name": theme, "config": {"meta": yaml.safe_load(meta)}}
        text = yaml.safe_dump({"models": [content]}, allow_unicode=True, sort_keys=False)
        (self.policy / f"{theme}.yml").write_text(text, "utf-8")
        self._switch_on(theme)

    def load(self) -> Policy:
        (self.folder / "dbt_project.yml").write_text(
            yaml.safe_dump({"vars": {"themes": self.themes}}), "utf-8"
        )
        return load_policy(self.policy, self.folder)

    def refusals(self) -> list[str]:
        """Its problems, with paths from the policy's folder."""
        with pytest.raises(PolicyError) as refused:
            self.load()
        return [told.replace(f"{self.policy}/", "") for told in refused.value.problems]

    def _switch_on(self, theme: str) -> None:
        (self.policy / f"{theme}.sql").write_text("{{ classify() }}\n", "utf-8")
        self.themes.append(theme)


@lru_cache
def described_facts() -> str:
    """The columns of customer_facts with their types, and nothing else of what its file says."""
    columns = [{"name": name, "data_type": kind} for name, kind in sorted(fact_columns().items())]
    return yaml.safe_dump({"models": [{"columns": columns}]}, default_flow_style=True)
